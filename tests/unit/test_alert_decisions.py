"""Decisions about alerts on a real store: what they ask for, what they change and leave, and what records them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.alerts.decisions import AlertDesk
from store.alerts.errors import DecisionError
from store.alerts.model import Decision
from store.alerts.states import AlertState, Reach, Verdict
from store.filters.model import Filter
from store.own_event import login_name
from store.store import Store
from tests.alert_incidents import HOUR, LOOP, Clock, Incidents, decision, open_at, recorded
from tests.events import ARRIVED_US, SECOND

NEW, OPEN, SEEN = AlertState.NEW, AlertState.OPEN, AlertState.SEEN
MUTED, RESOLVED, FALSE = AlertState.MUTED, AlertState.RESOLVED, AlertState.FALSE_POSITIVE


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_at(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def happen(store: Store) -> Incidents:
    return Incidents(store)


@pytest.fixture
def desk(store: Store) -> AlertDesk:
    return AlertDesk(store)


@pytest.mark.parametrize(
    ("verdict", "more", "complaint"),
    [
        (Verdict.FALSE_POSITIVE, {}, "a false positive needs a reason"),
        (Verdict.ACCEPT_RISK, {"reason": " \n"}, "an accepted risk needs a reason"),
        (Verdict.MUTE, {"until_us": ARRIVED_US + 1}, "a mute needs a reason"),
        (Verdict.MUTE, {"reason": "known"}, "a mute needs an end"),
        (Verdict.MUTE, {"reason": "known", "until_us": ARRIVED_US}, "2026-11-23 14:02:06Z has passed"),
        (Verdict.FALSE_POSITIVE, {"reason": "x", "until_us": 60 * SECOND}, "1970-01-01 00:01Z has passed"),
        (Verdict.MUTE, {"reason": "x", "until_us": 1 << 60}, "no calendar"),
        (Verdict.ACKNOWLEDGE, {"until_us": ARRIVED_US + HOUR}, "an acknowledgement is about what is there now"),
        (Verdict.RESOLVE, {"until_us": ARRIVED_US + HOUR}, "a resolution is about what is there now"),
        (Verdict.RESOLVE, {"reach": Reach.FILTER}, "there is no filter to go by"),
        (Verdict.RESOLVE, {"reach": Reach.FILTER, "what": Filter()}, "there is no filter to go by"),
        (Verdict.RESOLVE, {"reason": "x" * 501}, "the reason has 501 characters, and 500 are the most"),
        (Verdict.RESOLVE, {"alert_id": 7}, "no alert has the number 7"),
    ],
)
def test_what_cannot_be_decided_is_said_and_changes_nothing(
    happen: Incidents, desk: AlertDesk, verdict: Verdict, more: dict[str, Any], complaint: str
) -> None:
    number = happen.open()
    given: dict[str, Any] = {"alert_id": number, "reach": Reach.ALERT} | more
    with pytest.raises(DecisionError, match=complaint):
        desk.decide(Decision(verdict, **given))
    assert happen.states() == [NEW]
    assert recorded(happen) == []
    assert happen.ask("SELECT count(*) FROM alert_decision") == [(0,)]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (Verdict.ACKNOWLEDGE, SEEN),
        (Verdict.RESOLVE, RESOLVED),
        (Verdict.FALSE_POSITIVE, FALSE),
        (Verdict.ACCEPT_RISK, AlertState.ACCEPTED),
        (Verdict.MUTE, MUTED),
    ],
)
def test_each_verdict_has_its_state_and_undo_gives_back_the_one_before(
    happen: Incidents, desk: AlertDesk, verdict: Verdict, state: AlertState
) -> None:
    number = happen.open()
    desk.viewed([number])
    done = desk.decide(decision(verdict, number))
    assert (done.alerts, happen.states()) == (1, [state])
    undone = desk.undo()
    assert undone is not None
    assert (undone.decision_id, undone.verdict, undone.alerts) == (done.decision_id, verdict, 1)
    assert happen.stands(number) == (OPEN, None)
    assert desk.undo() is None


def test_a_decision_is_an_event_in_words_that_its_alert_s_readers_see(
    happen: Incidents, desk: AlertDesk, store: Store
) -> None:
    number = happen.open("support-bot", tenant_id="acme")
    until = ARRIVED_US + 28 * HOUR - 126 * SECOND
    why = "migration \x1b]0;x\x07 runs"
    desk.decide(decision(Verdict.FALSE_POSITIVE, number, until_us=until, reason=f"  {why} "))
    [(kind, message, facts)] = recorded(happen)
    assert kind == "system.alert_decided"
    assert message == f"alert {number} Passwords guessed: false positive until 2026-11-24 18:00Z, because {why}"
    assert facts == {
        "alert": number,
        "alerts": 1,
        "rule": "password-guessing",
        "decision": 1,
        "verdict": "false-positive",
        "reason": why,
        "reach": "alert",
        "query": None,
        "until": "2026-11-24T18:00:00Z",
    }
    who = "SELECT text FROM name JOIN event ON name.id = event.{}_no WHERE event.seq = (SELECT max(seq) FROM event)"
    named = [happen.ask(who.format(one))[0][0] for one in ("user", "agent", "tenant")]
    assert named == [login_name(), "support-bot", "acme"]
    desk.undo()
    kind, message, facts = recorded(happen)[1]
    assert kind == "system.alert_decision_undone"
    assert message.endswith(f"because {why}; 1 alert stands as before")
    assert (facts["decision"], facts["decided_by"]) == (1, login_name())
    assert store.connection.execute("SELECT undone_by, undone_us FROM alert_decision").fetchall() == [
        (login_name(), ARRIVED_US)
    ]


def test_wider_reach_takes_what_is_live_and_leaves_what_was_decided(
    happen: Incidents, desk: AlertDesk, clock: Clock
) -> None:
    first, resolved, opened, other_agent = happen.open(), happen.open(), happen.open(), happen.open("other")
    other_rule, nameless, muted, seen = happen.open(rule=LOOP), happen.open(None), happen.open(), happen.open()
    desk.viewed([opened])
    desk.decide(decision(Verdict.RESOLVE, resolved))
    desk.decide(decision(Verdict.ACKNOWLEDGE, seen))
    desk.decide(decision(Verdict.MUTE, muted))
    done = desk.decide(decision(Verdict.FALSE_POSITIVE, first, Reach.RULE_AND_AGENT))
    assert done.alerts == 3
    assert [happen.stands(one)[0] for one in (first, opened, seen)] == [FALSE] * 3
    assert [happen.stands(one)[0] for one in (resolved, muted)] == [RESOLVED, MUTED]
    assert [happen.stands(one)[0] for one in (other_agent, other_rule, nameless)] == [NEW] * 3
    clock.now_us += 2 * HOUR
    assert desk.decide(decision(Verdict.ACKNOWLEDGE, resolved, Reach.RULE_AND_AGENT)).alerts == 2
    assert happen.stands(muted) == (SEEN, None), "its mute was over"
    assert happen.stands(resolved) == (SEEN, None), "it is the one that was looked at"
    message = recorded(happen)[3][1]
    assert (
        message == f"alert {first} Passwords guessed and 2 more (of this rule and bot): false positive, because known"
    )


def test_alerts_without_an_agent_are_decided_on_together(happen: Incidents, desk: AlertDesk) -> None:
    first, second, named = happen.open(None), happen.open(None), happen.open()
    assert desk.decide(decision(Verdict.RESOLVE, first, Reach.RULE_AND_AGENT)).alerts == 2
    assert [happen.stands(one)[0] for one in (first, second, named)] == [RESOLVED, RESOLVED, NEW]
    assert "(of this rule and no agent)" in recorded(happen)[0][1]


def test_a_standing_decision_holds_for_alerts_that_come_until_its_end_or_undo(
    happen: Incidents, desk: AlertDesk, clock: Clock
) -> None:
    until = ARRIVED_US + HOUR
    first = happen.open()
    done = desk.decide(decision(Verdict.MUTE, first, Reach.RULE_AND_AGENT, until_us=until))
    later = happen.open()
    assert happen.stands(later) == (MUTED, until)
    assert happen.ask("SELECT decision_id FROM alert WHERE id = ?", later) == [(done.decision_id,)]
    assert happen.stands(happen.open("other"))[0] is NEW
    assert happen.stands(happen.open(rule=LOOP))[0] is NEW
    clock.now_us = until
    assert happen.stands(happen.open()) == (NEW, None)
    undone = desk.undo(done.decision_id)
    assert undone is not None
    assert undone.alerts == 2
    assert happen.states() == [NEW] * 5
    clock.now_us = ARRIVED_US
    assert happen.stands(happen.open()) == (NEW, None)


@pytest.mark.parametrize("verdict", [Verdict.ACKNOWLEDGE, Verdict.RESOLVE])
def test_what_is_about_the_present_does_not_hold_for_what_comes(
    happen: Incidents, desk: AlertDesk, verdict: Verdict
) -> None:
    desk.decide(decision(verdict, happen.open(), Reach.RULE_AND_AGENT))
    assert happen.stands(happen.open()) == (NEW, None)


def test_one_alert_s_decision_does_not_hold_for_others_and_the_newest_wins(happen: Incidents, desk: AlertDesk) -> None:
    first = happen.open()
    desk.decide(decision(Verdict.MUTE, first))
    assert happen.stands(happen.open())[0] is NEW
    desk.decide(decision(Verdict.FALSE_POSITIVE, first, Reach.RULE_AND_AGENT))
    newest = desk.decide(decision(Verdict.ACCEPT_RISK, first, Reach.RULE_AND_AGENT))
    assert happen.stands(happen.open())[0] is AlertState.ACCEPTED
    desk.undo(newest.decision_id)
    assert happen.stands(happen.open())[0] is FALSE


def test_what_was_resolved_and_grows_is_new_unless_a_decision_holds(happen: Incidents, desk: AlertDesk) -> None:
    first, second = happen.open(), happen.open("other")
    for one in (first, second):
        desk.decide(decision(Verdict.RESOLVE, one))
    desk.decide(decision(Verdict.FALSE_POSITIVE, happen.open(), Reach.RULE_AND_AGENT))
    for one in (first, second):
        happen.grow(one)
    assert [happen.stands(one)[0] for one in (first, second)] == [FALSE, NEW]
    desk.undo(2)
    assert happen.stands(second)[0] is NEW, "what grew since stays as it is"


def test_undo_leaves_what_was_decided_since_and_looks_behind_what_was_undone(
    happen: Incidents, desk: AlertDesk
) -> None:
    first, second = happen.open(), happen.open()
    wide = desk.decide(decision(Verdict.ACKNOWLEDGE, first, Reach.RULE_AND_AGENT))
    since = desk.decide(decision(Verdict.FALSE_POSITIVE, second))
    undone = desk.undo(wide.decision_id)
    assert undone is not None
    assert undone.alerts == 1
    assert happen.states() == [NEW, FALSE]
    desk.undo(since.decision_id)
    assert happen.states() == [NEW, NEW], "the acknowledgement before it was taken back, too"
    assert desk.undo(wide.decision_id) is None
    assert [kind for kind, _, _ in recorded(happen)].count("system.alert_decision_undone") == 2


def test_undo_without_a_number_is_about_one_s_own(
    happen: Incidents, desk: AlertDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = happen.open()
    mine = desk.decide(decision(Verdict.ACKNOWLEDGE, number))
    monkeypatch.setattr("store.alerts.decisions.login_name", lambda: "somebody")
    assert desk.undo() is None
    undone = desk.undo(mine.decision_id)
    assert undone is not None
    assert happen.ask("SELECT who, undone_by FROM alert_decision") == [(login_name(), "somebody")]
    assert "decided_by" in recorded(happen)[1][2]


def test_what_became_a_part_of_another_is_decided_on_there(happen: Incidents, desk: AlertDesk) -> None:
    part, whole = happen.open(), happen.open()
    happen.merge(part, whole)
    assert desk.decide(decision(Verdict.RESOLVE, part, Reach.RULE_AND_AGENT)).alerts == 1
    assert happen.states() == [NEW, RESOLVED]
    assert recorded(happen)[0][2]["alert"] == whole


def test_viewed_opens_what_is_new_and_writes_nothing_else(happen: Incidents, desk: AlertDesk, tmp_path: Path) -> None:
    numbers = [happen.open() for _ in range(3)]
    desk.decide(decision(Verdict.RESOLVE, numbers[2]))
    with sqlite3.connect(tmp_path / "events.db") as other:
        desk.viewed([numbers[0], numbers[2], 99])
        assert happen.states() == [OPEN, NEW, RESOLVED]
        version = other.execute("PRAGMA data_version").fetchone()
        desk.viewed([numbers[0], numbers[2], 99])
        desk.viewed([])
        assert other.execute("PRAGMA data_version").fetchone() == version
    other.close()
    assert len(recorded(happen)) == 1


def test_a_decision_and_its_event_are_kept_together_or_not_at_all(
    happen: Incidents, desk: AlertDesk, store: Store
) -> None:
    number = happen.open()
    store.connection.execute("CREATE TRIGGER no BEFORE UPDATE ON alert BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        desk.decide(decision(Verdict.RESOLVE, number))
    assert recorded(happen) == []
    assert happen.ask("SELECT count(*) FROM alert_decision") == [(0,)]
    store.connection.execute("DROP TRIGGER no")
    desk.decide(decision(Verdict.RESOLVE, number))
    assert len(recorded(happen)) == 1


def test_what_others_change_between_looking_and_writing_is_looked_at_again(
    happen: Incidents, desk: AlertDesk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, append = happen.open(), store.append
    opened: list[int] = []

    def append_late(*given: Any, **named: Any) -> Any:
        if not opened:
            opened.append(0)
            monkeypatch.setattr(store, "append", append)
            opened[0] = happen.open()
        return append(*given, **named)

    monkeypatch.setattr(store, "append", append_late)
    assert desk.decide(decision(Verdict.RESOLVE, first, Reach.RULE_AND_AGENT)).alerts == 2
    assert happen.states() == [RESOLVED, RESOLVED]
    [(_, message, facts)] = recorded(happen)
    assert "and 1 more" in message
    assert facts["alerts"] == 2


def test_a_reason_that_no_text_can_hold_is_kept_visibly(happen: Incidents, desk: AlertDesk) -> None:
    number = happen.open()
    desk.decide(decision(Verdict.ACCEPT_RISK, number, reason="half \udc80 a letter"))
    assert recorded(happen)[0][2]["reason"] == "half \\udc80 a letter"
