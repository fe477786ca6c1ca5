"""Rules at work within appends: across restarts, processes that take turns, failures, and changes of the rules."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from config.alerts import DetectionSettings
from detect import observer as module
from detect.engine.engine import Engine
from detect.engine.findings import Findings
from detect.observer import Detector
from store.errors import StoreUnusableError
from store.events import NewEvent
from store.observed import ObservedEvent
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, SECOND, add_source, batch, line, open_store

GUESSING: Final = """
title: Guessing
id: 11111111-1111-4111-8111-111111111111
name: failed
level: low
detection: {one: {event_type: own.failed}, condition: one}
---
title: Guessing often
id: 22222222-2222-4222-8222-222222222222
name: often
level: high
correlation: {type: event_count, rules: failed, group-by: user_id, timespan: 5m, condition: {gte: 3}, generate: false}
auditail: {explanation: "{count} times"}
---
title: Something by a filter
id: 33333333-3333-4333-8333-333333333333
name: filtered
level: low
auditail: {filter: "type:own.filtered user:bob* -status:success", group-by: user_id}
---
title: Never
id: 44444444-4444-4444-8444-444444444444
name: never
level: critical
detection: {bad: {event_type: own.never}, condition: bad}
auditail: {kind: invariant, statement: it never happens}
"""
OFTEN: Final = "22222222-2222-4222-8222-222222222222"


class Place:
    """A store, a folder of own rules, and what a detector says."""

    def __init__(self, root: Path) -> None:
        """Write the rules; the store comes with `store`."""
        self.root = root
        self.rules = root / "rules"
        self.rules.mkdir()
        self.write(GUESSING)
        self.said: list[str] = []
        self.now_s = 0.0
        self.texts = 0

    def write(self, text: str, name: str = "own.yml") -> None:
        """Write a file of rules."""
        (self.rules / name).write_text(text)

    def detector(self) -> Detector:
        """Return a detector as a process that starts anew has one."""
        settings = DetectionSettings(rules=str(self.rules))
        return Detector(settings, clock=lambda: ARRIVED_US, say=self.said.append, ticking=lambda: self.now_s)

    def open(self) -> Store:
        """Open the store as the holder of the lease does."""
        store = open_store(self.root)
        store.observe_with(self.detector())
        return store

    def events(self, number: int, kind: str = "own.failed", user: str = "bob", after_s: int = 0) -> list[NewEvent]:
        """Return events, one second apart."""
        self.texts += number
        return [
            line(f"{self.texts} {n}", BASE_US + (after_s + n) * SECOND, event_type=kind, user_id=user)
            for n in range(number)
        ]

    def alerts(self) -> list[tuple[Any, ...]]:
        """Return rule, count and state of all alerts, by number."""
        return self.ask("SELECT name, count, state FROM alert JOIN alert_rule USING (rule_no) ORDER BY id")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        with closing(sqlite3.connect(self.root / "events.db")) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a place for a store, and rules."""
    return Place(tmp_path)


def append(store: Store, events: list[NewEvent]) -> None:
    """Append events of one source."""
    store.append([batch(add_source(store), *events)])


def test_what_is_found_is_there_with_the_events_and_goes_on_after_a_restart(place: Place) -> None:
    with place.open() as store:
        append(store, place.events(2))
        assert place.alerts() == []
    with place.open() as store:
        append(store, place.events(2, after_s=10))
        assert place.alerts() == [("often", 4, 0)]
        append(store, place.events(1, after_s=20))
    with place.open() as store:
        append(store, place.events(1, after_s=30))
    assert place.alerts() == [("often", 6, 0)]
    assert place.ask("SELECT explanation FROM alert") == [("6 times",)]
    assert place.said == []


def test_processes_that_take_turns_know_what_the_other_has_seen(place: Place) -> None:
    with place.open() as one, place.open() as two:
        append(one, place.events(1))
        append(two, place.events(1, after_s=1))
        append(one, place.events(1, after_s=2))
        append(two, place.events(1, after_s=3))
        append(two, place.events(1, after_s=4))
        append(one, place.events(1, after_s=5))
    assert place.alerts() == [("often", 6, 0)]


