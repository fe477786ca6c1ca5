"""What is read: named folders, files and streams, and every source found in them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, case, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from store import tables
from store.batch import Checkpoint
from store.dialect import total
from store.session import writing

FolderKind = Literal["folder", "file", "stream"]
FolderMode = Literal["watch", "once"]
State = Literal["ok", "idle", "slow", "missing", "unreadable"]


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

    def __init__(self, engine: Engine, lock: threading.RLock, path: Path, clock: Callable[[], int]) -> None:
        """Use `Store.sources`."""
        self._engine = engine
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

    def known(self) -> list[KnownSource]:
        """Return every source of the store."""
        with self._session() as session:
            return [_known(row) for row in session.exec(select_rows(tables.Source))]

    def add_many(self, found: Sequence[tuple[int, bytes, bytes]]) -> list[int]:
        """Store new sources (folder number, path, lineage) in one transaction; return their numbers in that order."""
        if not found:
            return []
        with self._session() as session:
            counter = session.get_one(tables.Counter, "source")
            first = counter.value + 1
            counter.value += len(found)
            numbers = list(range(first, first + len(found)))
            session.add_all(
                tables.Source(source_no=number, folder_no=folder_no, path=path, lineage=lineage)
                for number, (folder_no, path, lineage) in zip(numbers, found, strict=True)
            )
            return numbers

    def move(self, source_no: int, path: bytes, folder_no: int) -> None:
        """Note that a source now lies at another path."""
        self._update_sources([source_no], path=path, folder_no=folder_no, gone=0)

    def mark_gone(self, source_nos: Sequence[int]) -> None:
        """Note that sources' files are no longer there; their checkpoints stay."""
        self._update_sources(source_nos, gone=1)

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
        return FolderTotals(
            files=files,
            events=events,
            duplicates=duplicates,
            quarantined=quarantined,
            redacted=redacted,
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

    def _session(self) -> AbstractContextManager[Session]:
        return writing(self._engine, self._lock, self._path)


def _folder(row: tables.Folder) -> Folder:
    assert row.folder_no is not None
    return Folder(row.folder_no, row.path, _kind(row.kind), "watch" if row.mode == "watch" else "once", bool(row.done))


def _kind(text: str) -> FolderKind:
    if text == "folder":
        return "folder"
    return "file" if text == "file" else "stream"


def _known(row: tables.Source) -> KnownSource:
    checkpoint = None
    if row.generation is not None:
        checkpoint = Checkpoint(
            generation=row.generation,
            offset=row.byte_offset,
            line=row.line,
            head=row.head,
            head_size=row.head_size,
            tail=row.tail,
            device=row.device,
            inode=row.inode,
            size=row.size,
            mtime_ns=row.mtime_ns,
            format=row.format,
            reader_state=row.reader_state,
            settled=bool(row.settled),
        )
    return KnownSource(row.source_no, row.folder_no, row.path, row.lineage, checkpoint, bool(row.gone))
