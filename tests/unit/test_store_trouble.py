"""What an append does when something is wrong: a value, the disk, the lock, the process."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.batch import Rejected
from store.errors import StoreBusyError, StoreFullError
from store.store import Store
from tests.events import (
    BASE_US,
    add_source,
    batch,
    call,
    checkpoint,
    line,
    open_reader,
    open_store,
    quarantine_entries,
    result,
    rows_of,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def whole(store: Store) -> dict[str, list[Any]]:
    """Return everything that an append may write."""
    tables = "event counter name minute_count event_key call usage_total source quarantine".split()
    found = {name: store.connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}
    found["words"] = store.connection.execute("SELECT rowid FROM event_text WHERE event_text MATCH 'line'").fetchall()
    return found


REFUSED = {
    "a duration beyond 64 bits": {"duration_us": 2**70},
    "a time beyond 64 bits": {"ts_us": 2**70},
    "a lone surrogate in the message": {"message": "half \ud83d a pair"},
    "a lone surrogate in a name": {"agent_id": "\udc00"},
    "a lone surrogate in an id": {"request_id": "\udfff"},
    "tokens beyond 64 bits": {"usage_key": "u", "input_tokens": 2**64},
    "a call with such an id": {"call_id": "\ud800", "event_type": "mcp.tool_call"},
}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED.keys())
def test_a_value_that_cannot_be_stored_costs_one_record(store: Store, tmp_path: Path, fields: dict[str, Any]) -> None:
    source = add_source(store)
    bad = line("bad", offset=40)
    for name, value in fields.items():
        setattr(bad, name, value)
    done = store.append([batch(source, line("good"), bad, line("also good"), line("good"), checkpoint=checkpoint(90))])
    assert (done.events, done.quarantined, done.last_seq) == (3, 1, 3)
    assert rows_of(store, "seq, occurrence") == [(1, 0), (2, 0), (3, 1)]
    [known] = store.sources.known()
    assert known.checkpoint is not None
    assert known.checkpoint.offset == 90
    reader = open_reader(tmp_path)
    [entry] = quarantine_entries(reader)
    reader.close()
    assert entry.offset == 40
    assert entry.reason.startswith("a value cannot be stored: ")
    assert store.append([batch(source, line("next"))]).last_seq == 4


def test_odd_metadata_is_kept_as_it_is(store: Store, tmp_path: Path) -> None:
    odd = {"half": "\ud83d", "great": 2**80, "nul": "a\0b", "deep": [[{"": None}]], "word": "straße"}
    store.append([batch(add_source(store), line("x", metadata=odd))])
    reader = open_reader(tmp_path)
    found = reader.detail(rows_of(store, "id")[0][0])
    reader.close()
    assert found is not None
    assert found.metadata == odd


def test_a_number_that_is_none_in_metadata_is_kept_as_null_or_name(store: Store, tmp_path: Path) -> None:
    store.append([batch(add_source(store), line("x", metadata={"n": math.inf}))])
    reader = open_reader(tmp_path)
    found = reader.detail(rows_of(store, "id")[0][0])
    reader.close()
    assert found is not None
    assert found.metadata == {"n": None}


def test_text_behind_a_nul_is_not_hidden(store: Store, tmp_path: Path) -> None:
    text = "harmless\0" + "é" * 500
    store.append([batch(add_source(store), line(text))])
    reader = open_reader(tmp_path)
    row_id = rows_of(store, "id")[0][0]
    found = reader.detail(row_id)
    reader.close()
    assert found is not None
    assert (found.message, found.summary.message) == (text, text[:400])


def events_of_every_kind() -> list[Any]:
    return [
        line("plain"),
        line("untimed", None),
        line("line named", event_id="id-1", agent_id="agent"),
        line("element", occurrence=0),
        call(),
        result(),
        line("usage", usage_key="u", input_tokens=10),
    ]


def test_a_locked_store_keeps_nothing_and_the_same_batch_goes_in_later(store: Store) -> None:
    source = add_source(store)
    store.connection.execute("PRAGMA busy_timeout = 1")
    before = whole(store)
    full = batch(
        source, *events_of_every_kind(), checkpoint=checkpoint(90), rejected=[Rejected("bad", b"x", 1, 80, None)]
    )
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError, match="locked by another process"):
        store.append([full])
    other.execute("ROLLBACK")
    other.close()
    assert whole(store) == before
    done = store.append([full])
    assert (done.events, done.duplicates, done.quarantined, done.last_seq) == (7, 0, 1, 7)


def test_a_full_disk_keeps_nothing_and_the_same_batch_goes_in_later(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, *events_of_every_kind())])
    before = whole(store)
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    more = [line(f"line {number} {'x' * 5000}", BASE_US + number, agent_id=f"a{number}") for number in range(50)]
    again = events_of_every_kind()
    again[-1].input_tokens = 15
    full = batch(source, *again, *more, checkpoint=checkpoint(90))
    with pytest.raises(StoreFullError, match="no space left"):
        store.append([full])
    assert whole(store) == before
    store.connection.execute("PRAGMA max_page_count = 100000")
    done = store.append([full])
    # The line, the call, its result and the untimed line occur again; the named one and the element are the same.
    assert (done.events, done.duplicates, done.last_seq) == (55, 2, 62)
    assert rows_of(store, "sum(input_tokens)") == [(15,)]
    assert [row[0] for row in rows_of(store, "seq")] == list(range(1, 63))


class StopHereError(Exception):
    """Raised in the middle of a transaction."""


def test_a_failure_in_the_middle_forgets_what_was_learnt(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever raises: names, occurrences, keys, calls and totals must not be believed after the rollback."""
    source = add_source(store)
    before = whole(store)

    def stop() -> int:
        raise StopHereError

    with monkeypatch.context() as patched:
        patched.setattr(store._appender._minutes, "flush", stop)  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(StopHereError):
            store.append([batch(source, *events_of_every_kind(), checkpoint=checkpoint(90))])
    assert whole(store) == before
    done = store.append([batch(source, *events_of_every_kind(), checkpoint=checkpoint(90))])
    assert (done.events, done.duplicates, done.last_seq) == (7, 0, 7)
    assert rows_of(store, "occurrence, outcome") == [(0, 0)] * 5 + [(0, 1), (0, 0)]
    assert rows_of(store, "input_tokens", "seq DESC")[0] == (10,)


def test_checkpoint_and_events_come_together(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        wanted = checkpoint(1234, generation=2, head=b"\0head", reader_state=b'{"a":1}', settled=True)
        store.append([batch(source, line("x"), generation=2, checkpoint=wanted)])
    with open_store(tmp_path) as store:
        [known] = store.sources.known()
        assert known.checkpoint == wanted
        assert (known.path, known.gone) == (b"/logs/a.jsonl", False)
