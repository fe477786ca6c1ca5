"""Telling one target: when it is tried again, when it is given up, and that nothing is lost on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from config.alerts import NotifyTarget
from detect.notify.delivery import FIRST_PAUSE_S, GIVE_UP_S, LONGEST_PAUSE_S, LOOK_EVERY_S, Delivery, sender_of
from detect.notify.outcome import TOLD, Outcome
from store.alerts.notice_queue import NoticeQueue
from store.errors import StoreError
from store.store import Store
from tests.events import SECOND, open_store
from tests.listening import listening
from tests.notices import NOW, notice, queue, rows

TARGET = NotifyTarget(command=("page",), level="low")
ROOT = Path(__file__).resolve().parents[2]


class Told:
    """A target that answers as it is told, over a store whose clock is moved by hand."""

    def __init__(self, store: Store, *outcomes: Outcome, chance: float = 1.0) -> None:
        """Answer with these outcomes in turn, and with success when there are no more."""
        self.now = NOW
        self.payloads: list[str] = []
        self.outcomes = list(outcomes)
        self.queue = NoticeQueue(store)
        self.delivery = Delivery(TARGET, self.queue, self._send, clock=lambda: self.now, chance=lambda: chance)

    def _send(self, payload: str) -> Outcome:
        self.payloads.append(payload)
        return self.outcomes.pop(0) if self.outcomes else TOLD

    def all_due(self) -> None:
        """Tell everything that can be told now."""
        while self.delivery.step() == 0.0:
            pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_what_is_due_is_told_in_order_and_written_down(store: Store) -> None:
    queue(store, TARGET, [notice(1), notice(2)])
    told = Told(store)
    told.all_due()
    assert [orjson.loads(payload)["alert"] for payload in told.payloads] == [1, 2]
    assert rows(store, "ok", "done_us", "tries", "error") == [(1, NOW, 1, None)] * 2
    assert told.delivery.step() == LOOK_EVERY_S


def test_a_summary_is_told_when_its_minute_is_over(store: Store) -> None:
    queue(store, TARGET, [notice(number) for number in range(1, 13)])
    told = Told(store)
    told.all_due()
    assert len(told.payloads) == 10
    told.now += 60 * SECOND
    told.all_due()
    assert orjson.loads(told.payloads[-1])["text"] == "2 more alerts, worst high"


def test_after_a_failure_the_target_rests_longer_and_longer(store: Store) -> None:
    queue(store, TARGET, [notice(1)])
    told = Told(store, *[Outcome("refused")] * 12)
    pauses: list[float] = []
    for _ in range(12):
        told.all_due()
        (next_us,) = rows(store, "next_us")[0]
        pauses.append((next_us - told.now) / SECOND)
        told.now = next_us - 1
        assert 0 < told.delivery.step() <= LOOK_EVERY_S  # not a moment too early
        told.now = next_us
    assert pauses == [min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**number) for number in range(12)]
    assert rows(store, "tries", "error", "done_us") == [(12, "refused", None)]
    told.all_due()
    assert rows(store, "tries", "ok", "error") == [(13, 1, None)]


def test_half_of_a_pause_is_chance(store: Store) -> None:
    queue(store, TARGET, [notice(1)])
    Told(store, Outcome("refused"), chance=0.0).all_due()
    assert rows(store, "next_us") == [(NOW + int(FIRST_PAUSE_S / 2 * SECOND),)]


def test_a_resting_target_is_not_tried_with_what_else_waits(store: Store) -> None:
    queue(store, TARGET, [notice(1), notice(2)])
    told = Told(store, Outcome("refused"))
    told.all_due()
    assert rows(store, "tries") == [(1,), (0,)]
    told.now += int(FIRST_PAUSE_S * SECOND)
    told.all_due()
    assert rows(store, "tries", "ok") == [(2, 1), (1, 1)]


def test_a_clock_that_is_set_back_ends_a_rest(store: Store) -> None:
    told = Told(store, Outcome("refused"))
    queue(store, TARGET, [notice(1)], NOW)
    told.now += 400 * int(GIVE_UP_S) * SECOND
    told.all_due()
    queue(store, TARGET, [notice(2)], NOW)
    told.now = NOW
    told.all_due()
    assert rows(store, "ok") == [(0,), (1,)]


@pytest.mark.parametrize(("asked_s", "pause_s"), [(1.0, FIRST_PAUSE_S), (7_200.0, 7_200.0), (1e18, None)])
def test_the_other_side_may_ask_for_a_longer_rest(store: Store, asked_s: float, pause_s: float | None) -> None:
    queue(store, TARGET, [notice(1)])
    told = Told(store, Outcome("the address answered 429", wait_s=asked_s))
    told.all_due()
    next_us = NOW + int((GIVE_UP_S if pause_s is None else pause_s) * SECOND)
    assert rows(store, "next_us", "done_us") == [(next_us, None)]


def test_what_is_final_is_given_up_at_once_with_the_reason(store: Store) -> None:
    queue(store, TARGET, [notice(1), notice(2)])
    told = Told(store, Outcome("the address answered 404", for_good=True))
    told.all_due()
    told.now += SECOND
    told.all_due()
    assert rows(store, "ok", "tries", "error") == [(0, 1, "the address answered 404"), (1, 1, None)]


def test_after_a_day_nothing_is_tried_any_more(store: Store) -> None:
    queue(store, TARGET, [notice(1), notice(2)])
    queue(store, TARGET, [notice(3)], NOW + int(GIVE_UP_S) * SECOND)
    told = Told(store, Outcome("refused"))
    told.now += int(GIVE_UP_S) * SECOND
    told.all_due()
    given_up = "refused; given up after a day"
    assert rows(store, "done_us", "tries", "error") == [
        (told.now, 1, given_up),
        (told.now, 0, given_up),
        (None, 0, None),
    ]


def test_what_waited_long_for_somebody_to_tell_it_is_told(store: Store) -> None:
    queue(store, TARGET, [notice(1)])
    told = Told(store)
    told.now += 5 * int(GIVE_UP_S) * SECOND
    told.all_due()
    assert rows(store, "ok") == [(1,)]


def test_what_could_not_be_written_down_is_written_later_and_told_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(store, TARGET, [notice(1)])
    told = Told(store)

    def full(*_: object) -> None:
        raise StoreError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(told.queue, "told", full)
        for _ in range(3):
            with pytest.raises(StoreError):
                told.delivery.step()
            told.now += 1_000 * SECOND
    told.all_due()
    assert len(told.payloads) == 1
    assert rows(store, "ok", "tries") == [(1, 1)]


def test_a_real_address_that_fails_once_is_told_in_the_second_try(store: Store) -> None:
    with listening((500, {})) as server:
        target = NotifyTarget(webhook=server.address())
        queue(store, target, [notice(1)])
        now = [NOW]
        delivery = Delivery(target, NoticeQueue(store), sender_of(target), clock=lambda: now[0], chance=lambda: 1.0)
        assert delivery.step() == 0.0
        assert rows(store, "ok", "error") == [(0, "the address answered 500")]
        now[0] += int(FIRST_PAUSE_S) * SECOND
        assert delivery.step() == 0.0
        assert [orjson.loads(posted.body)["alert"] for posted in server.posted] == [1, 1]
    assert rows(store, "ok", "tries", "error") == [(1, 2, None)]


def _killed(words: str, store: Path) -> None:
    """Run words in a process of its own that is killed as soon as it says that it got so far."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", words, str(store)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)


