"""What every question needs: connections, names, sources, and the scope that limits all of them in one place."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, Executable, Row, Select, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from store import dialect
from store.failures import wrapped_store_error
from store.filters.compiler import Compiled, Windowed, compile_filter
from store.filters.model import Filter
from store.names import ReaderNames
from store.query.lookups import StoreLookups
from store.scope import Scope
from store.tables import Counter, Directory, Event, Name, Settled, Source

AnySelect = Select[*tuple[Any, ...]]
"""A statement whose columns the type checker does not follow."""

_SOURCES: Final = 20_000
_CHUNK: Final = 500


class Access:
    """A reader's connections and caches. Safe to use from any thread."""

    def __init__(self, path: Path, engine: Engine, scope: Scope, clock: Callable[[], int]) -> None:
        """Use `store.reader.StoreReader.open`; `clock` tells UTC microseconds."""
        self.path = path
        self.scope = scope
        self._engine = engine
        self._clock = clock
        self._names = ReaderNames()
        self._sources: dict[int, tuple[str, str]] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()

    @property
    def is_closing(self) -> bool:
        """Whether nobody waits for answers any more."""
        return self._closing.is_set()

    def fetch(self, statement: Executable) -> list[tuple[Any, ...]]:
        """Return all rows of a statement as plain tuples.

        Raises:
            StoreError: the store cannot be read.
        """
        try:
            with self._engine.connect() as connection:
                return [tuple(row) for row in connection.execute(statement)]
        except DBAPIError as error:
            raise wrapped_store_error(error, self.path) from error

    def fetch_unless(
        self, statement: Executable, stop: Callable[[], bool], *, often: bool = False
    ) -> list[tuple[Any, ...]] | None:
        """Return all rows of a statement, None where `stop`, which is asked again and again, became true before.

        None, too, where the store was closed meanwhile. `often` is for full text, where little is counted as work.

        Raises:
            StoreError: the store cannot be read.
        """

        def stopped() -> bool:
            return self._closing.is_set() or stop()

        try:
            with self._engine.connect() as connection, dialect.stoppable(connection, stopped, often=often):
                return [tuple(row) for row in connection.execute(statement)]
        except DBAPIError as error:
            if dialect.was_stopped(error):
                return None
            raise wrapped_store_error(error, self.path) from error

    @contextmanager
    def streaming(self, statement: Executable, chunk: int) -> Generator[Iterable[Row[*tuple[Any, ...]]]]:
        """Give a statement's rows, fetched `chunk` at a time from one snapshot, which ends with the block."""
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=chunk).execute(statement)
            try:
                yield rows
            finally:
                rows.close()

    def now_us(self) -> int:
        """Return the present time, in UTC microseconds."""
        return self._clock()

    def last_seq(self) -> int:
        """Return the `seq` of the last event that was committed, 0 where there is none."""
        return int(self.fetch(select(col(Counter.value)).where(col(Counter.name) == "seq"))[0][0])

    def compile(self, what: Filter) -> Compiled:
        """Return the filter as SQL, narrowed to what this reader may see: every question about events starts here."""
        return compile_filter(what.expression, self.scope, self.lookups(utc=what.utc))

    def lookups(self, *, utc: bool = False) -> StoreLookups:
        """Return what answers a compiler's questions as of now."""
        return StoreLookups(self, self.now_us(), self.scope, utc=utc)

    def select(self, columns: Sequence[Any], compiled: Compiled, *, newest_first: bool = False) -> AnySelect:
        """Return a statement over the events of a compiled filter in event-time order."""
        statement: AnySelect = Select(*columns)
        order = self.order_column(compiled)
        if compiled.match is None:
            statement = statement.select_from(Event)
        else:
            statement = statement.select_from(dialect.FULL_TEXT).join(Event, order == col(Event.id))
            statement = statement.where(dialect.full_text_match(compiled.match))
        if compiled.first_id is not None:
            statement = statement.where(order >= compiled.first_id)
        if compiled.end_id is not None:
            statement = statement.where(order < compiled.end_id)
        return statement.where(*compiled.rest).order_by(order.desc() if newest_first else order)

    def select_window(
        self, columns: Sequence[Any], compiled: Compiled, first_id: int, end_id: int, *, newest_first: bool
    ) -> AnySelect:
        """Return such a statement over row ids in [first_id, end_id); its time depends on what lies in there only.

        So full text is never walked backwards (`store.search.stretches`).
        """
        windowed = compiled.windowed or Windowed((), (), compiled.rows)
        one_term = len(windowed.all_of) == 1 and not windowed.none_of
        walked = dialect.FULL_TEXT.c.rowid if one_term and not newest_first else None
        order = col(Event.id) if walked is None else walked
        statement: AnySelect = Select(*columns)
        if walked is not None:
            statement = statement.select_from(dialect.FULL_TEXT).join(Event, walked == col(Event.id))
            statement = statement.where(dialect.full_text_match(windowed.all_of[0]))
        elif windowed.all_of:
            statement = statement.where(order.in_(dialect.found_by_all(windowed.all_of, first_id, end_id)))
        for query in windowed.none_of:
            statement = statement.where(order.not_in(dialect.found_in_window(query, first_id, end_id)))
        statement = statement.where(order >= first_id, order < end_id, *windowed.rest)
        return statement.order_by(order.desc() if newest_first else order)

    def order_column(self, compiled: Compiled) -> Any:
        """Return the column by which `select` orders, to bound it further."""
        return col(Event.id) if compiled.match is None else dialect.FULL_TEXT.c.rowid

    def names(self, numbers: Iterable[int]) -> Mapping[int, str | None]:
        """Return a mapping that has (at least) these names."""
        with self._lock:
            self._names.trim()
            missing = self._names.missing(numbers)
            for start in range(0, len(missing), _CHUNK):
                some = missing[start : start + _CHUNK]
                rows = self.fetch(select(col(Name.id), col(Name.text)).where(col(Name.id).in_(some)))
                self._names.learn((number, text) for number, text in rows)
            return self._names.texts

    def source(self, source_no: int, *, fresh: bool = False) -> tuple[str, str]:
        """Return a source's path and its lineage in hexadecimal; empty texts where it is gone from the store.

        A file can be renamed at any time: `fresh` asks the store again.
        """
        known = None if fresh else self._sources.get(source_no)
        if known is None:
            path, lineage = self._place_of(source_no)
            known = (path.decode("utf-8", "backslashreplace"), lineage.hex())
            if len(self._sources) > _SOURCES:
                self._sources.clear()
            self._sources[source_no] = known
        return known

    def _place_of(self, source_no: int) -> tuple[bytes, bytes]:
        rows = self.fetch(select(col(Source.path), col(Source.lineage)).where(col(Source.source_no) == source_no))
        if rows:
            return rows[0][0], rows[0][1]
        settled = select(col(Directory.path), col(Settled.name), col(Settled.lineage)).join_from(
            Settled, Directory, col(Directory.directory_no) == col(Settled.directory_no)
        )
        rows = self.fetch(settled.where(col(Settled.source_no) == source_no))
        return (rows[0][0] + b"/" + rows[0][1], rows[0][2]) if rows else (b"", b"")

    def close(self) -> None:
        """Close every connection; what takes long ends within moments."""
        self._closing.set()
        self._engine.dispose()


class ChangeWatch:
    """One connection of its own that tells whether any other has committed."""

    def __init__(self, path: Path) -> None:
        """Open it."""
        self._connection: sqlite3.Connection = dialect.connect_reader(path)
        self._lock = threading.Lock()

    def token(self) -> int:
        """Return a number that differs after a commit."""
        with self._lock:
            return dialect.data_version(self._connection)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()
