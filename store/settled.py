"""Files that are done with: one small row each, because there may be millions of them.

A source settles when its one record was taken and nothing is left to say about it; it wakes, with a full row in
`source` again, when its file changes. Its directory, device and format stand in `directory`, once for all its files,
together with the sums of what they gave. Statements go through the driver: these are the rows that come in crowds.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store import dialect
from store.failures import as_store_error

KEPT_US: Final = 30 * 86_400 * 1_000_000
"""For so long after a file went its checkpoint is kept: until then it is known again when it comes back."""

NEVER_OLDER: Final = 1 << 62
"""Stands for the newest time of a source that has settled: its lines must be looked up."""

_AT_ONCE: Final = 10_000
_LAST: Final = 4
_FRESH: Final = (
    "SELECT events, duplicates, redacted, uncounted, last_us, gone_us FROM source WHERE source_no = ? AND gone = ?"
    " AND generation = 0 AND byte_offset = size AND size = ? AND inode = ? AND quarantined = 0 AND state = 'ok'"
    " AND reason IS NULL"
)
_SETTLE: Final = (
    "INSERT INTO settled (source_no, directory_no, name, lineage, inode, size, changed_ns, mark, state, gone_us)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_UP: Final = (
    "UPDATE directory SET files = files + ?, events = events + ?, duplicates = duplicates + ?,"
    " redacted = redacted + ?, uncounted = uncounted + ?, last_us = max(coalesce(last_us, 0), ?)"
    " WHERE directory_no = ?"
)
_ROW: Final = (
    "SELECT s.source_no, d.directory_no, d.folder_no, d.path, s.name, s.lineage, d.format, d.device, s.inode, s.size,"
    " s.changed_ns, s.mark, s.state, s.gone_us IS NOT NULL"
    " FROM settled s JOIN directory d ON d.directory_no = s.directory_no"
)
_WAKE: Final = (
    "INSERT INTO source (source_no, folder_no, path, lineage, gone, gone_us, state, reason, format, generation,"
    " byte_offset, line, head, head_size, tail, device, inode, size, mtime_ns, reader_state, settled, newest_ms,"
    " events, duplicates, quarantined, redacted, uncounted, last_us)"
    " SELECT s.source_no, d.folder_no, ?, s.lineage, s.gone_us IS NOT NULL, s.gone_us, 'ok', NULL, d.format, 0,"
    " s.size, ?, ?, ?, ?, d.device, s.inode, s.size, 0, ?, ?, ?, 0, 0, 0, 0, 0, NULL"
    " FROM settled s JOIN directory d ON d.directory_no = s.directory_no WHERE s.source_no = ?"
)
_FORGET_GONE_SOURCES: Final = (
    "UPDATE source SET gone = 2, generation = NULL, head = x'', tail = x'', reader_state = x''"
    " WHERE gone = 1 AND gone_us < ?"
)
_FORGET_SETTLED: Final = (
    "UPDATE settled SET inode = NULL, size = NULL, changed_ns = NULL, mark = NULL, state = NULL"
    " WHERE gone_us < ? AND mark IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A directory's files of one format on one device, in one named folder."""

    directory_no: int
    folder_no: int
    path: bytes
    device: int
    format: str


@dataclass(frozen=True, slots=True)
class SettledFile:
    """A source that is done with. `directory_no` 0: it is to settle, its directory is found by its other fields."""

    source_no: int
    directory_no: int
    folder_no: int
    directory: bytes
    """Path of the directory, without a slash at its end."""
    name: bytes
    lineage: bytes
    format: str
    device: int
    inode: int
    size: int
    """Bytes of the file, all of which were read."""
    changed_ns: int
    """When the file's content or anything else about it last changed (ctime)."""
    mark: bytes
    """Hash of the file's beginning and end: the same content again."""
    state: int | None
    """What the scanner must know to read on; None: it was a whole document."""
    gone: bool = False

    @property
    def path(self) -> bytes:
        """The file's whole path."""
        return self.directory + b"/" + self.name


@dataclass(frozen=True, slots=True)
class Waking:
    """What a full row needs to know besides: hashes of beginning and end, and the reader's state as JSON."""

    source_no: int
    path: bytes
    line: int
    head: bytes
    head_size: int
    tail: bytes
    reader_state: bytes
    document: bool


