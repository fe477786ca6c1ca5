"""Incidents become alerts: what is kept of them, and what becomes of what was decided when they grow."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.alerts import NotifyTarget
from store.alerts.decisions import AlertDesk
from store.alerts.incident import Invariant, ShedNote
from store.alerts.model import Decision
from store.alerts.states import STATES, AlertState, Level, Reach, Verdict
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, MINUTE, SECOND, add_source, batch, line
from tests.observing import GUESSING, Finder, incident

TARGET = NotifyTarget(webhook="https://example.com/hook", level="medium")


class Clock:
    """Tells the time that it was set to."""

    def __init__(self) -> None:
        """Begin where the other tests' clocks stand."""
        self.now_us = ARRIVED_US

    def __call__(self) -> int:
        """Return UTC microseconds."""
        return self.now_us


class Place:
    """A store with events, and a finder that looks at what is appended."""

    def __init__(self, folder: Path) -> None:
        """Append ten events of two agents and one tenant; the last has neither agent nor tenant."""
        self.clock = Clock()
        self.store = Store.open(folder / "events.db", clock=self.clock)
        self.finder = Finder(TARGET)
        self.store.observe_with(self.finder)
        self.source = add_source(self.store)
        events = [
            line(f"{n}", BASE_US + n * SECOND, agent_id="one" if n < 5 else "two", tenant_id="t", user_id=f"u{n}")
            for n in range(9)
        ]
        self.store.append([batch(self.source, *events, line("9"))])

    def find(self, *found: Any, **more: Any) -> None:
        """Have incidents found when the next event comes."""
        self.finder.found.incidents += found
        for name, value in more.items():
            setattr(self.finder.found, name, value)
        self.clock.now_us += MINUTE
        self.store.append([batch(self.source, line(f"again {self.clock.now_us}"))])

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        found: Iterable[tuple[Any, ...]] = self.store.connection.execute(sql)
        return list(found)

    def state(self, alert_id: int = 1) -> AlertState:
        """Return how an alert stands, as its row says."""
        return STATES[int(self.ask(f"SELECT state FROM alert WHERE id = {alert_id}")[0][0])]

    def told(self) -> list[tuple[int, bool]]:
        """Return who has to be told: the alerts, and whether each was there before."""
        rows = self.ask("SELECT alert_id, payload FROM notification ORDER BY id")
        return [(number, bool(json.loads(payload)["again"])) for number, payload in rows]

    def decide(
        self, verdict: Verdict, reach: Reach = Reach.ALERT, alert_id: int = 1, until_us: int | None = None
    ) -> None:
        """Decide something, with a reason."""
        AlertDesk(self.store).decide(Decision(verdict, alert_id, reach, "because", until_us))


@pytest.fixture
def place(tmp_path: Path) -> Generator[Place]:
    """Give a store with events in it."""
    made = Place(tmp_path)
    yield made
    made.store.close()


def test_an_incident_opens_an_alert_with_its_evidence(place: Place) -> None:
    rows = place.finder.rows(2, 0, 1)
    place.find(
        incident("a" * 16, rows, count=30, explanation="30 \ud800 times", key=(("user_id", None), ("tool", "x")))
    )
    (row,) = place.ask("SELECT id, incident, level, key, first_us, last_us, count, explanation FROM alert")
    key = [["user_id", None], ["tool", "x"]]
    assert row[:3] == (1, "a" * 16, 2)
    assert json.loads(row[3]) == key
    assert row[4:] == (BASE_US, BASE_US + SECOND, 30, "30 \\ud800 times")
    assert place.ask(
        "SELECT historical, opened_us, changed_us, state, until_us, decision_id, merged_into FROM alert"
    ) == [(0, place.clock.now_us, place.clock.now_us, 0, None, None, None)]
    assert place.ask("SELECT alert_id, event_row FROM alert_evidence ORDER BY 2") == [(1, row) for row in sorted(rows)]
    assert place.ask("SELECT rule_id, name, statement FROM alert_rule") == [("r-1", "guessing", None)]


