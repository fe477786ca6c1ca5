"""What is queued when alerts open: for whom, what is said, and how little of it in a flood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.alerts import NotifyTarget
from store.alerts.notice_queue import DECIDED, GONE_TARGET, NoticeQueue
from store.alerts.notices import MOST_A_MINUTE, queue_notices
from store.alerts.states import STATES, AlertState, Level
from store.store import Store
from tests.events import SECOND, open_store
from tests.notices import NOW, notice, payloads, queue, rows

PAGER = NotifyTarget(command=("page",), level="low")
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_everything_that_will_be_said_is_there(store: Store) -> None:
    queue(store, PAGER, [notice()])
    assert payloads(store) == [
        {
            "version": 1,
            "kind": "alert",
            "text": "[high] Password guessing: alert 118, 7 events",
            "alert": 118,
            "again": False,
            "rule": {"id": "3f1a", "name": "password_guessing", "title": "Password guessing", "level": "high"},
            "explanation": "7 failed logins in 2 min",
            "agent": "portal",
            "user": "alice",
            "tenant": None,
            "count": 7,
            "first": "2026-11-22T14:02:06Z",
            "last": "2026-11-22T14:03:36Z",
        }
    ]
    assert rows(store, "alert_id", "target", "label", "next_us", "tries") == [(118, PAGER.identity, "page", NOW, 0)]


def test_each_target_is_told_from_its_level_on(store: Store) -> None:
    severe = NotifyTarget(webhook="https://a.example/x", level="critical")
    with store.writing() as connection:
        found = [notice(1, Level.INFORMATIONAL), notice(2, Level.LOW), notice(3, Level.CRITICAL)]
        assert queue_notices(connection, [PAGER, severe], found, NOW) == 3
    assert rows(store, "alert_id", "label") == [(2, "page"), (3, "page"), (3, "a.example")]


HOSTILE = "\x1b]0;evil\x07 \u202egnp.exe \ud800 <!channel>\n" + "x" * 5_000


def test_text_of_events_is_harmless_and_short(store: Store) -> None:
    queue(store, PAGER, [notice(explanation=HOSTILE, agent=HOSTILE, user=HOSTILE, tenant=HOSTILE, title="T")])
    (said,) = payloads(store)
    assert said["explanation"].startswith("␛]0;evil␇ ‹202e›gnp.exe ‹d800› <!channel>␊xxx")
    assert len(said["explanation"]) == 2_000
    assert [len(said[who]) for who in ("agent", "user", "tenant")] == [256] * 3
    assert all(said[who].endswith("x…") for who in ("agent", "user", "tenant"))
    # What a chat may read commands from holds no text of events at all.
    assert said["text"] == "[high] T: alert 118, 7 events"


def test_a_flood_is_told_one_by_one_only_to_a_limit_and_then_summed_up(store: Store) -> None:
    flood = [notice(number, Level.MEDIUM) for number in range(1, 1_001)]
    queue(store, PAGER, flood[:4])
    queue(store, PAGER, flood[4:500], NOW + 10 * SECOND)
    queue(store, PAGER, [*flood[500:], notice(5_000, Level.CRITICAL, rule="other")], NOW + 59 * SECOND)
    *single, summary = payloads(store)
    assert [said["alert"] for said in single] == list(range(1, MOST_A_MINUTE + 1))
    assert summary == {
        "version": 1,
        "kind": "summary",
        "text": "991 more alerts, worst critical",
        "alerts": 991,
        "worst": "critical",
        "rules": [{"name": "password_guessing", "alerts": 990}, {"name": "other", "alerts": 1}],
        "other_rules": 0,
        "first_alerts": list(range(11, 111)),
    }
    assert rows(store, "summed", "next_us")[-1] == (991, NOW + MINUTE)


def test_a_summary_names_the_rules_it_has_room_for(store: Store) -> None:
    queue(store, PAGER, [notice(number, rule=f"rule_{number}") for number in range(1, 26)])
    summary = payloads(store)[-1]
    assert (len(summary["rules"]), summary["other_rules"], summary["alerts"]) == (10, 5, 15)
    queue(store, PAGER, [notice(99, rule="rule_11"), notice(100, rule="rule_25")], NOW + 1)
    summary = payloads(store)[-1]
    assert summary["rules"][0] == {"name": "rule_11", "alerts": 2}
    assert (summary["other_rules"], summary["alerts"]) == (6, 17)


def test_the_next_minute_begins_anew_and_leaves_the_last_summary_alone(store: Store) -> None:
    queue(store, PAGER, [notice(number) for number in range(1, 13)])
    queue(store, PAGER, [notice(20)], NOW + MINUTE)
    queue(store, PAGER, [notice(number) for number in range(21, 41)], NOW + MINUTE)
    assert [said["alerts"] for said in payloads(store) if said["kind"] == "summary"] == [2, 11]


def test_a_summary_that_was_tried_does_not_grow_any_more(store: Store) -> None:
    queue(store, PAGER, [notice(number) for number in range(1, 13)])
    waiting = NoticeQueue(store)
    while waiting.take(PAGER.identity, NOW + MINUTE, NOW + 2 * MINUTE) is not None:
        pass
    queue(store, PAGER, [notice(50)], NOW + 59 * SECOND)  # its clock was behind
    assert [said["alerts"] for said in payloads(store) if said["kind"] == "summary"] == [2, 1]


def test_what_one_has_taken_no_other_has_until_its_time_is_over(tmp_path: Path, store: Store) -> None:
    queue(store, PAGER, [notice(1), notice(2)])
    with open_store(tmp_path) as other:
        here, there = NoticeQueue(store), NoticeQueue(other)
        first = here.take(PAGER.identity, NOW, NOW + MINUTE)
        second = there.take(PAGER.identity, NOW, NOW + MINUTE)
        assert first is not None
        assert second is not None
        assert (first.id, second.id) == (1, 2)
        assert there.take(PAGER.identity, NOW + MINUTE - 1, NOW + 9 * MINUTE) is None
        again = there.take(PAGER.identity, NOW + MINUTE, NOW + 9 * MINUTE)
        assert again is not None
        assert (again.id, again.tries) == (1, 2)
        here.put_off(first, NOW, 1, "too late: it is not ours any more")
        assert rows(store, "next_us", "error")[0] == (NOW + 9 * MINUTE, None)
        here.told(first, NOW + MINUTE, 12)  # it was told after all
        there.put_off(again, NOW, 1, "refused")
        assert rows(store, "ok", "took_ms", "error")[0] == (1, 12, None)


def test_a_target_gets_only_its_own(store: Store) -> None:
    other = NotifyTarget(command=("other",))
    queue(store, other, [notice(1)])
    waiting = NoticeQueue(store)
    assert waiting.take(PAGER.identity, NOW, NOW + MINUTE) is None
    assert waiting.take(other.identity, NOW, NOW + MINUTE) is not None


def test_what_waits_for_a_target_that_is_gone_is_given_up_and_says_so(store: Store) -> None:
    gone = NotifyTarget(command=("gone",))
    queue(store, gone, [notice(1), notice(2)])
    queue(store, PAGER, [notice(3)])
    waiting = NoticeQueue(store)
    assert waiting.give_up_others([PAGER.identity], NOW + 5) == 2
    assert waiting.give_up_others([PAGER.identity], NOW + 6) == 0
    assert rows(store, "done_us", "ok", "error") == [(NOW + 5, 0, GONE_TARGET)] * 2 + [(None, 0, None)]


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (AlertState.NEW, True),
        (AlertState.SEEN, True),
        (AlertState.FALSE_POSITIVE, False),
        (AlertState.ACCEPTED, False),
        (AlertState.MUTED, False),
    ],
)
def test_what_was_meanwhile_decided_to_be_no_matter_is_not_told(store: Store, state: AlertState, told: bool) -> None:
    with store.writing() as connection:
        connection.execute(
            "INSERT INTO alert (id, incident, rule_no, level, key, agent_no, user_no, tenant_no, first_us, last_us,"
            " count, explanation, historical, opened_us, changed_us, state)"
            " VALUES (1, 'i', 1, 3, '[]', 0, 0, 0, 0, 0, 1, '', 0, 0, 0, ?)",
            (STATES.index(state),),
        )
    queue(store, PAGER, [notice(1), notice(2)])
    taken = NoticeQueue(store).take(PAGER.identity, NOW, NOW + MINUTE)
    assert taken is not None
    assert taken.id == (1 if told else 2)
    assert rows(store, "error")[0] == ((None,) if told else (DECIDED,))


def test_a_clock_that_was_years_ahead_keeps_nothing_waiting(store: Store) -> None:
    queue(store, PAGER, [notice(1)], NOW + 3 * 365 * DAY)
    queue(store, PAGER, [notice(2)], NOW + DAY)
    waiting = NoticeQueue(store)
    assert waiting.take(PAGER.identity, NOW, NOW + MINUTE) is None  # within two days everything may be as it should
    first = waiting.take(PAGER.identity, NOW + DAY, NOW + DAY + MINUTE)
    assert first is not None
    waiting.told(first, NOW + DAY, 1)
    second = waiting.take(PAGER.identity, NOW + DAY, NOW + DAY + MINUTE)
    assert second is not None
    assert (first.id, second.id) == (2, 1)


def test_what_is_done_with_is_forgotten_after_a_time(store: Store) -> None:
    queue(store, PAGER, [notice(1), notice(2), notice(3)])
    waiting = NoticeQueue(store)
    for at_us in (NOW, NOW + DAY):
        taken = waiting.take(PAGER.identity, at_us, at_us + MINUTE)
        assert taken is not None
        waiting.give_up(taken, at_us, 3, "no")
    assert waiting.forget_done(NOW + DAY) == 1
    assert rows(store, "id", "error") == [(2, "no"), (3, None)]
