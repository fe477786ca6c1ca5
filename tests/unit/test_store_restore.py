"""Restoring: the backup is checked, the old store kept, and what came since is read again, once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store import dialect, migrations
from store.backup import BackupError, CopyProgress, back_up
from store.errors import NewerSchemaError
from store.lease import ScannerLease, lease_is_held
from store.reader import StoreReader
from store.restore import Restored, ScannerRunningError, restore
from store.store import Store
from tests.events import add_source, batch, line
from tests.ingest_place import Place
from tests.ingest_place import line as written

AT_US = 1_795_388_400_000_000
"""2026-11-22 23:00:00 UTC."""
KEPT = "store.db.before-20261122T230000Z"


def silent(_progress: CopyProgress) -> None:
    """Show nothing."""


def put_back(place: Place, backup: Path) -> Restored:
    """Restore with a clock that stands still."""
    return restore(backup, place.store, on_progress=silent, clock=lambda: AT_US)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder that was read, and a store."""
    place = Place(tmp_path)
    place.write("a.jsonl", b"".join(written(text) for text in ("one", "two", "two")))
    place.ingest()
    return place


@pytest.fixture
def backup(place: Place, tmp_path: Path) -> Path:
    """What the store was when the test began."""
    back_up(place.store, tmp_path / "backup", replace=False, on_progress=silent)
    return tmp_path / "backup"


def test_what_came_since_is_read_again_and_nothing_twice(place: Place, backup: Path) -> None:
    place.append("a.jsonl", written("two") + written("three"))
    place.write("b.json", written("single"))
    place.write("c.jsonl", written("one") + b"bad\n" + written("four"))
    place.ingest()
    (place.folder / "a.jsonl").rename(place.folder / "a.jsonl.1")
    everything = ["four", "one", "one", "single", "three", "two", "two", "two"]
    assert place.messages() == everything
    kept = place.store.with_name(KEPT)
    assert put_back(place, backup) == Restored(3, kept)
    assert place.messages() == ["one", "two", "two"]
    assert place.reasons() == []
    summary = place.ingest()
    assert (summary.events, summary.quarantined) == (5, 1)
    assert place.messages() == everything
    again = place.ingest()
    assert (again.events, again.quarantined) == (0, 0)


def test_the_old_store_is_kept_whole(place: Place, backup: Path) -> None:
    place.append("a.jsonl", written("later"))
    place.ingest()
    # The log of a killed process: what is in it must not be lost, and must not be applied to the restored store.
    wal, shm = (place.store.with_name(place.store.name + ending) for ending in ("-wal", "-shm"))
    with Store.open(place.store) as store:
        store.append([batch(add_source(store), line("only in the log"))])
        old_wal, old_shm, old_file = wal.read_bytes(), shm.read_bytes(), place.store.read_bytes()
    for path, data in ((place.store, old_file), (wal, old_wal), (shm, old_shm)):
        path.write_bytes(data)
    assert put_back(place, backup).kept == place.store.with_name(KEPT)
    assert [path.exists() for path in (wal, shm)] == [False, False]
    assert place.messages() == ["one", "two", "two"]
    with Store.open(place.store.with_name(KEPT)) as kept:
        found = kept.connection.execute("SELECT message FROM event ORDER BY message").fetchall()
    assert found == [("later",), ("one",), ("only in the log",), ("two",), ("two",)]
    second = put_back(place, backup).kept
    assert second == place.store.with_name(KEPT + "-2")


def test_a_ruined_store_is_replaced_and_kept_as_it_is(place: Place, backup: Path) -> None:
    place.store.write_bytes(b"this is no database at all" * 400)
    wal = place.store.with_name(place.store.name + "-wal")
    wal.write_bytes(b"what was in the log")
    put_back(place, backup)
    assert place.messages() == ["one", "two", "two"]
    kept = place.store.with_name(KEPT)
    assert kept.read_bytes() == b"this is no database at all" * 400
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"what was in the log"
    assert not wal.exists()


def test_where_there_is_no_store_one_is_made(place: Place, backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "store.db"
    assert restore(backup, path, on_progress=silent) == Restored(3, None)
    assert sorted(found.name for found in path.parent.iterdir()) == ["store.db", "store.db.scanner.lock"]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    reader = StoreReader.open(path)
    assert reader.extent().events == 3
    reader.close()
    place.store = path
    assert place.ingest().events == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [("dashboard", "close the dashboard"), ("service", "stop the service"), ("ingest", "let `auditail ingest` end")],
)
def test_a_running_scanner_is_named_and_nothing_changes(place: Place, backup: Path, kind: str, words: str) -> None:
    with Store.open(place.store) as store:
        lease = ScannerLease(store, kind)
        lease.acquire()
        with pytest.raises(ScannerRunningError, match=words) as caught:
            put_back(place, backup)
        lease.release()
    assert caught.value.kind == kind
    assert not place.store.with_name(KEPT).exists()


def test_a_store_that_is_open_elsewhere_is_not_taken_away(place: Place, backup: Path) -> None:
    reader = StoreReader.open(place.store)
    assert reader.extent().events == 3
    with Store.open(place.store) as other:
        with pytest.raises(BackupError, match=r"another process has .* open"):
            put_back(place, backup)
        other.append([batch(add_source(other), line("still the store"))])
    reader.close()
    assert "still the store" in place.messages()
    assert not lease_is_held(place.store)
    assert [path.name for path in place.store.parent.iterdir() if path.name.endswith(".part")] == []


def test_no_scanner_begins_while_it_is_restored(place: Place, backup: Path) -> None:
    held: list[bool] = []
    restore(backup, place.store, on_progress=lambda _progress: held.append(lease_is_held(place.store)))
    assert held
    assert all(held)
    assert not lease_is_held(place.store)


def test_what_is_no_backup_changes_nothing(place: Place, backup: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE t (x)")
    (tmp_path / "text").write_text("no database")
    damaged = tmp_path / "damaged"
    damaged.write_bytes(backup.read_bytes()[:8192] + b"\xff" * (backup.stat().st_size - 8192))
    before = place.store.read_bytes()
    for name, words in (
        (tmp_path / "missing", "there is no"),
        (tmp_path / "foreign", "no copy of an auditail store"),
        (tmp_path / "text", "no copy of an auditail store"),
        (place.store, "is the store itself"),
        (damaged, "damaged"),
    ):
        with pytest.raises(BackupError, match=words):
            put_back(place, name)
    assert place.store.read_bytes() == before
    assert not place.store.with_name(KEPT).exists()


def test_a_newer_backup_is_refused(place: Place, backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.SCHEMA_VERSION + 1}")
    with pytest.raises(NewerSchemaError):
        put_back(place, backup)
    assert place.messages() == ["one", "two", "two"]


def test_an_older_backup_is_brought_up_to_date_and_stays_as_it_is(place: Place, tmp_path: Path) -> None:
    old = tmp_path / "old"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        dialect.prepare_writer(connection)
        migrations.STEPS[0](connection)
        connection.execute(f"PRAGMA application_id = {dialect.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
    before = old.read_bytes()
    assert put_back(place, old).events == 0
    assert place.rows("PRAGMA user_version") == [(migrations.SCHEMA_VERSION,)]
    assert old.read_bytes() == before
    assert place.ingest().events == 3
