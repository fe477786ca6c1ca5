"""The questions that a dashboard or a command may ask, and the frozen answers. Implemented by `store.reader`.

Every method is synchronous, safe to call from any thread, and takes nothing but values. All times are UTC
microseconds. Lists leave out rows with counts=0; numbers count only rows with counts=1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from store.events import EventDetail, EventSummary
from store.filters.keys import Key
from store.filters.model import Filter
from store.left_alone import PassedOver, Staying
from store.threads.model import ThreadQuestions

if TYPE_CHECKING:
    from store.searching import SearchQuestions
    from store.views import SavedView


@dataclass(frozen=True, slots=True)
class Page:
    """Events in event-time order, oldest first.

    Where it cannot be told in a moment whether there are more on the side that was not asked about, it says so.
    """

    rows: tuple[EventSummary, ...]
    has_older: bool
    has_newer: bool


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Events that arrived after a `seq`, in order of arrival.

    `rows` holds at most the asked number, the newest ones; `skipped` is how many matching rows came before those in
    this answer. `last_seq` is where to go on, whether anything matched or not.
    """

    rows: tuple[EventSummary, ...]
    skipped: int
    matched: int
    errors: int
    denials: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events, and how many of them are errors and denials (an event can be both)."""

    events: int = 0
    errors: int = 0
    denials: int = 0


@dataclass(frozen=True, slots=True)
class Histogram:
    """Tallies of equal slices of [start_us, end_us), oldest first."""

    start_us: int
    end_us: int
    slices: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a field with its tally; `value` None stands for events without one."""

    value: str | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Extent:
    """What the store holds (within the reader's scope). Times are None where it is empty."""

    events: int
    oldest_us: int | None
    newest_us: int | None
    last_seq: int


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One watched folder or file, or standard input, as the System tab shows it."""

    path: str
    kind: Literal["folder", "file", "stream"]
    state: Literal["ok", "idle", "slow", "missing", "unreadable"]
    reason: str | None
    """One line that says what is wrong and what to do; None where nothing is."""
    formats: tuple[str, ...]
    files: int
    events: int
    duplicates: int
    quarantined: int
    redacted: int
    pending_bytes: int
    last_event_us: int | None
    """When something of this source was last stored; None: never."""
    folder_no: int = 0
    watcher: str = "off"
    """How its changes are noticed: `inotify`, `polling` or `off`."""
    watcher_reason: str | None = None
    """One line that says why its changes are noticed in this way; None: nothing is out of the ordinary."""
    lag_ms: int | None = None
    """From a file's change to its events' commit, of its last batch; None: not known."""
    per_minute: tuple[int, ...] = ()
    """Events stored in each of the last ten minutes, oldest first; the last one is not over yet."""
    passed_over: tuple[PassedOver, ...] = ()
    """What it holds that is no plain file, as last looked at."""
    staying: tuple[Staying, ...] = ()
    """Finished files that stay though `ingest.after` would have them go."""


@dataclass(frozen=True, slots=True)
class ScannerHealth:
    """The scanner that feeds this store."""

    running: bool
    pid: int | None
    started_us: int | None
    heartbeat_us: int | None
    watcher: str
    """`inotify`, `polling`, … or `off`."""
    watcher_reason: str | None
    events_per_second: float
    lag_ms: int | None
    """From a file's change to its events' commit, of the last batch; None: nothing read yet."""
    files_pending: int
    last_scan_us: int | None
    """When the last reconcile ended: the full scan that finds what the watcher did not tell."""
    pending_bytes: int = 0
    kind: str = "dashboard"
    """Who started it: `dashboard` (it ends with it), `service`, or `ingest` (a one-time run)."""
    cpu_us: int = 0
    """Processor time since its start, with the second process."""
    memory_bytes: int = 0
    scan_ms: int | None = None
    """How long the last reconcile took; None: there was none."""
    trouble: str | None = None
    """What keeps it from storing now, in one line that says what to do; None: nothing."""


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """The store's own file. `events` is how many rows there are, whether they count or only add to an event.

    `bytes` is its size once the write-ahead log (`wal_bytes`) is folded in.
    """

    path: str
    bytes: int
    wal_bytes: int
    events: int
    disk_free_bytes: int
    schema_version: int
    counted: int | None = None
    """Rows with counts=1: the events that lists show. None: a limited scope may not know."""
    oldest_us: int | None = None
    """Time of the oldest event; None: there is none, or the scope may not know."""
    checkpoint_us: int | None = None
    """When the write-ahead log was last folded into the file: in WAL mode nothing else writes to it."""
    migrations: tuple[str, ...] = ()
    """What each version of the schema brought, the first one first."""


@dataclass(frozen=True, slots=True)
class StoreParts:
    """What the store's file is filled with, in bytes. To find out, every page is looked at: never ask often."""

    events: int
    """Rows of events."""
    text: int
    """The full text, which is also the index of lists."""
    index: int
    """What finds events otherwise: order of arrival, identities, calls, counts."""
    rest: int
    """Sources, quarantine, free pages and so on."""