@pytest.mark.parametrize(
    ("places", "who"),
    [
        ((0, 1, 2), ("one", None, "t")),
        ((0,), ("one", "u0", "t")),
        ((4, 5), (None, None, "t")),
        ((8, 9), (None, None, None)),
        ((9,), (None, None, None)),
        ((), (None, None, None)),
    ],
)
def test_it_is_about_what_all_its_evidence_agrees_in(
    place: Place, places: tuple[int, ...], who: tuple[str | None, ...]
) -> None:
    place.find(incident("a", place.finder.rows(*places)))
    names: dict[int, str | None] = {0: None, **dict(place.ask("SELECT id, text FROM name"))}
    (numbers,) = place.ask("SELECT agent_no, user_no, tenant_no FROM alert")
    assert tuple(names[number] for number in numbers) == who


def test_it_grows(place: Place) -> None:
    place.find(incident("a", place.finder.rows(0, 1, 2)))
    opened_us = place.clock.now_us
    place.decide(Verdict.ACKNOWLEDGE)
    place.find(incident("a", place.finder.rows(0, 2, 5), count=4, last_us=BASE_US + 9, explanation="more"))
    assert place.ask(
        "SELECT id, count, last_us, explanation, agent_no, opened_us, changed_us FROM alert ORDER BY id"
    ) == [(1, 4, BASE_US + 9, "more", 0, opened_us, place.clock.now_us)]
    shown = place.ask("SELECT event_row FROM alert_evidence ORDER BY 1")
    assert shown == [(row,) for row in sorted(place.finder.rows(0, 2, 5))]
    assert place.state() is AlertState.SEEN
    assert place.told() == [(1, False)]


def test_one_that_was_resolved_is_new_when_it_grows_and_only_then(place: Place) -> None:
    place.find(incident("a", place.finder.rows(0)))
    place.decide(Verdict.RESOLVE)
    place.find(incident("a", place.finder.rows(0)))
    assert place.state() is AlertState.RESOLVED
    place.find(incident("a", place.finder.rows(0, 1)))
    assert place.ask("SELECT state, until_us, decision_id FROM alert") == [(0, None, None)]
    assert [number for number, _ in place.told()] == [1, 1]


@pytest.mark.parametrize("verdict", [Verdict.FALSE_POSITIVE, Verdict.ACCEPT_RISK])
@pytest.mark.parametrize("ends", [False, True])
def test_what_was_called_harmless_is_new_when_it_grows_after_the_end_of_that(
    place: Place,
    verdict: Verdict,
    ends: bool,
) -> None:
    place.find(incident("a", place.finder.rows(0)))
    before = place.state()
    place.decide(verdict, until_us=place.clock.now_us + 3 * MINUTE if ends else None)
    stands = place.state()
    place.find(incident("a", place.finder.rows(0, 1)))
    assert (before, place.state()) == (AlertState.NEW, stands)
    place.clock.now_us += 3 * MINUTE
    place.find(incident("a", place.finder.rows(0, 1, 2)))
    assert place.state() is (AlertState.NEW if ends else stands)
    assert len(place.told()) == (2 if ends else 1)


