"""The questions that a dashboard or a command may ask, and the frozen answers. Implemented by `store.reader`.

Every method is synchronous, safe to call from any thread, and takes nothing but values. All times are UTC
microseconds. Lists leave out rows with counts=0; numbers count only rows with counts=1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from store.events import EventDetail, EventSummary
from store.filters.model import Field, Filter


@dataclass(frozen=True, slots=True)
class Page:
    """Events in event-time order, oldest first."""

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


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """The store's own file."""

    path: str
    bytes: int
    wal_bytes: int
    events: int
    disk_free_bytes: int
    schema_version: int


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


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that the System tab and `auditail status` show. In a limited scope `quarantine` stays empty."""

    scanner: ScannerHealth
    store: StoreHealth
    sources: tuple[SourceHealth, ...]
    quarantined: int
    duplicates: int
    redacted: int
    quarantine: tuple[QuarantineEntry, ...] = field(default=())
    """The newest 50, newest first."""


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

    def facet(self, by: Field, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[FacetValue]:
        """Return the values of a field with tallies, most frequent first, at most `limit`."""
        ...

    def fraction_before(self, event_row_id: int) -> float:
        """Return which share of all events (0 to 1) is older than this one; it places the scroll bar's thumb."""
        ...

    def time_at_fraction(self, fraction: float) -> int | None:
        """Return the time before which about this share of all events lies; None where the store is empty."""
        ...

    def related_count(self, by: Field, value: str) -> int:
        """Return how many events have this request, session or trace id."""
        ...

    def health(self) -> Health:
        """Return what the System tab shows."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
