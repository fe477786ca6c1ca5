"""Opening a store: what is created, what is refused and with which words, and that the models fit the migrations."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex
from sqlmodel import SQLModel

from store import dialect, migrations, tables
from store.alerts import tables as alerts
from store.append import rows
from store.errors import (
    NetworkFileSystemError,
    NewerSchemaError,
    NotAStoreError,
    StoreError,
    StoreMissingError,
    StoreUnusableError,
    UnsupportedStoreError,
)
from store.filters.model import Filter
from store.reader import StoreReader
from store.rollups import tables as sums
from store.store import Store
from tests.events import add_source, batch, line, open_reader, open_store, rows_of


def pragma(store: Store, name: str) -> object:
    return store.connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_what_is_fixed_at_creation(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert pragma(store, "page_size") == 8192
        assert pragma(store, "auto_vacuum") == 2
        assert pragma(store, "journal_mode") == "wal"
        assert pragma(store, "application_id") == dialect.APPLICATION_ID
        assert pragma(store, "user_version") == migrations.SCHEMA_VERSION


def test_store_and_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    with open_store(folder) as store:
        store.append([batch(add_source(store), line("x"))])
        files = sorted(folder.iterdir())
        assert [path.name for path in files] == ["events.db", "events.db-shm", "events.db-wal"]
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.append([batch(add_source(store), line("x"))])
    with open_store(tmp_path) as store:
        assert rows_of(store, "seq, message") == [(1, "x")]


def test_the_models_agree_with_the_migrations(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        found = {
            name: [
                (column, kind, bool(required), bool(key))
                for _, column, kind, required, _, key in store.connection.execute(f"PRAGMA table_info({name})")
            ]
            for (name,) in store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("event_text", "sqlite_"))
        }
    modelled = SQLModel.metadata.tables
    assert set(found) == set(modelled)
    assert {sums.Rollup.__tablename__, alerts.Alert.__tablename__} <= set(modelled)
    kinds = {"BIGINT": "INTEGER", "VARCHAR": "TEXT", "FLOAT": "REAL"}
    for name, columns in found.items():
        migrated = [(column, kind, required and not key, key) for column, kind, required, key in columns]
        said = [(c, c.type.compile(sqlite.dialect())) for c in modelled[name].columns]
        expected = [
            (c.name, kinds.get(kind, kind), not c.nullable and not c.primary_key, c.primary_key) for c, kind in said
        ]
        assert sorted(migrated) == sorted(expected), name


def test_the_models_indexes_are_the_migrations_and_fit_postgresql_too(tmp_path: Path) -> None:
    modelled = [index for table in SQLModel.metadata.tables.values() for index in table.indexes]
    assert modelled
    for index in modelled:
        with open_store(tmp_path) as store:
            [(made,)] = store.connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index.name,))
        assert made == str(CreateIndex(index).compile(dialect=sqlite.dialect()))
        assert made == str(CreateIndex(index).compile(dialect=postgresql.dialect()))


def test_rows_are_written_to_every_column(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        names = [row[1] for row in store.connection.execute("PRAGMA table_info(event)")]
    assert sorted(rows.COLUMNS) == sorted(names) == sorted(SQLModel.metadata.tables["event"].columns.keys())
    assert set(names) - {"metadata"} == set(tables.Event.model_fields) - {"payload"}


def make_newer(path: Path) -> None:
    with Store.open(path) as store:
        store.connection.execute(f"PRAGMA user_version = {migrations.SCHEMA_VERSION + 1}")


def make_other_program(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()


def make_text(path: Path) -> None:
    path.write_text("hello\n" * 99)


def make_short_text(path: Path) -> None:
    path.write_text("x")


def make_damaged(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)


Refusal = tuple[Callable[[Path], None], type[StoreError], str]
REFUSED: Final[dict[str, Refusal]] = {
    "newer": (make_newer, NewerSchemaError, "upgrade auditail, nothing was changed"),
    "other program": (make_other_program, NotAStoreError, "another program's database"),
    "text": (make_text, NotAStoreError, "not an SQLite database"),
    "short text": (make_short_text, NotAStoreError, "not an SQLite database"),
    "folder": (Path.mkdir, NotAStoreError, "it is a folder"),
    "damaged": (make_damaged, StoreError, "events.db"),
}


@pytest.mark.parametrize(("make", "kind", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_store_is_refused_and_left_alone(
    tmp_path: Path, make: Callable[[Path], None], kind: type[StoreError], words: str
) -> None:
    path = tmp_path / "events.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for opening in (Store.open, StoreReader.open):
        with pytest.raises(kind, match=words) as caught:
            opening(path)
        assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    if kind is not NewerSchemaError:  # it is a store, and SQLite keeps its two files beside it while it is read
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("address", ["postgresql://me:secret@db/x", "postgres:///x", "sqlite:////x"])
def test_a_servers_address_is_refused_without_its_password(address: str) -> None:
    for opening in (Store.open, StoreReader.open):
        with pytest.raises(UnsupportedStoreError, match="store is not supported") as caught:
            opening(address)  # pyright: ignore[reportArgumentType]
        assert "secret" not in str(caught.value)


def test_what_is_missing_is_created_only_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "no" / "events.db"
    with pytest.raises(StoreMissingError, match="ingest something first"):
        StoreReader.open(path)
    with pytest.raises(StoreMissingError):
        Store.open(path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnusableError, match="cannot use the store"):
        Store.open(tmp_path / "file" / "events.db")


def test_an_empty_file_becomes_a_store_only_by_writing(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    path.touch()
    with pytest.raises(NotAStoreError, match="auditail ingest brings it up to date"):
        StoreReader.open(path)
    assert path.read_bytes() == b""
    Store.open(path).close()
    StoreReader.open(path).close()


@pytest.mark.parametrize("name", ["with blank.db", "per%20cent.db", "ques?tion.db", "ha#sh.db", "ünïcode.db"])
def test_any_file_name_is_taken_as_it_is(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / name) as store:
        store.append([batch(add_source(store), line("x"))])
        assert (tmp_path / name).is_file()
        reader = StoreReader.open(tmp_path / name)
        assert len(reader.newest(Filter(), 5).rows) == 1
        reader.close()


MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/export /home nfs4 rw,vers=4.2 0 0
tmpfs /home/me/local tmpfs rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
odd
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/x.db", "ext4"),
        ("/home/me/x.db", "nfs4"),
        ("/home/me/local/x.db", "tmpfs"),
        ("/homes/x.db", "ext4"),
        ("/mnt/my share/x.db", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_found(tmp_path: Path, path: str, kind: str) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert dialect.file_system_of(Path(path), mounts) == kind
    if kind in ("nfs4", "cifs"):
        with pytest.raises(NetworkFileSystemError, match=f"network file system .{kind}."):
            dialect.check_file(Path(path), mounts)
    else:
        dialect.check_file(Path(path), mounts)


def test_a_system_that_lists_no_mounts_refuses_nothing(tmp_path: Path) -> None:
    assert dialect.file_system_of(tmp_path, tmp_path / "none") is None
    dialect.check_file(tmp_path / "x.db", tmp_path / "none")


def test_tidying_changes_no_answer(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        for number in range(40):
            store.append([batch(source, line(f"word{number} shared", agent_id=f"a{number}"))])
        reader = open_reader(tmp_path)
        before = reader.newest(Filter(), 100)
        assert store.tidy(1)
        while store.tidy(1):
            pass
        assert reader.newest(Filter(), 100) == before
        reader.close()
