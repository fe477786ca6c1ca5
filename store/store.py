"""An open store for writing: the one object that a scanner, an import or a decision appends through."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from store import dialect, migrations, search_functions
from store.append.prepared import Prepared, prepare
from store.append.showing import Showing
from store.append.transaction import Also, Appender
from store.batch import Appended, SourceBatch
from store.clock import now_us
from store.errors import StoreDamagedError, StoreMissingError, StoreUnusableError
from store.failures import as_store_error
from store.notes import Scout
from store.observing import BatchObserver
from store.pricing.choosing import default_pricer
from store.pricing.pricer import Pricer
from store.rollups.rebuild import Progress, is_due, rebuild
from store.settled import SettledFiles
from store.sources import SourceRegistry


class Store:
    """One writing connection. Methods may be called from any thread, one at a time (a lock sees to it)."""

    def __init__(self, path: Path, connection: sqlite3.Connection, clock: Callable[[], int], pricer: Pricer) -> None:
        """Use `Store.open`."""
        self.path = path
        self.clock = clock
        self.lock = threading.RLock()
        self.engine = dialect.writer_engine(connection)
        self.connection = connection
        self.pricer = pricer
        self.observer: BatchObserver | None = None
        """Who looks at what is appended; see `observe_with`."""
        self._appender = Appender(connection, clock, self.pricer)
        self.sources = SourceRegistry(self.engine, connection, self.lock, path, clock)
        self.settled = SettledFiles(connection, self.lock, path, clock)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = True,
        clock: Callable[[], int] = now_us,
        pricer: Pricer | None = None,
    ) -> Self:
        """Open the store at `path`, creating and migrating it where needed; its folder and file are owner-only.

        `pricer` says what tokens cost whose producer did not; None: the public prices, loaded when they are needed.

        Raises:
            StoreMissingError: there is none and `create` is False.
            StoreError: it is not a store, is newer than this program, or cannot be used.
        """
        dialect.refuse_other_addresses(str(path))
        dialect.check_file(path)
        if not path.exists():
            if not create:
                raise StoreMissingError(path)
            _create_owner_only(path)
        pricer = pricer or default_pricer()
        try:
            connection = _connect(path, pricer)
        except sqlite3.Error as error:
            raise as_store_error(error, path) from error
        return cls(path, connection, clock, pricer)

    def append(self, batches: Sequence[SourceBatch], also: Also | None = None) -> Appended:
        """Store the events of all batches, and how far their sources were read, in one transaction.

        `also` writes what else belongs to it over the connection it is given; it may be called again where a first
        attempt was rolled back, and what it raises rolls everything back.

        Raises:
            StoreFullError, StoreBusyError, StoreUnusableError: nothing of the batches was kept; try again later.
        """
        return self.append_prepared([prepare(batch) for batch in batches], also)

    def append_prepared(self, batches: Sequence[Prepared], also: Also | None = None) -> Appended:
        """Do what `append` does with batches that were prepared before, and raise what it raises."""
        with self.lock:
            try:
                return self._appender.append(batches, also)
            except sqlite3.Error as error:
                raise as_store_error(error, self.path) from error

    def observe_with(self, observer: BatchObserver | None) -> None:
        """Let an observer look at whatever is appended from now on; None: nobody. Only who holds the lease has one."""
        with self.lock:
            self.observer = observer
            self._appender.showing = None if observer is None else Showing(observer, self.connection, self.clock)

    def scout(self) -> Scout | None:
        """Return what looks at events that another process is to append, for its observer; None: nobody does.

        Where the store cannot be asked now, nobody does: the observer there asks for itself.
        """
        with self.lock, suppress(sqlite3.Error):
            return self._appender.showing and self._appender.showing.scout()
        return None

    def observe_now(self) -> bool:
        """Let the observer look at what others have appended, and at the clock; return whether more of it waits.

        Nothing is written where it finds nothing. Call it about once a second, and again at once while more waits.

        Raises:
            StoreFullError, StoreBusyError, StoreUnusableError: nothing was kept; try again later.
        """
        with self.lock:
            try:
                return self.observer is not None and self._appender.look()
            except sqlite3.Error as error:
                raise as_store_error(error, self.path) from error

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """Give the connection within a transaction, for what is no append: all of it is kept, or nothing.

        Raises:
            StoreFullError, StoreBusyError, StoreUnusableError: nothing was kept.
        """
        with self.lock:
            self._appender.forget()
            try:
                with dialect.transaction(self.connection):
                    yield self.connection
            except sqlite3.Error as error:
                raise as_store_error(error, self.path) from error

    def rebuild_rollups(self, progress: Progress) -> None:
        """Make all sums by hour and day anew; other writers wait meanwhile, readers see the old ones.

        Raises:
            StoreError: the store cannot be written now; everything is as it was.
        """
        with self.lock:
            try:
                self._appender.forget()
                with dialect.transaction(self.connection):
                    rebuild(self.connection, self.pricer, progress)
            except sqlite3.Error as error:
                raise as_store_error(error, self.path) from error

    def require_sound(self, limit_s: float) -> bool:
        """Look for damage for at most `limit_s` seconds; return whether the whole file could be looked at.

        Raises:
            StoreDamagedError: there is some; nothing was changed.
            StoreError: the store cannot be read.
        """
        with self.lock:
            try:
                found, whole = dialect.damage_within(self.connection, limit_s)
            except sqlite3.Error as error:
                raise as_store_error(error, self.path) from error
        if found is not None:
            raise StoreDamagedError(self.path, f"its file is damaged ({found[:200]})")
        return whole

    def set_patience(self, limit_s: float) -> None:
        """Wait for at most so many seconds (10 otherwise) where another process holds the store's lock."""
        with self.lock:
            dialect.set_patience(self.connection, limit_s)

    def tidy(self, pages: int = 64) -> bool:
        """Do a little of the work that appends have put off; call it while nothing waits. Return whether more is left.

        Raises:
            StoreError: the store cannot be written now.
        """
        with self.lock:
            try:
                return dialect.tidy_full_text(self.connection, pages)
            except sqlite3.Error as error:
                raise as_store_error(error, self.path) from error

    def close(self) -> None:
        """Close the connection; a write-ahead log that nobody else uses is folded into the file."""
        with self.lock:
            self.engine.dispose()
            self.connection.close()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Close."""
        self.close()


def _connect(path: Path, pricer: Pricer) -> sqlite3.Connection:
    """Return a connection to a store of the present schema. A file that is not ours stays as it is."""

    def finish(connection: sqlite3.Connection) -> None:
        if is_due(connection):
            rebuild(connection, pricer, lambda _done, _total: None)

    connection = dialect.connect_writer(path)
    try:
        dialect.check_application(connection, path)
        migrations.check_version(connection, path)
        dialect.prepare_writer(connection)
        migrations.migrate(connection, path, finish)
        # Before any transaction: within one that writes full text, functions cannot be replaced.
        search_functions.register(connection)
        dialect.prepare_for_filters(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _create_owner_only(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreUnusableError(path, error.strerror or str(error)) from error