def test_a_mute_stays_when_it_grows(place: Place) -> None:
    place.find(incident("a", place.finder.rows(0)))
    place.decide(Verdict.MUTE, until_us=place.clock.now_us + MINUTE // 2)
    place.find(incident("a", place.finder.rows(0, 1)))
    assert place.state() is AlertState.MUTED
    assert len(place.told()) == 1


def test_a_decision_of_wider_reach_holds_for_what_is_opened_later(place: Place) -> None:
    place.find(incident("a", place.finder.rows(0)))
    until_us = place.clock.now_us + 10 * MINUTE
    place.decide(Verdict.MUTE, Reach.RULE_AND_AGENT, until_us=until_us)
    place.find(incident("b", place.finder.rows(1)), incident("c", place.finder.rows(6)))
    rows = place.ask("SELECT id, state, until_us, decision_id FROM alert ORDER BY id")
    assert rows[1] == (2, STATES.index(AlertState.MUTED), until_us, rows[0][3])
    assert rows[2] == (3, 0, None, None)
    assert [number for number, _ in place.told()] == [1, 3]
    place.clock.now_us = until_us
    place.find(incident("d", place.finder.rows(2)))
    assert place.state(4) is AlertState.NEW


def test_nobody_is_told_of_the_past_until_it_happens_again(place: Place) -> None:
    past = incident("a", place.finder.rows(0), historical=True)
    place.find(past, incident("b", place.finder.rows(1), rule=replace(GUESSING, rule_id="r-2", level=Level.LOW)))
    assert place.ask("SELECT id, historical, level FROM alert ORDER BY id") == [(1, 1, 2), (2, 0, 1)]
    assert place.told() == []
    place.find(replace(past, count=2, historical=False))
    place.find(replace(past, count=3, historical=False))
    assert [number for number, _ in place.told()] == [1]


def test_one_that_is_a_part_of_another_is_that_other(place: Place) -> None:
    place.find(*(incident(name, place.finder.rows(n)) for n, name in enumerate("abc")))
    place.find(incident("b", place.finder.rows(1, 2), count=2), absorbed=[("c", "b"), ("never kept", "b")])
    place.find(incident("a", place.finder.rows(0, 1, 2), count=3), absorbed=[("b", "a")])
    assert place.ask("SELECT id, merged_into, count FROM alert ORDER BY id") == [(1, None, 3), (2, 1, 2), (3, 1, 1)]
    assert place.ask("SELECT DISTINCT alert_id FROM alert_evidence") == [(1,)]


def test_standing_statements_are_kept_until_nobody_looks_at_them(place: Place) -> None:
    never = Invariant(GUESSING, "nobody guesses", 10, 1, BASE_US)
    nor = Invariant(replace(GUESSING, rule_id="r-2", name="other"), "nobody else does", 0, 0, None)
    asked = "SELECT name, statement, active, examined, violations, checked_us FROM alert_rule ORDER BY rule_no"
    place.find(invariants=[never, nor], all_invariants=True)
    first = ("guessing", "nobody guesses", 1, 10, 1, BASE_US)
    assert place.ask(asked) == [first, ("other", "nobody else does", 1, 0, 0, None)]
    place.find(invariants=[replace(nor, examined=5)])
    assert place.ask(asked)[1] == ("other", "nobody else does", 1, 5, 0, None)
    place.find(invariants=[never], all_invariants=True)
    assert place.ask(asked) == [first, ("other", "nobody else does", 0, 5, 0, None)]
    place.find(invariants=[replace(never, rule=replace(GUESSING, title="Guessing, in other words"))])
    assert place.ask("SELECT json_extract(facts, '$.title') FROM alert_rule") == [
        ("Guessing, in other words",),
        ("Somebody guesses",),
    ]


def test_what_could_not_be_remembered_adds_up(place: Place) -> None:
    place.find(shed=[ShedNote(GUESSING, 2, 3)])
    place.find(shed=[ShedNote(GUESSING, 0, 1)])
    assert place.ask("SELECT shed_keys, shed_matches, shed_us FROM alert_rule") == [(2, 4, place.clock.now_us)]


def test_nothing_is_written_where_nothing_is_found(place: Place) -> None:
    place.find(pieces=[("owner", "key", b"1"), ("owner", "other", b"2")])
    written = place.store.connection.total_changes
    place.store.observe_now()
    assert place.store.connection.total_changes == written
    assert place.ask("SELECT value FROM counter WHERE name = 'engine_turn'") == [(1,)]
    place.find(pieces=[("owner", "key", None), ("owner", "other", b"3"), ("owner", "never kept", None)])
    assert place.ask("SELECT owner, key, data FROM engine_piece") == [("owner", "other", b"3")]
    assert place.ask("SELECT value FROM counter WHERE name = 'engine_turn'") == [(2,)]