class SettledFiles:
    """Reads and writes settled sources. Methods raise `StoreError` where the store cannot be used."""

    def __init__(
        self, connection: sqlite3.Connection, lock: threading.RLock, path: Path, clock: Callable[[], int]
    ) -> None:
        """Use `Store.settled`."""
        self._connection = connection
        self._lock = lock
        self._path = path
        self._clock = clock
        self._places: dict[tuple[int, bytes, int, str], int] = {}

    def places(self) -> list[Place]:
        """Return every directory with settled files, once for each format, device and named folder."""
        with self._reading():
            rows = self._connection.execute("SELECT directory_no, folder_no, path, device, format FROM directory")
            return [Place(*row) for row in rows]

    def every(self) -> Iterator[tuple[int, int, bytes, int, int, int, bool]]:
        """Give number, directory number, name, inode, size, change and gone of all with a checkpoint, in small parts.

        Each part is a snapshot of its own, in the order of the numbers.
        """
        after = 0
        while True:
            with self._reading():
                rows = self._connection.execute(
                    "SELECT source_no, directory_no, name, inode, size, changed_ns, gone_us IS NOT NULL FROM settled"
                    " WHERE source_no > ? AND mark IS NOT NULL ORDER BY source_no LIMIT ?",
                    (after, _AT_ONCE),
                ).fetchall()
            yield from rows
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1][0]

    def present_in(self, directory_no: int) -> Iterator[tuple[int, bytes, int]]:
        """Give number, name and inode of the files of a directory that are there, in small parts."""
        after = 0
        while True:
            with self._reading():
                rows = self._connection.execute(
                    "SELECT source_no, name, inode FROM settled WHERE source_no > ? AND directory_no = ?"
                    " AND gone_us IS NULL ORDER BY source_no LIMIT ?",
                    (after, directory_no, _AT_ONCE),
                ).fetchall()
            yield from rows
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1][0]

    def get(self, source_no: int) -> SettledFile | None:
        """Return a settled source, None where it has none or no checkpoint any more."""
        with self._reading():
            row = self._connection.execute(
                f"{_ROW} WHERE s.source_no = ? AND s.mark IS NOT NULL", (source_no,)
            ).fetchone()
        return SettledFile(*row[:13], gone=bool(row[13])) if row else None

    def make_durable(self) -> None:
        """Wait until everything that was committed, by whichever process, is safe from a loss of power."""
        with self._writing(durable=True) as connection:
            dialect.write_something(connection)

    def quarantined(self, source_nos: Sequence[int]) -> set[int]:
        """Return which of the sources with a full row have records in the quarantine."""
        with self._reading():
            counts = {
                number: self._connection.execute(
                    "SELECT quarantined FROM source WHERE source_no = ?", (number,)
                ).fetchone()
                for number in source_nos
            }
        return {number for number, row in counts.items() if row is not None and row[0]}

    def settle(self, files: Sequence[SettledFile]) -> list[SettledFile]:
        """Give sources that are done with a small row; return those that the store agrees about."""
        done: list[SettledFile] = []
        rows: list[tuple[int | bytes | None, ...]] = []
        sums: dict[int, list[int]] = {}
        with self._writing() as connection:
            for file in files:
                row = connection.execute(_FRESH, (file.source_no, int(file.gone), file.size, file.inode)).fetchone()
                if row is None:
                    continue
                number = self._place(connection, file)
                rows.append((
                    file.source_no, number, file.name, file.lineage, file.inode, file.size, file.changed_ns,
                    file.mark, file.state, row[-1],
                ))  # fmt: skip
                total = sums.setdefault(number, [0] * (_LAST + 2))
                for column, value in enumerate((1, *row[:_LAST])):
                    total[column] += value
                total[-1] = max(total[-1], row[_LAST] or 0)
                done.append(file)
            rows.sort()  # a row number comes first: they go behind one another
            connection.executemany(_SETTLE, rows)
            connection.executemany("DELETE FROM source WHERE source_no = ?", [row[:1] for row in rows])
            connection.executemany(_ADD_UP, [(*total, number) for number, total in sums.items()])
        return done

    def wake(self, waking: Waking) -> None:
        """Give a settled source a full row again; what it gave stays among the sums of its directory."""
        newest = -1 if waking.document else NEVER_OLDER
        number = waking.source_no
        with self._writing() as connection:
            connection.execute(
                _WAKE,
                (
                    waking.path, waking.line, waking.head, waking.head_size, waking.tail, waking.reader_state,
                    int(waking.document), newest, number,
                ),
            )  # fmt: skip
            connection.execute(
                "UPDATE directory SET files = files - 1"
                " WHERE directory_no = (SELECT directory_no FROM settled WHERE source_no = ?)",
                (number,),
            )
            connection.execute("DELETE FROM settled WHERE source_no = ?", (number,))

    def mark_gone(self, source_nos: Sequence[int]) -> None:
        """Note that settled sources' files are no longer there."""
        now = self._clock()
        with self._writing() as connection:
            connection.executemany(
                "UPDATE settled SET gone_us = ? WHERE source_no = ? AND gone_us IS NULL",
                [(now, number) for number in source_nos],
            )

    def forget_long_gone(self) -> int:
        """Drop the checkpoints of files that went 30 days ago; names and lineages stay. Return how many there were."""
        before = self._clock() - KEPT_US
        with self._writing() as connection:
            first = connection.execute(_FORGET_GONE_SOURCES, (before,)).rowcount
            return first + connection.execute(_FORGET_SETTLED, (before,)).rowcount

    def _place(self, connection: sqlite3.Connection, file: SettledFile) -> int:
        key = (file.folder_no, file.directory, file.device, file.format)
        number = self._places.get(key)
        if number is None:
            row = connection.execute(
                "SELECT directory_no FROM directory WHERE folder_no = ? AND path = ? AND device = ? AND format = ?", key
            ).fetchone()
            number = int(row[0]) if row else self._new_place(connection, key)
            self._places[key] = number
        return number

    def _new_place(self, connection: sqlite3.Connection, key: tuple[int, bytes, int, str]) -> int:
        added = connection.execute(
            "INSERT INTO directory (folder_no, path, device, format, files, events, duplicates, redacted, uncounted)"
            " VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0)",
            key,
        )
        assert added.lastrowid is not None
        return added.lastrowid

    @contextmanager
    def _reading(self) -> Generator[None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise as_store_error(error, self._path) from error

    @contextmanager
    def _writing(self, *, durable: bool = False) -> Generator[sqlite3.Connection]:
        with self._lock:
            try:
                if durable:
                    dialect.flush_folder(self._path)
                with dialect.transaction(self._connection, durable=durable):
                    yield self._connection
            except BaseException as error:
                self._places.clear()  # a directory may have been rolled back
                if isinstance(error, sqlite3.Error):
                    raise as_store_error(error, self._path) from error
                raise