@dataclass(frozen=True, slots=True)
class IngestMinute:
    """How many rows were stored and records refused in one minute of arrival."""

    events: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class QuarantineReason:
    """Records that could not be read for the same reason, apart from the place in the record."""

    kind: str
    """The reason without places and numbers: what records are grouped by."""
    records: int
    newest_us: int
    waiting: int = 0
    """How many of them wait for a retry."""


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A record that could not be read, without its bytes."""

    id: int
    at_us: int
    path: str
    line: int | None
    offset: int
    reason: str
    size: int
    retry_us: int | None = None
    """When somebody asked for it to be read again; None: nobody, or it was tried since."""
    tried_us: int | None = None
    tried_reason: str | None = None
    """Why the last retry failed."""


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A record that could not be read. `raw` is what stood there after redaction, at most its first 64 KiB."""

    id: int
    at_us: int
    path: str
    generation: int
    line: int | None
    offset: int
    reason: str
    size: int
    raw: bytes
    retry_us: int | None = None
    """When somebody asked for it to be read again; None: nobody, or it was tried since."""
    tried_us: int | None = None
    tried_reason: str | None = None
    """Why the last retry failed."""


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that the System tab and `auditail status` show. In a limited scope there are no `sources`."""

    scanner: ScannerHealth
    store: StoreHealth
    sources: tuple[SourceHealth, ...]
    quarantined: int
    """Records in the quarantine now."""
    duplicates: int
    redacted: int
    last_hour: tuple[IngestMinute, ...] = ()
    """Sixty minutes of arrival, oldest first; the last one is not over yet."""
    last_day: IngestMinute = IngestMinute()
    """What arrived in the last 24 hours."""
    day_us: int = 0
    """How much of those 24 hours there has been anything to arrive in, microseconds."""


class QueryService(Protocol):
    """What a screen may ask. See the module's docstring for times, threads and counts."""

    def change_token(self) -> int:
        """Return a number that differs after any other connection has committed; cheap enough for 20 times a second."""
        ...

    def last_seq(self) -> int:
        """Return the `seq` of the last event that was stored, 0 where there is none; where `arrivals` can go on."""
        ...

    def extent(self) -> Extent:
        """Return how much there is and over what time."""
        ...

    def newest(self, what: Filter, limit: int) -> Page:
        """Return the newest `limit` events by event time."""
        ...

    def oldest(self, what: Filter, limit: int) -> Page:
        """Return the oldest `limit` events by event time."""
        ...

    def older(self, what: Filter, before_id: int, limit: int) -> Page:
        """Return the `limit` events just before `before_id`, which is excluded."""
        ...

    def newer(self, what: Filter, after_id: int, limit: int) -> Page:
        """Return the `limit` events just after `after_id`, which is excluded."""
        ...

    def at_time(self, what: Filter, ts_us: int, limit: int) -> Page:
        """Return about `limit` events around a time: half before it, half at or after it."""
        ...

    def arrivals(self, what: Filter, after_seq: int, limit: int) -> Arrivals:
        """Return what arrived after `after_seq`."""
        ...

    def next_trouble(self, what: Filter, from_id: int, trouble: int, *, forward: bool) -> int | None:
        """Return the id of the nearest event with that `trouble` bit after (before) `from_id`, or None."""
        ...

    def detail(self, event_row_id: int) -> EventDetail | None:
        """Return one event whole, or None where it is gone or out of scope."""
        ...

    def canonical_json(self, event_row_id: int) -> str | None:
        """Return one event as the JSON object that the command line prints, or None where there is none."""
        ...

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Histogram:
        """Return tallies over `slices` equal parts of the window."""
        ...

    def tally(self, what: Filter, start_us: int, end_us: int) -> Tally:
        """Return the tally of the window."""
        ...

    def facet(self, by: Key, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[FacetValue]:
        """Return the values of a field with tallies, most frequent first, at most `limit`."""
        ...

    def fraction_before(self, event_row_id: int) -> float:
        """Return which share of all events (0 to 1) is older than this one; it places the scroll bar's thumb."""
        ...

    def time_at_fraction(self, fraction: float) -> int | None:
        """Return the time before which about this share of all events lies; None where the store is empty."""
        ...

    def related_count(self, by: Key, value: str) -> int:
        """Return how many events have this request, session or trace id."""
        ...

    @property
    def threads(self) -> ThreadQuestions:
        """What may be asked about everything that belongs together with one event."""
        ...

    @property
    def search(self) -> SearchQuestions:
        """What a search may ask: answers that may take long, in parts."""
        ...

    def saved_views(self) -> Sequence[SavedView]:
        """Return all views: one's own by name, then those shipped ones that none of them replaces."""
        ...

    def health(self) -> Health:
        """Return what the System tab shows and once a second asks for; what costs more is asked for below."""
        ...

    def store_parts(self) -> StoreParts | None:
        """Return what the store's file is filled with, after seconds for a large one; None: it cannot be told."""
        ...

    def quarantine_reasons(self) -> Sequence[QuarantineReason]:
        """Return why records could not be read, most frequent first; nothing in a limited scope."""
        ...

    def quarantine_rows(self, kind: str | None, limit: int) -> Sequence[QuarantineRow]:
        """Return the newest records of a reason (`QuarantineReason.kind`; None: of all), newest first."""
        ...

    def quarantine_ids(self, kind: str | None) -> Sequence[int]:
        """Return the numbers of all records of a reason (None: of all)."""
        ...

    def quarantine_entry(self, number: int) -> QuarantineEntry | None:
        """Return one quarantined record with its bytes, None where it is gone or the scope is limited."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class QuarantineActions(Protocol):
    """What may be done about records that could not be read. Safe to call from any thread.

    Methods raise `StoreError` where the store cannot be written now; then nothing was done.
    """

    def request_retry(self, ids: Sequence[int]) -> int:
        """Have the scanner read these records again; return how many of them are still there to be read."""
        ...

    def discard(self, ids: Sequence[int], reason: str) -> int:
        """Drop these records for good and record who did so and why; return how many were still there."""
        ...
