"""The store's file and the scanner that feeds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from tui import format as fmt
from tui.widgets.fact_line import LABEL, fact
from tui.widgets.line import BLANK, Line, heading, pad, wrap
from tui.widgets.system_pane import SystemPane
from tui.widgets.system_scanner import scanner_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.health import Health, StoreHealth, StoreParts

LOW_DISK: Final = 1 << 30
"""Fewer free bytes than this are worth a warning."""
PART_ROLES: Final = ("primary", "accent", "muted", "faint")


class SystemStore(SystemPane):
    """Two blocks of facts to read; arrows scroll."""

    GUTTER: ClassVar[int] = 0

    parts: reactive[StoreParts | None] = reactive(None)
    """What the file is filled with; None: being measured, or it cannot be told."""
    measuring = reactive(default=True)
    """Whether `parts` is still to come."""

    def watch_parts(self) -> None:
        """Show what the file is filled with."""
        self.rebuild()

    watch_measuring = watch_parts

    def build(self, width: int) -> Sequence[Line]:
        """Return both blocks."""
        if self.health is None:
            waiting = Line(((f"{self.glyphs.pending} reading", "muted"),))
            return [heading("Store"), waiting, BLANK, heading("Scanner"), waiting]
        scanner = scanner_lines(self.health.scanner, self.rates, self.ago, self.now_us)
        return [*self._store(self.health, width), BLANK, *scanner]

    def _store(self, health: Health, width: int) -> Iterator[Line]:
        store = health.store
        yield heading("Store", (f"SQLite, WAL · schema {store.schema_version}", "muted"))
        for index, row in enumerate(wrap(store.path, width - LABEL, 3)):
            yield Line(((pad("file" if index == 0 else "", LABEL), "muted"), (row, "")))
        yield fact("size", fmt.size(store.bytes), self._parts_said())
        yield self._parts_bar(width)
        yield from _rows(store)
        checkpoint = f"last checkpoint {self.ago(store.checkpoint_us)}" if store.checkpoint_us else "no checkpoint yet"
        yield fact("WAL", fmt.size(store.wal_bytes), checkpoint)
        low = store.disk_free_bytes < LOW_DISK
        free = "the disk is nearly full: make room, or nothing more can be stored" if low else _full_in(health)
        yield fact("disk free", fmt.size(store.disk_free_bytes), free, "error" if low else "")
        if store.oldest_us is not None:
            age = fmt.span(self.now_us - store.oldest_us)
            day = fmt.day(store.oldest_us, utc=self.utc)
            yield fact("oldest", day, f"{fmt.clock(store.oldest_us, utc=self.utc)[0]}, {age} ago · kept for ever")
        if store.migrations:
            last = store.migrations[-1]
            yield fact("migrations", f"{len(store.migrations)}, all done", f"last: {last.partition(': ')[2] or last}")

    def _parts_said(self) -> str:
        parts = self.parts
        if parts is None:
            return f"{self.glyphs.pending} measuring its parts" if self.measuring else "its parts cannot be told here"
        whole = max(parts.events + parts.text + parts.index + parts.rest, 1)
        shares = (("events", parts.events), ("text", parts.text), ("index", parts.index), ("rest", parts.rest))
        return "  ".join(f"{name} {100 * size / whole:.0f} %" for name, size in shares)

    def _parts_bar(self, width: int) -> Line:
        """Return the shares as one thin line; blank until they are known, so that nothing below ever moves."""
        parts, room = self.parts, max(width - LABEL, 4)
        if parts is None:
            return BLANK
        sizes = (parts.events, parts.text, parts.index, parts.rest)
        whole, so_far, drawn = max(sum(sizes), 1), 0, 0
        spans = [(" " * LABEL, "")]
        for size, role in zip(sizes, PART_ROLES, strict=True):
            so_far += size
            cells = round(room * so_far / whole) - drawn
            drawn += cells
            spans.append((self.glyphs.bar_line * cells, role))
        return Line(tuple(spans))


def _rows(store: StoreHealth) -> Iterator[Line]:
    """Yield why the number of rows is not the number of events that lists and the header show."""
    if store.counted is None:
        yield fact("rows", fmt.count(store.events), "of all tenants; which of them count is not shown")
        return
    each = f"{store.bytes // store.counted:,} bytes each" if store.counted else "none yet"
    yield fact("events", fmt.count(store.counted), f"as in lists and above · {each}")
    parts = store.events - store.counted
    added = "more rows: usage that grew, calls seen twice" if parts else "no event has further rows"
    yield fact("+ parts", fmt.count(parts), added, "" if parts else "faint")
    yield fact("= rows", fmt.count(store.events), "stored, each with a number of its own")


_WHOLE_DAY_US: Final = 86_400_000_000


def _full_in(health: Health) -> str:
    store = health.store
    if not health.last_day.events or not health.day_us or not store.events:
        return "nothing came in the last 24 h"
    if health.day_us < _WHOLE_DAY_US:
        return "how long that lasts is told after a day"  # what was there at the start says nothing of what comes
    bytes_per_us = health.last_day.events / health.day_us * store.bytes / store.events
    return f"full in {fmt.span(int(store.disk_free_bytes / bytes_per_us))} at this rate"
