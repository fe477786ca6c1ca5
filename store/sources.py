"""What is read: named folders, files and streams, and every source found in them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Engine, case, delete, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from store import dialect, tables
from store.batch import Checkpoint
from store.dialect import total
from store.failures import as_store_error
from store.left_alone import PASSED_KINDS, PassedOver, as_passed_over
from store.session import writing

FolderKind = Literal["folder", "file", "stream"]
FolderMode = Literal["watch", "once"]
State = Literal["ok", "idle", "slow", "missing", "unreadable"]

_KIND_BITS: Final = 3

_KNOWN: Final = (
    "source_no, folder_no, path, lineage, gone, generation, byte_offset, line, head, head_size, tail, device, inode,"
    " size, mtime_ns, format, reader_state, settled"
)
_ADD: Final = (
    "INSERT INTO source (source_no, folder_no, path, lineage, gone, state, byte_offset, line, head, head_size, tail,"
    " device, inode, size, mtime_ns, reader_state, settled, newest_ms, events, duplicates, quarantined, redacted,"
    " uncounted) VALUES (?, ?, ?, ?, 0, 'ok', 0, 0, x'', 0, x'', 0, 0, 0, 0, x'', 0, -1, 0, 0, 0, 0, 0)"
)
_SETTLED_SUMS: Final = select(
    *(
        total(col(column))
        for column in (
            tables.Directory.files,
            tables.Directory.events,
            tables.Directory.duplicates,
            tables.Directory.redacted,
        )
    )
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, file or stream that was named. Mode `once` is read one time and then `done`."""

    folder_no: int
    path: bytes
    kind: FolderKind
    mode: FolderMode
    done: bool


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A file that was seen before. `checkpoint` None: nothing of it has been read yet."""

    source_no: int
    folder_no: int
    path: bytes
    lineage: bytes
    checkpoint: Checkpoint | None
    gone: bool


@dataclass(frozen=True, slots=True)
class FolderTotals:
    """What a folder's sources have given so far."""

    files: int
    events: int
    duplicates: int
    quarantined: int
    redacted: int
    unreadable: int


