"""Whoever looks at appends: what is shown, in which order, and what happens where nothing was kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from store.alerts.errors import NotKeptError
from store.alerts.incident import Found
from store.alerts.keeping import Keeping
from store.append.metadata_text import metadata_text_of
from store.errors import StoreError, StoreUnusableError
from store.observed import ObservedEvent
from tests.events import BASE_US, SECOND, add_source, batch, call, line, open_store, result, rows_of
from tests.made_up_prices import MadeUpPrices
from tests.observing import Notes

_NOT_READ_BACK = (
    "digest",
    "event_id",
    "offset",
    "occurrence",
    "call_scope",
    "usage_key",
    "indexed",
    "copies_may_differ",
)


def said(event: ObservedEvent) -> tuple[object, ...]:
    """Return what rules can see of an event."""
    fields = {name: value for name, value in event.event.stated().items() if name not in _NOT_READ_BACK}
    fields.pop("metadata", None)
    fields.pop("ts_inferred", None)
    fields["metadata_text"] = metadata_text_of(event.event)
    return (event.row_id, event.seq, event.ts_us, event.arrived_us, event.outcome, event.computed_microusd, fields)


def test_what_is_shown_is_what_can_be_read_back(tmp_path: Path) -> None:
    notes = Notes()
    with open_store(tmp_path, MadeUpPrices()) as store:
        store.observe_with(notes)
        source = add_source(store)
        priced = {"model": "model-a", "input_tokens": 1_000_000, "output_tokens": 2}
        growing = {"usage_key": "message 1", "event_type": "agent.response", "model": "model-a"}
        store.append(
            [
                batch(
                    source,
                    line("plain", agent_id="a", user_id="u", tenant_id="t", host="h", status="failure", trace_id="x"),
                    line("priced", BASE_US - SECOND, **priced),
                    line("metadata", BASE_US + 5, metadata={"deep": {"a": [1, "\u00e4"]}}, session_id="s"),
                    call(tool="Read", server="files", metadata={"path": "/etc"}),
                    result(model="model-a", output_tokens=3),
                    line("total 1", BASE_US + 7, input_tokens=1_000_000, **growing),
                    line("total 2", BASE_US + 8, input_tokens=3_000_000, **growing),
                    line("total 3", BASE_US + 9, cost_microusd=5, **growing),
                    line("by id", BASE_US + 10, event_id="one"),
                    line("by id, otherwise", BASE_US + 11, event_id="one"),
                    line("without a time", None, resource_tenant_id="other"),
                )
            ]
        )
        assert [event.seq for event in notes.seen] == [row[0] for row in rows_of(store, "seq")]
        assert len(notes.seen) == 11
        assert [said(event) for event in notes.seen] == [said(event) for event in notes.read_back]
        assert {event.event.event_type for event in notes.seen} >= {"system.id_conflict", "mcp.tool_result"}
        assert [event.event.counts for event in notes.seen].count(0) == 2
        assert any(event.computed_microusd > 0 for event in notes.seen)
        assert any(event.computed_microusd < 0 for event in notes.seen)
        assert any(event.outcome for event in notes.seen)


def test_it_is_told_before_and_after_and_what_others_did(tmp_path: Path) -> None:
    notes = Notes()
    with open_store(tmp_path) as store, open_store(tmp_path) as other:
        source = add_source(store)
        store.observe_with(notes)
        store.append([batch(source, line("one"), line("two"))])
        other.append([batch(source, line("three"))])
        store.append([batch(source)])
        store.append([batch(source, line("four"))])
        assert store.observe_now() is False
        store.observe_with(None)
        store.append([batch(source, line("five"))])
        assert store.observe_now() is False
    told = ["begin 0", "observe [1, 2]", "begin 3", "begin 3", "observe [4]", "begin 4", "tick"]
    assert notes.told == told


def test_what_was_rolled_back_is_forgotten(tmp_path: Path) -> None:
    notes = Notes()
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.observe_with(notes)
        store.connection.execute(
            "CREATE TRIGGER refuse BEFORE UPDATE ON counter WHEN old.name = 'seq' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        with pytest.raises(StoreUnusableError):
            store.append([batch(source, line("one"))])
        store.connection.execute("DROP TRIGGER refuse")
        assert set(notes.told) == {"begin 0", "forget"}
        notes.told.clear()
        store.append([batch(source, line("one"))])
        assert notes.told == ["begin 0", "observe [1]"]


def test_a_refused_record_is_not_shown_and_the_others_are_once_more(tmp_path: Path) -> None:
    notes = Notes()
    with open_store(tmp_path) as store:
        source = add_source(store)
        store.observe_with(notes)
        appended = store.append([batch(source, line("one"), line("bad", input_tokens=1 << 70), line("two"))])
        assert (appended.events, appended.quarantined) == (2, 1)
        assert notes.told == ["begin 0", "forget", "begin 0", "observe [1, 2]"]
        assert [event.event.message for event in notes.seen] == ["one", "two"]


class Quarrel(Notes):
    """Writes what the store refuses, but only tries."""

    def __init__(self) -> None:
        """Nothing happened yet."""
        super().__init__()
        self.problem = ""

    def tick(self, keeping: Keeping) -> bool:
        """Keep a piece, then fail."""
        keeping.keep(found_of(("owner", "kept", b"1")))
        try:
            with keeping.attempt():
                keeping.keep(found_of(("owner", "tried", b"2"), ("owner", "bad", 1 << 70)))
        except OverflowError as error:
            self.problem = type(error).__name__
        try:
            with keeping.attempt():
                keeping.keep(found_of(("owner", "refused", {})))
        except NotKeptError:
            self.problem += " refused"
        return True


def found_of(*pieces: Any) -> Found:
    """Return findings that hold only these pieces, whatever they are."""
    return Found(pieces=list(pieces))


def test_an_attempt_that_fails_takes_only_itself_back(tmp_path: Path) -> None:
    quarrel = Quarrel()
    with open_store(tmp_path) as store:
        store.observe_with(quarrel)
        assert store.observe_now() is True
        assert quarrel.problem == "OverflowError refused"
        assert store.connection.execute("SELECT key, data FROM engine_piece").fetchall() == [("kept", b"1")]


def test_what_else_belongs_to_an_append_is_kept_with_it_or_not_at_all(tmp_path: Path) -> None:
    def note(connection: sqlite3.Connection) -> None:
        (number,) = connection.execute("SELECT count(*) FROM event").fetchone()
        connection.execute("INSERT INTO counter (name, value) VALUES ('noted', ?)", (number,))

    def refuse(connection: sqlite3.Connection) -> None:
        note(connection)
        raise StoreError("no")

    with open_store(tmp_path) as store:
        source = add_source(store)
        with pytest.raises(StoreError, match="no"):
            store.append([batch(source, line("one"))], refuse)
        assert rows_of(store, "seq") == []
        noted = "SELECT value FROM counter WHERE name = 'noted'"
        assert store.connection.execute(noted).fetchone() is None
        bad = line("bad", input_tokens=1 << 70)
        assert store.append([batch(source, line("one"), bad)], note).last_seq == 1
        assert store.connection.execute(noted).fetchone() == (1,)
