"""Scanners on a store that is locked for long, or damaged: waited out, or refused in one line that says what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from ingest.exit_codes import EXIT_OK, EXIT_STORE
from store.errors import StoreDamagedError
from store.lease_note import read_note
from tests.ingest_place import Place, line
from tests.scanner_runs import running_scanner, stored, supervised, until, watch

PAGE: Final = 8192
OVERWRITTEN: Final = b"\xa5" * PAGE


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    watch(place)
    return place


def trouble(place: Place) -> str:
    note = read_note(place.store)
    return (note.trouble if note is not None else None) or ""


def damage(place: Place, *tables: str) -> bytes:
    """Overwrite the first page of these tables (`sqlite_master`: the beginning of the file); return what stands now."""
    with closing(sqlite3.connect(place.store)) as connection:
        until(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)  # 1: a reader is at it
        found = {"sqlite_master": 1, **dict(connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall())}
    with place.store.open("r+b") as file:
        for table in tables:
            file.seek((found[table] - 1) * PAGE)
            file.write(OVERWRITTEN)
    return place.store.read_bytes()


def test_a_lock_that_is_held_for_long_is_waited_out(place: Place) -> None:
    place.append("a.jsonl", line("before"))
    with running_scanner(place) as scanner:
        until(lambda: stored(place) == 1)
        with closing(sqlite3.connect(place.store, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            place.append("a.jsonl", line("meanwhile"))
            until(lambda: "locked by another process" in trouble(place))
            assert scanner.poll() is None
            other.execute("ROLLBACK")
        until(lambda: stored(place) == 2)
        until(lambda: not trouble(place) and place.rows("SELECT trouble FROM lease") == [(None,)])
    assert place.messages() == ["before", "meanwhile"]


def test_told_to_end_while_the_store_is_locked_it_ends(place: Place) -> None:
    with running_scanner(place) as scanner, closing(sqlite3.connect(place.store, isolation_level=None)) as other:
        until(lambda: place.rows("SELECT 1 FROM lease WHERE last_scan_us IS NOT NULL") != [])
        other.execute("BEGIN IMMEDIATE")
        place.append("a.jsonl", line("one"))
        until(lambda: "locked by another process" in trouble(place))
        scanner.terminate()
        assert scanner.wait() == EXIT_OK
        other.execute("ROLLBACK")
    with running_scanner(place):
        until(lambda: stored(place) == 1)


@pytest.mark.parametrize("table", ["sqlite_master", "source", "event"])
def test_a_damaged_store_is_refused_and_left_as_it_is(place: Place, table: str) -> None:
    place.write("a.jsonl", b"".join(line(str(number)) for number in range(100)))
    place.ingest()
    now = damage(place, table)
    with running_scanner(place) as scanner:
        assert scanner.wait() == EXIT_STORE
        assert scanner.stderr is not None
        said = scanner.stderr.read().decode()
    assert said.count("\n") == 1
    assert "auditail restore BACKUP" in said
    assert place.store.read_bytes() == now
    with pytest.raises(StoreDamagedError):
        place.ingest()
    assert place.store.read_bytes() == now


def test_damage_that_is_met_while_it_runs_ends_it_with_a_line(place: Place) -> None:
    place.append("a.jsonl", line("one"))
    with running_scanner(place) as scanner:
        until(lambda: stored(place) == 1)
        damage(place, "source", "lease", "counter")
        place.append("a.jsonl", line("two"))
        assert scanner.wait() == EXIT_STORE
        assert scanner.stderr is not None
        said = scanner.stderr.read().decode()
    assert said.count("\n") == 1
    assert "auditail restore BACKUP" in said


def test_a_dashboard_says_what_is_wrong_with_its_store(place: Place) -> None:
    damage(place, "source")
    with supervised(place) as supervisor:
        until(lambda: "auditail restore BACKUP" in (supervisor.problem or ""))