class SourceRegistry:
    """Reads and writes folders and sources. Methods raise `StoreError` where the store cannot be used."""

    def __init__(
        self,
        engine: Engine,
        connection: sqlite3.Connection,
        lock: threading.RLock,
        path: Path,
        clock: Callable[[], int],
    ) -> None:
        """Use `Store.sources`."""
        self._engine = engine
        self._connection = connection
        self._lock = lock
        self._path = path
        self._clock = clock

    def folders(self) -> list[Folder]:
        """Return every named folder, in the order in which they were added."""
        with self._session() as session:
            statement = select_rows(tables.Folder).order_by(col(tables.Folder.folder_no))
            return [_folder(row) for row in session.exec(statement)]

    def add_folder(self, path: bytes, kind: FolderKind, mode: FolderMode) -> Folder:
        """Name a path to be read. Again for the same path: `watch` wins, and `once` is to be done anew."""
        with self._session() as session:
            row = session.exec(select_rows(tables.Folder).where(tables.Folder.path == path)).first()
            if row is None:
                row = tables.Folder(path=path, kind=kind, mode=mode, added_us=self._clock())
            elif "watch" in (row.mode, mode):
                row.mode = "watch"
            row.kind, row.done = kind, 0
            session.add(row)
            session.flush()
            return _folder(row)

    def set_folder_state(self, folder_no: int, state: State, reason: str | None) -> None:
        """Say how a folder is; `reason` is one line that says what to do."""
        self._update_folder(folder_no, state=state, reason=reason)

    def finish_folder(self, folder_no: int) -> None:
        """Mark a folder of mode `once` as read."""
        self._update_folder(folder_no, done=1)

    def note_passed_over(self, folder_no: int, found: Sequence[PassedOver]) -> None:
        """Say what a folder holds that is no plain file, in place of what was said before."""
        row = tables.PassedOver
        with self._session() as session:
            session.exec(delete(row).where(col(row.folder_no) == folder_no))
            for one in found:
                number = folder_no << _KIND_BITS | PASSED_KINDS.index(one.kind)
                session.add(row(id=number, folder_no=folder_no, kind=one.kind, number=one.number, example=one.example))

    def passed_over(self, folder_no: int) -> tuple[PassedOver, ...]:
        """Return what was last said that a folder holds and is no plain file."""
        row = tables.PassedOver
        statement = select_rows(row).where(col(row.folder_no) == folder_no).order_by(col(row.id))
        with self._session() as session:
            return tuple(as_passed_over(one.kind, one.number, one.example) for one in session.exec(statement))

    def forget_why_files_stay(self) -> None:
        """Drop the reasons why finished files stay: for when nobody wants them to go."""
        source = tables.Source
        with self._session() as session:
            kept = (col(source.state) == "ok", col(source.reason).is_not(None))
            session.exec(update(source).where(*kept).values(reason=None))

    def known(self) -> list[KnownSource]:
        """Return every source that has a full row and whose checkpoint was not dropped; see `Store.settled`."""
        with self._writing() as connection:
            rows = connection.execute(f"SELECT {_KNOWN} FROM source WHERE gone < 2 ORDER BY source_no").fetchall()
        return [_known(row) for row in rows]

    def find(self, source_no: int) -> KnownSource | None:
        """Return one source that has a full row, without a checkpoint where that was dropped; None: there is none."""
        with self._writing() as connection:
            row = connection.execute(f"SELECT {_KNOWN} FROM source WHERE source_no = ?", (source_no,)).fetchone()
        return None if row is None else _known(row)

    def add_many(self, found: Sequence[tuple[int, bytes, bytes]]) -> list[int]:
        """Store new sources (folder number, path, lineage) in one transaction; return their numbers in that order."""
        if not found:
            return []
        with self._writing() as connection:
            connection.execute("UPDATE counter SET value = value + ? WHERE name = 'source'", (len(found),))
            last = int(connection.execute("SELECT value FROM counter WHERE name = 'source'").fetchone()[0])
            numbers = list(range(last - len(found) + 1, last + 1))
            connection.executemany(_ADD, [(number, *one) for number, one in zip(numbers, found, strict=True)])
            return numbers

    def move(self, source_no: int, path: bytes, folder_no: int) -> None:
        """Note that a source now lies at another path."""
        self._update_sources([source_no], path=path, folder_no=folder_no, gone=0, gone_us=None)

    def mark_gone(self, source_nos: Sequence[int]) -> None:
        """Note that sources' files are no longer there; their checkpoints stay."""
        self._update_sources(source_nos, gone=1, gone_us=self._clock())

    def set_state(self, source_no: int, state: State, reason: str | None) -> None:
        """Say how a source is."""
        self._update_sources([source_no], state=state, reason=reason)

    def totals(self, folder_no: int) -> FolderTotals:
        """Return what the folder's sources have given so far."""
        source = tables.Source
        statement = select(
            func.count(),
            total(col(source.events)),
            total(col(source.duplicates)),
            total(col(source.quarantined)),
            total(col(source.redacted)),
            total(case((col(source.state) == "unreadable", 1), else_=0)),
        ).where(col(source.folder_no) == folder_no)
        with self._session() as session:
            files, events, duplicates, quarantined, redacted, unreadable = session.connection().execute(statement).one()
            settled = (
                session.connection().execute(_SETTLED_SUMS.where(col(tables.Directory.folder_no) == folder_no)).one()
            )
        return FolderTotals(
            files=files + settled[0],
            events=events + settled[1],
            duplicates=duplicates + settled[2],
            quarantined=quarantined,
            redacted=redacted + settled[3],
            unreadable=unreadable,
        )

    def _update_folder(self, folder_no: int, **values: str | int | None) -> None:
        with self._session() as session:
            session.exec(update(tables.Folder).where(col(tables.Folder.folder_no) == folder_no).values(**values))

    def _update_sources(self, source_nos: Sequence[int], **values: str | bytes | int | None) -> None:
        with self._session() as session:
            for start in range(0, len(source_nos), 500):
                some = col(tables.Source.source_no).in_(source_nos[start : start + 500])
                session.exec(update(tables.Source).where(some).values(**values))

    @contextmanager
    def _writing(self) -> Generator[sqlite3.Connection]:
        """Give the driver's connection in a transaction, for what comes in crowds."""
        with self._lock:
            try:
                with dialect.transaction(self._connection):
                    yield self._connection
            except sqlite3.Error as error:
                raise as_store_error(error, self._path) from error

    def _session(self) -> AbstractContextManager[Session]:
        return writing(self._engine, self._lock, self._path)


def _folder(row: tables.Folder) -> Folder:
    assert row.folder_no is not None
    return Folder(row.folder_no, row.path, _kind(row.kind), "watch" if row.mode == "watch" else "once", bool(row.done))


def _kind(text: str) -> FolderKind:
    if text == "folder":
        return "folder"
    return "file" if text == "file" else "stream"


def _known(row: tuple[Any, ...]) -> KnownSource:
    source_no, folder_no, path, lineage, gone, generation, *rest, settled = row
    checkpoint = None if generation is None else Checkpoint(generation, *rest, settled=bool(settled))
    return KnownSource(source_no, folder_no, path, lineage, checkpoint, bool(gone))
