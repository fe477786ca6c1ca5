"""Everything that only SQLite says: pragmas, full text, plan hints, file checks. The one place for it."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, Integer, LargeBinary, Text, cast, column, create_engine, event, func, table, text
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from store.errors import (
    NetworkFileSystemError,
    NotAStoreError,
    StoreDamagedError,
    StoreUnusableError,
    UnsupportedStoreError,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.elements import SQLCoreOperations

APPLICATION_ID: Final = 0x61756474
"""`audt`: tells an auditail store from another program's database."""

MOUNTS: Final = Path("/proc/self/mounts")
"""Where Linux lists what is mounted; elsewhere there is no such file, and no file system is refused."""

BUSY_TIMEOUT_MS: Final = 10_000
_PAGE_SIZE: Final = 8192
_BYTES_PER_CHARACTER: Final = 4
_COPY_PAGES: Final = 256
"""Pages of a copy between two looks at whether it shall go on: 2 MiB."""
_CHECK_STEPS: Final = 200_000
"""Instructions of a check between two such looks: some milliseconds."""
_WRITER_CACHE_KIB: Final = 32 * 1024
_READER_CACHE_KIB: Final = 64 * 1024
_HEADER: Final = b"SQLite format 3\x00"
SIZE: Final = text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
"""Bytes of the database as it is with its write-ahead log folded in; the file alone may still lack most of it."""
_SIZES: Final = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
_WHOLE: Final = ("page_count", "page_size")
_STEPS_BETWEEN_LOOKS: Final = 10_000
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    " ORDER BY name = 'event', name = 'event_text_data', name"
)
"""All tables with pages of their own, the greatest last."""
_NETWORK_FILE_SYSTEMS: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs"})

_MOUNT_PARTS: Final = 3
_MOUNT_ESCAPE: Final = re.compile(r"\\([0-7]{3})")
"""How a list of mounts writes a blank in a path."""

COLUMN_TYPES: Final = {"key": "INTEGER", "big": "INTEGER", "int": "INTEGER", "bytes": "BLOB", "real": "REAL"}
"""Names of column types in migrations; a 64-bit key must be INTEGER to be SQLite's row id."""

_FULL_TEXT_DDL: Final = (
    "CREATE VIRTUAL TABLE event_text USING fts5("
    "body, content='', columnsize=0, detail=full, tokenize=\"ascii tokenchars '_'\")"
)
_FULL_TEXT_SETTINGS: Final = (("automerge", 0), ("crisismerge", 32), ("hashsize", 64 << 20))
"""Merging segments inside the append costs a third of it (measured); `tidy_full_text` does that while nothing waits."""

INSERT_FULL_TEXT: Final = "INSERT INTO event_text (rowid, body) VALUES (?, ?)"


def create_full_text(connection: sqlite3.Connection) -> None:
    """Create the inverted index. It holds words, ids, and the number of every name, so it is the index of all lists."""
    connection.execute(_FULL_TEXT_DDL)
    connection.executemany("INSERT INTO event_text (event_text, rank) VALUES (?, ?)", _FULL_TEXT_SETTINGS)