def test_what_others_append_is_looked_at_in_order_once_somebody_looks(place: Place) -> None:
    with place.open() as store, open_store(place.root) as other:
        append(other, place.events(2))
        assert store.observe_now() is False
        append(other, place.events(1, after_s=2))
        assert place.alerts() == []
        assert store.observe_now() is False
        assert place.alerts() == [("often", 3, 0)]
        append(other, place.events(1, after_s=3))
        append(store, place.events(1, after_s=4))
        assert place.alerts() == [("often", 5, 0)]


def test_a_great_deal_is_looked_at_part_by_part_and_in_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 4)
    monkeypatch.setattr(module, "_CHUNK", 3)
    with place.open() as store, open_store(place.root) as other:
        append(store, place.events(1, "own.other"))
        append(other, place.events(9))
        append(store, place.events(1, after_s=10))  # four of them, and its own event waits with the rest
        assert place.alerts() == [("often", 4, 0)]
        assert store.observe_now() is True
        assert store.observe_now() is False
        assert place.alerts() == [("often", 10, 0)]
        append(store, place.events(1, after_s=20))
        assert place.alerts() == [("often", 11, 0)]


def test_a_store_from_before_there_were_rules_is_looked_at_from_then_on(place: Place) -> None:
    with open_store(place.root) as store:
        append(store, place.events(2))
        store.connection.execute("UPDATE counter SET value = 2 WHERE name = 'observed_from'")
    with place.open() as store:
        append(store, place.events(2, after_s=2))
        assert place.alerts() == []
        append(store, place.events(1, after_s=4))
    assert place.alerts() == [("often", 3, 0)]


def test_what_was_rolled_back_did_not_happen(place: Place) -> None:
    with place.open() as store:
        append(store, place.events(2))
        events = place.events(1, after_s=2)
        for _ in range(3):
            with pytest.raises(StoreUnusableError):
                store.append([batch(add_source(store), *events)], fail)
        assert place.ask("SELECT max(seq) FROM event") == [(2,)]
        append(store, place.events(1, after_s=3))
    assert place.alerts() == [("often", 3, 0)]


def test_what_was_rolled_back_is_not_taken_for_what_another_process_has_kept(place: Place) -> None:
    with place.open() as one, place.open() as two:
        append(one, place.events(1))
        with pytest.raises(StoreUnusableError):
            one.append([batch(add_source(one), *place.events(1, user="eve", after_s=1))], fail)
        append(two, place.events(1, after_s=2))
        append(one, place.events(1, after_s=3))
    assert place.alerts() == [("often", 3, 0)]


def fail(_connection: sqlite3.Connection) -> None:
    """Fail as a store does, behind what rules have kept."""
    raise sqlite3.OperationalError("disk I/O error")


def test_a_rule_that_is_switched_off_raises_nothing_until_it_is_on_again(place: Place) -> None:
    def switch(store: Store, disabled: int) -> None:
        with store.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO rule_switch VALUES (?, ?, 0, 'me')", (OFTEN, disabled))
        place.now_s += 1

    with place.open() as store:
        append(store, place.events(4))
        switch(store, 1)
        append(store, place.events(4, user="eve", after_s=10))
        assert place.alerts() == [("often", 4, 0)]
        switch(store, 0)
        append(store, place.events(4, user="mallory", after_s=20))
    assert place.alerts() == [("often", 4, 0), ("often", 4, 0)]


def test_a_file_that_was_changed_holds_within_a_second(place: Place) -> None:
    with place.open() as store:
        append(store, place.events(2))
        place.write(GUESSING.partition("---")[0].replace("own.failed", "own.other"))
        append(store, place.events(1, "own.other"))
        assert place.alerts() == []
        place.now_s += 1
        append(store, place.events(1, "own.other"))
        assert place.alerts() == [("failed", 1, 0)]


