"""The threads that tell people of alerts beside a scanner: they begin, tell, end soon, and never stand in its way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from config.alerts import DetectionSettings, NotifyTarget
from ingest.telling import Telling, telling
from store.alerts.notice_queue import GONE_TARGET
from store.clock import now_us
from store.store import Store
from tests.events import open_store
from tests.listening import listening
from tests.notices import notice, queue, rows

LONG_S = 60.0
"""For so long a test waits for what comes at once."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_what_waits_is_told_and_written_down(store: Store) -> None:
    asked = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(204)
        handler.end_headers()
        asked.set()

    with listening(answer) as server:
        target = NotifyTarget(webhook=server.address())
        queue(store, target, [notice(1)], now_us())
        teller = Telling(store.path, [target])
        teller.start()
        assert asked.wait(LONG_S)
        teller.close(LONG_S)
    assert rows(store, "ok", "tries") == [(1, 1)]


def test_what_is_due_at_the_end_is_told_before_it(store: Store, tmp_path: Path) -> None:
    target = NotifyTarget(command=("/bin/sh", "-c", f"cat >> '{tmp_path}/told'; echo >> '{tmp_path}/told'"))
    queue(store, target, [notice(1), notice(2), notice(3)], now_us())
    teller = Telling(store.path, [target])
    teller.start()
    teller.close(LONG_S)
    assert rows(store, "ok", "tries") == [(1, 1)] * 3
    assert (tmp_path / "told").read_text().count('"kind":"alert"') == 3


def test_a_slow_address_holds_nobody_up(store: Store) -> None:
    asked, over = threading.Event(), threading.Event()

    def dawdle(_handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        over.wait(LONG_S)

    with listening(dawdle) as server:
        slow, fast = NotifyTarget(webhook=server.address(), timeout_s=300), NotifyTarget(command=("true",))
        for target in (slow, fast):
            queue(store, target, [notice(1)], now_us())
        teller = Telling(store.path, [slow, fast])
        teller.start()
        assert asked.wait(LONG_S)
        teller.close(0.5)
        assert rows(store, "ok", "done_us")[0] == (0, None)  # whoever reads next tells it
        over.set()


def test_with_nobody_to_tell_what_waits_is_given_up(store: Store) -> None:
    queue(store, NotifyTarget(command=("gone",)), [notice(1)], now_us())
    with telling(store, DetectionSettings()):
        assert rows(store, "ok", "error") == [(0, GONE_TARGET)]


def test_where_nothing_is_looked_for_what_waits_goes_on_waiting(store: Store) -> None:
    queue(store, NotifyTarget(command=("true",)), [notice(1)], now_us())
    with telling(store, None):
        assert rows(store, "done_us") == [(None,)]


def test_the_end_of_the_block_waits_for_what_is_due(store: Store) -> None:
    target = NotifyTarget(command=("true",))
    with telling(store, DetectionSettings(notify=(target,))):
        queue(store, target, [notice(1)], now_us())
    assert rows(store, "ok") == [(1,)]


def test_without_a_store_it_waits_for_one_and_still_ends(tmp_path: Path) -> None:
    teller = Telling(tmp_path / "none.db", [NotifyTarget(command=("true",))])
    teller.start()
    teller.close(LONG_S)
    assert not (tmp_path / "none.db").exists()
