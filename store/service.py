"""The questions that a dashboard or a command may ask, and the frozen answers. Implemented by `store.reader`.

Every method is synchronous, safe to call from any thread, and takes nothing but values. All times are UTC
microseconds. Lists leave out rows with counts=0; numbers count only rows with counts=1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from store.events import EventDetail, EventSummary
from store.filters.keys import Key
from store.filters.model import Filter
from store.threads.model import ThreadQuestions

if TYPE_CHECKING:
    from store.alerts.model import AlertQuestions
    from store.analytics.model import AnalyticsQuestions
    from store.health import Health, StoreParts
    from store.replay.model import ReplayQuestions
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

    @property
    def analytics(self) -> AnalyticsQuestions:
        """What may be asked about numbers over time: agents, users, tools, models."""
        ...

    @property
    def alerts(self) -> AlertQuestions:
        """What may be asked about alerts."""
        ...

    @property
    def replay(self) -> ReplayQuestions:
        """What may be asked about events in the order of their arrival, as rules see them."""
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