_QUEUED = """
import sys, time
from pathlib import Path
from store.store import Store
from tests.notices import NOW, SECOND, notice, queue
from tests.unit.test_notify_delivery import TARGET
store = Store.open(Path(sys.argv[1]))
queue(store, TARGET, [notice(1), notice(2)])
"""
_TAKEN = """
from store.alerts.notice_queue import NoticeQueue
NoticeQueue(store).take(TARGET.identity, NOW, NOW + 70 * SECOND)
"""
_SAY = "print('now', flush=True); time.sleep(600)\n"


@pytest.mark.parametrize(
    ("words", "told_late"), [(_QUEUED + _SAY, 0), (_QUEUED + _TAKEN + _SAY, 1)], ids=["queued", "taken"]
)
def test_a_crash_loses_nothing(tmp_path: Path, words: str, told_late: int) -> None:
    _killed(words, tmp_path / "events.db")
    with open_store(tmp_path) as store:
        told = Told(store)
        told.all_due()
        assert len(told.payloads) == 2 - told_late
        told.now += 70 * SECOND
        told.all_due()
        assert sorted(orjson.loads(payload)["alert"] for payload in told.payloads) == [1, 2]
        assert rows(store, "ok") == [(1,), (1,)]


def test_two_at_once_tell_everything_once(tmp_path: Path, store: Store) -> None:
    queue(store, TARGET, [notice(number) for number in range(1, 11)])
    with open_store(tmp_path) as other:
        both = [Told(store), Told(other)]
        threads = [threading.Thread(target=one.all_due) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    alerts = [orjson.loads(payload)["alert"] for one in both for payload in one.payloads]
    assert sorted(alerts) == list(range(1, 11))
    assert rows(store, "ok", "tries") == [(1, 1)] * 10