def tidy_full_text(connection: sqlite3.Connection, pages: int) -> bool:
    """Merge segments of the inverted index, writing about `pages` pages; return whether there is more to merge."""
    before = connection.total_changes
    connection.execute("INSERT INTO event_text (event_text, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before > 1


def refuse_other_addresses(path: str) -> None:
    """Raise where `path` is the address of a database server instead of a file."""
    if "://" in path:
        raise UnsupportedStoreError(path)


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the file system that holds `path`; None where the system does not tell."""
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return None
    target = os.path.realpath(path)
    best, kind = "", None
    for line in lines:
        if len(parts := line.split()) < _MOUNT_PARTS:
            continue
        point, found = _MOUNT_ESCAPE.sub(lambda match: chr(int(match[1], 8)), parts[1]), parts[2]
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, found
    return kind


def check_file(path: Path, mounts: Path = MOUNTS) -> None:
    """Raise where the file at `path` cannot be an SQLite store; an absent or empty file is fine.

    Raises:
        NotAStoreError: it is a folder or another kind of file.
        NetworkFileSystemError: it lies on a network file system.
        StoreDamagedError: it was a store, and its beginning was overwritten.
        StoreUnusableError: it cannot be read.
    """
    kind = file_system_of(path, mounts)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise NetworkFileSystemError(path, kind or "")
    try:
        if path.is_dir():
            raise NotAStoreError(path, "it is a folder")
        if not path.exists():
            return
        with path.open("rb") as file:
            start = file.read(len(_HEADER))
    except OSError as error:
        raise StoreUnusableError(path, error.strerror or str(error)) from error
    if start and start != _HEADER:
        if path.with_name(path.name + ".scanner.lock").exists():  # it was a store of ours once
            raise StoreDamagedError(path, "the beginning of its file was overwritten")
        raise NotAStoreError(path, "it is not an SQLite database")


def check_application(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `NotAStoreError` where the database belongs to another program."""
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if found != APPLICATION_ID and tables:
        raise NotAStoreError(path, "it is another program's database")


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return connection


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open (and create) the file for writing. Nothing is changed yet: see `prepare_writer`."""
    return _connect(path, read_only=False)


def prepare_writer(connection: sqlite3.Connection) -> None:
    """Set what a writer needs in a file that is known to be ours; before the first table, for it fixes some of it."""
    if connection.execute("PRAGMA page_count").fetchone()[0] == 0:  # else they would write for nothing
        connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open the file for reading only."""
    connection = _connect(path, read_only=True)
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA case_sensitive_like = ON")
    connection.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
    return connection


def size_by_object(path: Path, stopped: Callable[[], bool]) -> dict[str, int] | None:
    """Return how many bytes of the file each table and index takes; pages of no table stand under an empty name.

    Looks at every page on a connection of its own. None: this SQLite cannot tell, or `stopped` became true.
    """
    connection = connect_reader(path)
    try:
        connection.set_progress_handler(stopped, _STEPS_BETWEEN_LOOKS)
        sizes = {str(name): int(size) for name, size in connection.execute(_SIZES)}
        pages, page_size = (int(connection.execute(f"PRAGMA {what}").fetchone()[0]) for what in _WHOLE)
    except sqlite3.OperationalError:
        return None
    finally:
        connection.close()
    return sizes | {"": max(pages * page_size - sum(sizes.values()), 0)}


def connect_draft(path: Path) -> sqlite3.Connection:
    """Open a file that is being made and that nobody else knows: what is lost with the power can be made again."""
    connection = _connect(path, read_only=False)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def writer_engine(connection: sqlite3.Connection) -> Engine:
    """Return an engine over one writing connection; every transaction is BEGIN IMMEDIATE.

    A transaction that reads first and writes later would fail at once with SQLITE_BUSY_SNAPSHOT, whatever the timeout.
    """
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(started: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        started.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def reader_engine(path: Path, size: int) -> Engine:
    """Return an engine of at most `size` reading connections, each statement on its own snapshot."""
    pool = QueuePool if size > 1 else NullPool
    options: dict[str, Any] = {"pool_size": size, "max_overflow": 2} if size > 1 else {}
    # Nothing is ever written through these connections, so there is nothing to roll back when one is given back.
    options["pool_reset_on_return"] = None
    return create_engine("sqlite://", creator=lambda: connect_reader(path), poolclass=pool, **options)


@contextmanager
def transaction(connection: sqlite3.Connection, *, durable: bool = False) -> Generator[None]:
    """Commit what the block does, or nothing of it where it raises.

    `durable`: the commit waits for the disk. The log is written in order, so that everything that was committed before,
    by whichever process, is then safe from a loss of power too; an ordinary commit is safe only from a kill.
    """
    if durable:
        connection.execute("PRAGMA synchronous = FULL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        if durable:
            connection.execute("PRAGMA synchronous = NORMAL")


def flush_folder(path: Path) -> None:
    """Wait until the folder that holds the store's file is on the disk, so that the file cannot vanish from it."""
    descriptor = os.open(path.absolute().parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_something(connection: sqlite3.Connection) -> None:
    """Change the file without changing what it says: a commit that wrote nothing would not wait for the disk."""
    connection.execute("UPDATE counter SET value = value WHERE name = 'source'")


def data_version(connection: sqlite3.Connection) -> int:
    """Return a number that changes when another connection has committed."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection, on_step: Callable[[int, int], None]) -> None:
    """Copy everything into an empty database; `on_step` gets the pages done and all pages, and may raise to end it.

    The copy is of one moment. The read transaction is held throughout: it keeps no writer of a write-ahead log waiting,
    and without it each commit of another process would make the copy begin anew.
    """
    source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=_COPY_PAGES, progress=lambda _status, left, total: on_step(total - left, total))
    finally:
        source.execute("ROLLBACK")


def size_of(connection: sqlite3.Connection) -> int:
    """Return how many bytes a copy of the database takes."""
    return int(
        connection.execute("PRAGMA page_count").fetchone()[0] * connection.execute("PRAGMA page_size").fetchone()[0]
    )


def leave_wal(connection: sqlite3.Connection, wait_ms: int = 500) -> bool:
    """Fold the write-ahead log into the file and go on without one.

    Returns False where another connection still has the file open after `wait_ms`.
    """
    connection.execute(f"PRAGMA busy_timeout = {wait_ms}")
    try:
        return connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            return False
        raise


def damage(connection: sqlite3.Connection, on_step: Callable[[], None]) -> str | None:
    """Look at every page; return what is wrong in a few words, or None. `on_step` is called now and then."""

    def step() -> int:
        on_step()
        return 0

    connection.set_progress_handler(step, _CHECK_STEPS)
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    finally:
        connection.set_progress_handler(None, 0)
    return None if found == "ok" else " ".join(found.split())


def damage_within(connection: sqlite3.Connection, limit_s: float) -> tuple[str | None, bool]:
    """Look for damage for at most `limit_s` seconds, in the small tables first; it takes about 4 s for a gigabyte.

    Returns what is wrong in one line (None: nothing was found), and whether all of the file was looked at.

    Raises:
        sqlite3.Error: it cannot even be read.
    """
    until = time.monotonic() + limit_s
    named = connection.execute(_TABLES).fetchall()
    connection.set_progress_handler(lambda: time.monotonic() > until, _CHECK_STEPS)
    try:
        for (name,) in named:
            found = str(connection.execute(f'PRAGMA quick_check("{name}")').fetchone()[0])
            if found != "ok":
                return " ".join(found.split()), True
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return None, False
    finally:
        connection.set_progress_handler(None, 0)
    return None, True


def set_patience(connection: sqlite3.Connection, limit_s: float) -> None:
    """Let every statement wait for at most so long while another connection holds the lock that it needs."""
    connection.execute(f"PRAGMA busy_timeout = {round(limit_s * 1000)}")


def user_version(connection: sqlite3.Connection) -> int:
    """Return the schema's number; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


FULL_TEXT: Final = table("event_text", column("rowid", Integer), column("event_text", Text))
"""The inverted index as a table of row ids; join it to `event` and order by its row id, which it walks in order."""


def full_text_match(query: str) -> ColumnElement[bool]:
    """Return the condition that a row of `FULL_TEXT` matches a query built by `store.filters.compiler`."""
    return FULL_TEXT.c.event_text.op("MATCH", is_comparison=True)(query)


def beginning(text: SQLCoreOperations[Any], limit: int) -> ColumnElement[bytes]:
    """Return the expression for the first characters of a text, to be read by `read_beginning`.

    SQLite's functions on text stop at a NUL and would hide what stands behind it, so the bytes are cut.
    """
    return func.substr(cast(text, LargeBinary), 1, limit * _BYTES_PER_CHARACTER, type_=LargeBinary)


def read_beginning(found: bytes | None, limit: int) -> str | None:
    """Return the first `limit` characters of what `beginning` has given."""
    return None if found is None else found.decode("utf-8", "ignore")[:limit]


def total(expression: SQLCoreOperations[Any]) -> ColumnElement[int]:
    """Return the sum of an integer expression, 0 where there are no rows."""
    return func.coalesce(func.sum(expression), 0)