def test_a_bad_file_is_said_once_and_stops_nothing(place: Place) -> None:
    place.write("title: no id\n", "bad.yml")
    (place.rules / "odd.yml").symlink_to("nowhere")
    with place.open() as store:
        append(store, place.events(3))
        place.now_s += 1
        os.utime(place.rules / "own.yml", ns=(1, 1))
        append(store, place.events(1, after_s=3))
    assert place.alerts() == [("often", 4, 0)]
    assert len(place.said) == 2
    assert all(str(place.rules) in one for one in place.said)


def test_a_filter_is_asked_of_what_arrives(place: Place) -> None:
    with place.open() as store, open_store(place.root) as other:
        append(store, place.events(2, "own.filtered"))
        append(other, [*place.events(1, "own.filtered", after_s=5), *place.events(1, "own.filtered", "eve", 6)])
        append(store, [line("done", BASE_US, event_type="own.filtered", user_id="bob", status="success")])
    assert place.alerts() == [("filtered", 3, 0)]


def test_standing_statements_are_there_before_anything_happens(place: Place) -> None:
    with place.open() as store:
        store.observe_now()
        asked = "SELECT statement, active, examined, violations FROM alert_rule WHERE name = 'never'"
        assert place.ask(asked) == [("it never happens", 1, 0, 0)]
        append(store, [*place.events(2, "own.never"), *place.events(3, "own.other")])
        assert place.ask(asked) == [("it never happens", 1, 5, 2)]
        (place.rules / "own.yml").unlink()
        place.now_s += 1
        store.observe_now()
        assert place.ask(asked) == [("it never happens", 0, 5, 2)]
    assert place.alerts() == [("never", 2, 0)]


def test_pieces_that_cannot_be_read_are_dropped_and_it_goes_on_from_where_it_was(place: Place) -> None:
    with place.open() as store:
        append(store, place.events(2))
        store.connection.execute("UPDATE engine_piece SET data = x'c1' WHERE owner != ''")
    with place.open() as store:
        append(store, place.events(2, after_s=2))
        assert place.alerts() == []
        append(store, place.events(1, after_s=4))
    assert place.alerts() == [("often", 3, 0)]
    assert len(place.said) == 1


class Stumbling(Engine):
    """Fails at the events whose message says so, having remembered some of it."""

    def observe(self, events: Any, rows: Any = None) -> Findings:
        """See `Engine`."""
        found = super().observe(events, rows)
        if any(stumbles(event) for event in events):
            raise KeyError("a mistake")
        return found


def stumbles(event: ObservedEvent) -> bool:
    """Return whether the engine stumbles over an event."""
    return event.event.message == "stumble"


def test_a_mistake_costs_the_event_that_it_met(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Engine", Stumbling)
    with place.open() as store:
        bad = line("stumble", BASE_US, event_type="own.failed", user_id="bob")
        append(store, [*place.events(2), bad, *place.events(2, after_s=5)])
        assert place.ask("SELECT count(*) FROM event") == [(5,)]
        assert place.alerts() == [("often", 4, 0)]
        append(store, place.events(1, after_s=7))
    assert place.alerts() == [("often", 5, 0)]
    assert len(place.said) == 1
    assert "KeyError" in place.said[0]


def test_many_mistakes_cost_the_rest_of_the_batch(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "Engine", Stumbling)
    monkeypatch.setattr(module, "_MOST_MISTAKES", 2)
    with place.open() as store:
        bad = [line("stumble", BASE_US + n, event_type="own.failed", user_id="bob") for n in range(3)]
        append(store, [*place.events(2), *bad, *place.events(2, after_s=5)])
        assert place.alerts() == []
        append(store, place.events(1, after_s=7))
    assert place.alerts() == [("often", 3, 0)]


def test_an_unused_rule_set_is_no_reason_to_stop(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(Engine):
        def __init__(self, rules: Any, *others: Any, **named: Any) -> None:
            if rules.rules:
                raise LookupError("cannot be built")
            super().__init__(rules, *others, **named)

    monkeypatch.setattr(module, "Engine", Broken)
    with place.open() as store:
        append(store, place.events(4))
    assert place.ask("SELECT count(*) FROM event") == [(4,)]
    assert place.alerts() == []
    assert "cannot be built" in place.said[-1]
