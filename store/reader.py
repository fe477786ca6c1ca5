"""An open store for reading: the one implementation of `store.service.QueryService`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Self

from store import dialect, migrations, search_functions
from store.alerts.questions import Alerts
from store.alerts.targets import TargetState
from store.analytics.questions import Analytics
from store.clock import now_us
from store.errors import NotAStoreError, StoreMissingError
from store.events import EventDetail
from store.failures import as_store_error
from store.filters.keys import Key
from store.filters.model import Filter
from store.health import Health, StoreParts
from store.query.access import Access, ChangeWatch
from store.query.alerts_by_rule import alerts_by_rule
from store.query.health import HealthReport
from store.query.lists import Lists
from store.query.numbers import Numbers
from store.query.parts import PartsQuestion
from store.query.quarantine import QuarantineQuestions
from store.query.quarantined import QuarantineLists
from store.query.scroll import Scroll
from store.query.stream import Stream
from store.query.telling import telling
from store.query.thread import Threads
from store.query.views import saved_views
from store.query.watching import Watching, watching
from store.replay.questions import Replay
from store.scope import EVERYTHING, Scope
from store.search.questions import Search
from store.service import (
    Arrivals,
    Extent,
    FacetValue,
    Histogram,
    Page,
    QuarantineEntry,
    QuarantineReason,
    QuarantineRow,
    Tally,
)
from store.views import SavedView

_CONNECTIONS: Final = 6


class StoreReader:
    """Answers questions about one store, within one scope. Every method may be called from any thread."""

    def __init__(self, path: Path, scope: Scope, clock: Callable[[], int]) -> None:
        """Use `StoreReader.open`."""
        self._watch = ChangeWatch(path)
        engine = dialect.reader_engine(path, _CONNECTIONS, search_functions.register)
        self._access = Access(path, engine, scope, clock)
        self._lists = Lists(self._access)
        self._numbers = Numbers(self._access)
        self._scroll = Scroll(self._access, self._numbers, self._lists)
        self._health = HealthReport(self._access, self._scroll.extent, clock)
        self._quarantine = QuarantineQuestions(self._access)
        self._parts = PartsQuestion(path)
        self._stream = Stream(self._access)
        self._threads = Threads(self._access)
        self._search = Search(self._access, self._numbers)
        self._analytics = Analytics(self._access)
        self._alerts = Alerts(self._access)
        self._replay = Replay(self._access, self._numbers)
        self.scope = scope

    @classmethod
    def open(cls, path: Path, scope: Scope = EVERYTHING, clock: Callable[[], int] = now_us) -> Self:
        """Open the store at `path` for reading; nothing is created or migrated.

        Raises:
            StoreMissingError: there is none.
            StoreError: it is not a store, has another schema than this program, or cannot be read.
        """
        dialect.refuse_other_addresses(str(path))
        dialect.check_file(path)
        if not path.exists():
            raise StoreMissingError(path)
        try:
            connection = dialect.connect_reader(path)
            try:
                dialect.check_application(connection, path)
                found = migrations.check_version(connection, path)
            finally:
                connection.close()
            if found < migrations.SCHEMA_VERSION:
                raise NotAStoreError(path, "it is empty or of an older schema; auditail ingest brings it up to date")
            return cls(path, scope, clock)
        except sqlite3.Error as error:
            raise as_store_error(error, path) from error

    def change_token(self) -> int:
        """See `QueryService`."""
        return self._watch.token()

    def last_seq(self) -> int:
        """See `QueryService`."""
        return self._access.last_seq()

    def extent(self) -> Extent:
        """See `QueryService`."""
        return self._scroll.extent()

    def newest(self, what: Filter, limit: int) -> Page:
        """See `QueryService`."""
        return self._lists.newest(what, limit)

    def oldest(self, what: Filter, limit: int) -> Page:
        """See `QueryService`."""
        return self._lists.oldest(what, limit)

    def older(self, what: Filter, before_id: int, limit: int) -> Page:
        """See `QueryService`."""
        return self._lists.older(what, before_id, limit)

    def newer(self, what: Filter, after_id: int, limit: int) -> Page:
        """See `QueryService`."""
        return self._lists.newer(what, after_id, limit)

    def at_time(self, what: Filter, ts_us: int, limit: int) -> Page:
        """See `QueryService`."""
        return self._lists.at_time(what, ts_us, limit)

    def arrivals(self, what: Filter, after_seq: int, limit: int) -> Arrivals:
        """See `QueryService`."""
        return self._lists.arrivals(what, after_seq, limit)

    def next_trouble(self, what: Filter, from_id: int, trouble: int, *, forward: bool) -> int | None:
        """See `QueryService`."""
        return self._lists.next_trouble(what, from_id, trouble, forward=forward)

    def detail(self, event_row_id: int) -> EventDetail | None:
        """See `QueryService`."""
        return self._lists.detail(event_row_id)

    def canonical_json(self, event_row_id: int) -> str | None:
        """See `QueryService`."""
        return self._lists.canonical_json(event_row_id)

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Histogram:
        """See `QueryService`."""
        return self._numbers.histogram(what, start_us, end_us, slices)

    def tally(self, what: Filter, start_us: int, end_us: int) -> Tally:
        """See `QueryService`."""
        return self._numbers.tally(what, start_us, end_us)

    def facet(self, by: Key, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[FacetValue]:
        """See `QueryService`."""
        return self._numbers.facet(by, what, start_us, end_us, limit)

    def fraction_before(self, event_row_id: int) -> float:
        """See `QueryService`."""
        return self._scroll.fraction_before(event_row_id)

    def time_at_fraction(self, fraction: float) -> int | None:
        """See `QueryService`."""
        return self._scroll.time_at_fraction(fraction)

    def related_count(self, by: Key, value: str) -> int:
        """See `QueryService`."""
        return self._numbers.related_count(by, value)

    @property
    def threads(self) -> Threads:
        """See `QueryService`."""
        return self._threads

    @property
    def search(self) -> Search:
        """See `QueryService`."""
        return self._search

    @property
    def analytics(self) -> Analytics:
        """See `QueryService`."""
        return self._analytics

    @property
    def alerts(self) -> Alerts:
        """See `QueryService`."""
        return self._alerts

    @property
    def replay(self) -> Replay:
        """See `QueryService`."""
        return self._replay

    def health(self) -> Health:
        """See `QueryService`."""
        return self._health.health()

    def store_parts(self) -> StoreParts | None:
        """See `QueryService`."""
        return self._parts.ask()

    def quarantine_reasons(self) -> list[QuarantineReason]:
        """See `QueryService`."""
        return self._quarantine.reasons()

    def quarantine_rows(self, kind: str | None, limit: int) -> list[QuarantineRow]:
        """See `QueryService`."""
        return self._quarantine.rows(kind, limit)

    def quarantine_ids(self, kind: str | None) -> list[int]:
        """See `QueryService`."""
        return self._quarantine.ids(kind)

    def quarantine_entry(self, number: int) -> QuarantineEntry | None:
        """See `QueryService`."""
        return self._quarantine.entry(number)

    @property
    def quarantined(self) -> QuarantineLists:
        """The quarantine by reason, by file and page by page, as the command line shows it."""
        return QuarantineLists(self._access)

    def saved_views(self) -> list[SavedView]:
        """See `QueryService`."""
        return saved_views(self._access)

    def watching(self) -> Watching:
        """Return what is to be read all the time, and which files cannot be read."""
        return watching(self._access)

    def telling(self, now_us: int) -> tuple[TargetState, ...]:
        """Return how it goes with those who are to be told of alerts."""
        return telling(self._access, now_us)

    def alerts_by_rule(self, since_us: int) -> dict[str, int]:
        """Return the number of alerts last seen since a time, by rule id. Empty in a limited scope."""
        return alerts_by_rule(self._access, since_us)

    def iter_json(self, what: Filter, *, limit: int | None) -> Iterator[bytes]:
        """Yield canonical JSON objects, oldest first; with a limit the newest so many.

        Rows with counts=0 are included.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._stream.json_lines(what, limit)

    def arrived_json(self, what: Filter, after_seq: int) -> tuple[list[bytes], int]:
        """Return what arrived after a `seq` as canonical JSON, in order of arrival, and where to go on."""
        return self._stream.arrived(what, after_seq)

    def iter_records(self, what: Filter, *, limit: int | None) -> Iterator[dict[str, Any]]:
        """Yield events under their canonical names, oldest first, metadata as JSON text.

        Rows with counts=0 are included.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._stream.records(what, limit)

    def close(self) -> None:
        """See `QueryService`."""
        self._parts.call_off()
        self._watch.close()
        self._access.close()
