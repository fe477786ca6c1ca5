"""A backup: of one moment, while others write, whole or not there at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store import dialect, migrations
from store.backup import BackupError, CopyProgress, back_up
from store.dialect import copies
from store.errors import NewerSchemaError, NotAStoreError, StoreMissingError
from store.store import Store
from tests.events import add_source, batch, line, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of 300 events, open for writing; some of it is still in the write-ahead log."""
    with open_store(tmp_path) as opened:
        opened.append([batch(add_source(opened), *(line(f"line {number}") for number in range(300)))])
        yield opened


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "_COPY_PAGES", 2)
    monkeypatch.setattr(copies, "_CHECK_STEPS", 100)


def silent(_progress: CopyProgress) -> None:
    """Show nothing."""


def events_in(path: Path) -> int:
    """Return how many events a file has, opened where nothing can be written."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])


def left_in(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_one_private_file_with_everything_in_it(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    size = back_up(store.path, place / "one", replace=False, on_progress=silent)
    assert left_in(place) == ["one"]
    assert (place / "one").stat().st_size == size
    assert (place / "one").stat().st_mode & 0o777 == 0o600
    assert events_in(place / "one") == 300
    with Store.open(place / "one") as copy:
        found = copy.connection.execute("SELECT count(*) FROM event_text WHERE event_text MATCH '\"line\"'")
        assert found.fetchone() == (300,)


@pytest.mark.usefixtures("small_steps")
def test_writers_go_on_and_the_copy_is_of_one_moment(store: Store, tmp_path: Path) -> None:
    steps: list[CopyProgress] = []
    with open_store(tmp_path) as other:
        source = add_source(other, b"/logs/later.jsonl")

        def write(progress: CopyProgress) -> None:
            steps.append(progress)
            other.append([batch(source, line(f"later {len(steps)}"))])

        back_up(store.path, tmp_path / "copy", replace=False, on_progress=write)
    copying = [step.done for step in steps if step.doing == "copying"]
    assert len(copying) > 5
    assert copying == sorted(copying)
    assert steps[-1].doing == "checking"
    assert steps[-1].done == steps[-1].total == copying[-1]
    assert events_in(tmp_path / "copy") == 300
    assert store.connection.execute("SELECT count(*) FROM event").fetchone() == (300 + len(steps),)


def test_an_existing_file_is_kept_unless_told(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    with pytest.raises(BackupError, match=r"there already.*--force"):
        back_up(store.path, target, replace=False, on_progress=silent)
    assert target.read_text() == "mine"
    back_up(store.path, target, replace=True, on_progress=silent)
    assert events_in(target) == 300


def test_what_appears_meanwhile_is_not_replaced(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy"

    def appear(_progress: CopyProgress) -> None:
        target.write_text("mine")

    with pytest.raises(BackupError):
        back_up(store.path, target, replace=False, on_progress=appear)
    assert target.read_text() == "mine"
    assert [name for name in left_in(tmp_path) if name.endswith(".part")] == []


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", ".scanner.lock"])
def test_the_store_itself_is_no_target(store: Store, tmp_path: Path, ending: str) -> None:
    target = store.path.with_name(store.path.name + ending)
    before = target.read_bytes() if target.exists() else None
    (tmp_path / "link").symlink_to(target)
    for name in (target, tmp_path / "link", tmp_path / "." / "x" / ".." / target.name):
        with pytest.raises(BackupError, match="the store's own file"):
            back_up(store.path, name, replace=True, on_progress=silent)
    assert (target.read_bytes() if target.exists() else None) == before


def test_a_hard_link_to_the_store_is_no_target(store: Store, tmp_path: Path) -> None:
    os.link(store.path, tmp_path / "other name")
    with pytest.raises(BackupError, match="the store's own file"):
        back_up(store.path, tmp_path / "other name", replace=True, on_progress=silent)


def test_places_that_cannot_be_written_are_named(store: Store, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "nowhere/copy", "there is no folder"),
        (tmp_path / "pipe", "not an ordinary file"),
    ):
        with pytest.raises(BackupError, match=words):
            back_up(store.path, target, replace=True, on_progress=silent)


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("at", ["copying", "checking"])
def test_an_interrupted_backup_leaves_nothing(store: Store, tmp_path: Path, at: str) -> None:
    (tmp_path / "copy").write_text("the last good one")
    before = left_in(tmp_path)

    def interrupt(progress: CopyProgress) -> None:
        if progress.doing == at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(store.path, tmp_path / "copy", replace=True, on_progress=interrupt)
    assert left_in(tmp_path) == before
    assert (tmp_path / "copy").read_text() == "the last good one"
    store.append([batch(add_source(store, b"/b"), line("goes on"))])


def test_a_damaged_store_gives_no_backup(store: Store, tmp_path: Path) -> None:
    store.close()
    pages = store.path.stat().st_size // 8192
    with store.path.open("r+b") as file:
        for page in range(3, pages):
            file.seek(page * 8192)
            file.write(b"\xff" * 200)
    with pytest.raises(BackupError, match="is damaged"):
        back_up(store.path, tmp_path / "copy", replace=False, on_progress=silent)
    assert not (tmp_path / "copy").exists()


def test_no_room_is_said_before_the_copy_begins(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def a_hundred_kilobytes(_folder: Path) -> int:
        return 100_000

    monkeypatch.setattr("store.backup._free_bytes", a_hundred_kilobytes)
    steps: list[CopyProgress] = []
    size = dialect.size_of(store.connection) / 1_000_000
    with pytest.raises(BackupError, match=rf"has 0.1 MB left and {size:,.1f} MB are needed"):
        back_up(store.path, tmp_path / "copy", replace=False, on_progress=steps.append)
    assert steps == []


def test_what_is_no_store_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        back_up(tmp_path / "none", tmp_path / "copy", replace=False, on_progress=silent)
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(NotAStoreError, match="another program's"):
        back_up(tmp_path / "foreign", tmp_path / "copy", replace=False, on_progress=silent)
    with Store.open(tmp_path / "newer") as newer:
        newer.connection.execute(f"PRAGMA user_version = {migrations.SCHEMA_VERSION + 1}")
    with pytest.raises(NewerSchemaError):
        back_up(tmp_path / "newer", tmp_path / "copy", replace=False, on_progress=silent)
    assert [name for name in left_in(tmp_path) if name not in ("newer-shm", "newer-wal")] == ["foreign", "newer"]
