"""A `QueryService` over a list in memory, for tests and for looking at the dashboard without a store.

python -m tests.pilot.fake_service [--events N] [--rate N] [--theme NAME] [--ascii]
"""

from __future__ import annotations

import bisect
import json
import threading
from typing import TYPE_CHECKING

from store.events import EventDetail, EventSummary, Provenance
from store.fault_kind import fault_kind
from store.filters.keys import Key
from store.filters.model import Filter
from store.health import Health, IngestMinute, ScannerHealth, SourceHealth, StoreHealth, StoreParts
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
from store.views import SHIPPED, SavedView
from tests.pilot.fake_alerts import FakeAlerts
from tests.pilot.fake_analytics import FakeAnalytics
from tests.pilot.fake_filter import passes, tally_of, value_of
from tests.pilot.fake_replay import FakeReplay
from tests.pilot.fake_search import FakeSearch
from tests.pilot.fake_threads import FakeThreads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class FakeService:
    """Answers every question from its list. `append` is how events arrive; `questions` records what was asked."""

    def __init__(self, events: Iterable[EventSummary] = ()) -> None:
        """Start with these events."""
        self._lock = threading.RLock()
        self._by_seq: list[EventSummary] = []
        self._by_id: list[EventSummary] = []
        self.token = 0
        self.questions: list[str] = []
        self.health_answer: Health | None = None
        self.records: list[QuarantineEntry] = []
        self.threads = FakeThreads(self._find)
        self.parts: StoreParts | None = StoreParts(61_000, 22_000, 12_000, 5_000)
        self.search = FakeSearch(self.matching)
        self.analytics = FakeAnalytics(self.matching)
        self.alerts = FakeAlerts(self._changed)
        self.replay = FakeReplay(self.matching)
        self.views: list[SavedView] = []
        self.append(events)

    def append(self, events: Iterable[EventSummary]) -> None:
        """Let events arrive: they are seen by the next question."""
        with self._lock:
            self._by_seq.extend(events)
            self._by_seq.sort(key=lambda e: e.seq)
            self._by_id = sorted(self._by_seq, key=lambda e: e.id)
            self.token += 1

    def _changed(self) -> None:
        """Let readers see that something other than an arrival has changed."""
        self.token += 1

    def add_one(self, event: EventSummary) -> None:
        """Let one event arrive, at the cost of an insert."""
        with self._lock:
            self._by_seq.append(event)
            bisect.insort(self._by_id, event, key=lambda e: e.id)
            self.token += 1

    def matching(self, what: Filter) -> list[EventSummary]:
        """Return what passes a filter, in the order of time."""
        with self._lock:
            return [e for e in self._by_id if passes(what, e)] if what else list(self._by_id)

    def _asked(self, name: str) -> None:
        self.questions.append(name)

    def change_token(self) -> int:
        """Return how often something arrived."""
        return self.token

    def last_seq(self) -> int:
        """Return the last seq."""
        with self._lock:
            return self._by_seq[-1].seq if self._by_seq else 0

    def extent(self) -> Extent:
        """Return number, times and last seq."""
        with self._lock:
            if not self._by_id:
                return Extent(0, None, None, 0)
            return Extent(len(self._by_id), self._by_id[0].ts_us, self._by_id[-1].ts_us, self._by_seq[-1].seq)

    def newest(self, what: Filter, limit: int) -> Page:
        """Return the newest page."""
        self._asked("newest")
        rows = self.matching(what)
        return Page(tuple(rows[-limit:]), has_older=len(rows) > limit, has_newer=False)

    def oldest(self, what: Filter, limit: int) -> Page:
        """Return the oldest page."""
        self._asked("oldest")
        rows = self.matching(what)
        return Page(tuple(rows[:limit]), has_older=False, has_newer=len(rows) > limit)

    def older(self, what: Filter, before_id: int, limit: int) -> Page:
        """Return the page before an id."""
        self._asked("older")
        rows = self.matching(what)
        end = bisect.bisect_left(rows, before_id, key=lambda e: e.id)
        start = max(end - limit, 0)
        return Page(tuple(rows[start:end]), has_older=start > 0, has_newer=end < len(rows))

    def newer(self, what: Filter, after_id: int, limit: int) -> Page:
        """Return the page after an id."""
        self._asked("newer")
        rows = self.matching(what)
        start = bisect.bisect_right(rows, after_id, key=lambda e: e.id)
        return Page(tuple(rows[start : start + limit]), has_older=start > 0, has_newer=start + limit < len(rows))

    def at_time(self, what: Filter, ts_us: int, limit: int) -> Page:
        """Return the page around a time."""
        self._asked("at_time")
        rows = self.matching(what)
        at = bisect.bisect_left(rows, ts_us, key=lambda e: e.ts_us)
        start, end = max(at - limit // 2, 0), at + (limit + 1) // 2
        return Page(tuple(rows[start:end]), has_older=start > 0, has_newer=end < len(rows))

    def arrivals(self, what: Filter, after_seq: int, limit: int) -> Arrivals:
        """Return what arrived after a seq."""
        with self._lock:
            start = bisect.bisect_right(self._by_seq, after_seq, key=lambda e: e.seq)
            last_seq = self._by_seq[-1].seq if self._by_seq else after_seq
            rows = [e for e in self._by_seq[start:] if passes(what, e)]
        tally = tally_of(rows)
        kept = tuple(rows[max(len(rows) - limit, 0) :])
        return Arrivals(kept, len(rows) - len(kept), len(rows), tally.errors, tally.denials, max(last_seq, after_seq))

    def next_trouble(self, what: Filter, from_id: int, trouble: int, *, forward: bool) -> int | None:
        """Return the nearest error or denial."""
        ids = [e.id for e in self.matching(what) if e.trouble & trouble]
        if forward:
            return next((i for i in ids if i > from_id), None)
        return next((i for i in reversed(ids) if i < from_id), None)

    def _find(self, event_row_id: int) -> EventSummary | None:
        with self._lock:
            at = bisect.bisect_left(self._by_id, event_row_id, key=lambda e: e.id)
            found = self._by_id[at] if at < len(self._by_id) else None
        return found if found is not None and found.id == event_row_id else None

    def detail(self, event_row_id: int) -> EventDetail | None:
        """Return the detail of an event."""
        event = self._find(event_row_id)
        return None if event is None else detail_of(event)

    def canonical_json(self, event_row_id: int) -> str | None:
        """Return an event as JSON."""
        event = self._find(event_row_id)
        return None if event is None else json.dumps({"event_type": event.event_type, "agent_id": event.agent_id})

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Histogram:
        """Return tallies of slices."""
        self._asked("histogram")
        span = (end_us - start_us) / slices
        parts: list[list[EventSummary]] = [[] for _ in range(slices)]
        rows = self.matching(what)
        first = bisect.bisect_left(rows, start_us, key=lambda e: e.ts_us)
        for event in rows[first:]:
            if event.ts_us < end_us:
                parts[min(int((event.ts_us - start_us) / span), slices - 1)].append(event)
        return Histogram(start_us, end_us, tuple(tally_of(part) for part in parts))

    def tally(self, what: Filter, start_us: int, end_us: int) -> Tally:
        """Return the tally of a window."""
        return tally_of(e for e in self.matching(what) if start_us <= e.ts_us < end_us)

    def facet(self, by: Key, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[FacetValue]:
        """Return a field's values, most frequent first."""
        groups: dict[str | None, list[EventSummary]] = {}
        for event in self.matching(what):
            if start_us <= event.ts_us < end_us:
                groups.setdefault(value_of(event, by), []).append(event)
        values = [FacetValue(value, tally_of(events)) for value, events in groups.items()]
        values.sort(key=lambda v: (-v.tally.events, v.value or ""))
        return values[:limit]

    def fraction_before(self, event_row_id: int) -> float:
        """Return the share of older events."""
        with self._lock:
            before = bisect.bisect_left(self._by_id, event_row_id, key=lambda e: e.id)
            return before / len(self._by_id) if self._by_id else 0.0

    def time_at_fraction(self, fraction: float) -> int | None:
        """Return the time before which that share lies."""
        with self._lock:
            if not self._by_id:
                return None
            return self._by_id[min(int(fraction * len(self._by_id)), len(self._by_id) - 1)].ts_us

    def related_count(self, by: Key, value: str) -> int:
        """Return a made-up number of related events."""
        return len(value) if by is Key.REQUEST else 31

    def saved_views(self) -> Sequence[SavedView]:
        """Return `views`, then the shipped ones."""
        names = {view.name for view in self.views}
        return [
            *sorted(self.views, key=lambda view: view.name.casefold()),
            *(one for one in SHIPPED if one.name not in names),
        ]

    def health(self) -> Health:
        """Return a healthy store, or `health_answer`."""
        if self.health_answer is not None:
            return self.health_answer
        return healthy(len(self._by_seq))

    def store_parts(self) -> StoreParts | None:
        """Return made-up parts."""
        self._asked("store_parts")
        return self.parts

    def quarantine_reasons(self) -> Sequence[QuarantineReason]:
        """Return the kinds of `records`, most frequent first."""
        self._asked("quarantine_reasons")
        groups: dict[str, list[QuarantineEntry]] = {}
        for one in self.records:
            groups.setdefault(fault_kind(one.reason), []).append(one)
        reasons = [
            QuarantineReason(kind, len(them), max(e.at_us for e in them), sum(e.retry_us is not None for e in them))
            for kind, them in groups.items()
        ]
        return sorted(reasons, key=lambda one: (-one.records, one.kind))

    def quarantine_rows(self, kind: str | None, limit: int) -> Sequence[QuarantineRow]:
        """Return `records` of a kind without their bytes, newest first."""
        self._asked("quarantine_rows")
        found = [one for one in self.records if kind in (None, fault_kind(one.reason))]
        found.sort(key=lambda one: -one.id)
        return [row_of(one) for one in found[:limit]]

    def quarantine_ids(self, kind: str | None) -> Sequence[int]:
        """Return the numbers of `records` of a kind."""
        return sorted(one.id for one in self.records if kind in (None, fault_kind(one.reason)))

    def quarantine_entry(self, number: int) -> QuarantineEntry | None:
        """Return one of `records`."""
        self._asked("quarantine_entry")
        return next((one for one in self.records if one.id == number), None)

    def close(self) -> None:
        """Note that it was closed."""
        self._asked("close")


def row_of(entry: QuarantineEntry) -> QuarantineRow:
    """Return a record without its bytes."""
    return QuarantineRow(
        entry.id, entry.at_us, entry.path, entry.line, entry.offset, entry.reason, entry.size, entry.retry_us,
        entry.tried_us, entry.tried_reason,
    )  # fmt: skip


def detail_of(event: EventSummary) -> EventDetail:
    """Return an event with every field of its detail filled in."""
    return EventDetail(
        summary=event,
        event_id=f"evt_{event.seq:010}",
        host="web-1",
        call_id=f"call_{event.seq}" if event.tool else None,
        request_id="req_7f31c02",
        session_id="ses_44d0a91",
        trace_id=None,
        span_id=None,
        parent_id=None,
        input_tokens=1204,
        output_tokens=88,
        cache_read_tokens=10_112,
        cache_write_tokens=None,
        cost_microusd=8100,
        counts=1,
        outcome=1,
        message=event.message,
        metadata={
            "arguments": {"customer": "c_9812", "limit": 50, "fields": ["id", "total", "email"]},
            "policy": {"id": "t-01", "decision": "deny", "mode": "enforce"},
            "resource_owner": "globex",
        },
        provenance=Provenance("events/2026-11-22/platform-14.jsonl", "b2c4", 2, 1_882_441, "native"),
    )


def healthy(events: int) -> Health:
    """Return the health of a store with a running scanner and one folder."""
    source = SourceHealth("./events", "folder", "ok", None, ("native",), 214, events, 12, 3, 5, 0, None)
    return Health(
        scanner=ScannerHealth(
            running=True,
            pid=4242,
            started_us=None,
            heartbeat_us=None,
            watcher="inotify",
            watcher_reason=None,
            events_per_second=5.1,
            lag_ms=84,
            files_pending=0,
            last_scan_us=None,
            kind="service",
        ),
        store=StoreHealth(
            "/var/lib/auditail/auditail.db",
            812_000_000,
            4_000_000,
            events + events // 40,
            90_000_000_000,
            2,
            counted=events,
            migrations=("Schema 1: events.", "Schema 2: health."),
        ),
        sources=(source,),
        quarantined=0,
        duplicates=12,
        redacted=5,
        last_hour=tuple(IngestMinute(200 + 97 * minute % 61 * 3, int(minute in (17, 41))) for minute in range(60)),
        last_day=IngestMinute(240_000, 2),
        day_us=86_400_000_000,
    )


if __name__ == "__main__":
    from tests.pilot.by_hand import main

    main()
