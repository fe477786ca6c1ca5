"""One record of the quarantine: its reason whole, where it stands, and its bytes around the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from store.fault_place import fault_place
from tui import format as fmt
from tui.widgets.hex_lines import bytes_per_row, hex_lines
from tui.widgets.line import BLANK, Line, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.service import QuarantineEntry

ROWS: Final = 4096
"""Rows of bytes that are shown at most: all that the quarantine keeps, sixteen a row."""
BEFORE: Final = 2
"""Rows of bytes that are shown before the one with the fault, unless the pane is maximised."""


class SystemRecord(LineView):
    """Shows `entry`; arrows scroll. Maximised it shows every byte, else it begins shortly before the fault."""

    GUTTER: ClassVar[int] = 0

    entry: reactive[QuarantineEntry | None] = reactive(None)
    """The record; None: nothing is shown."""
    now_us = reactive(0)
    """The time that "… ago" counts from, UTC microseconds."""

    def __init__(self) -> None:
        """Start with nothing to show."""
        super().__init__(classes="-nothing")
        self._whole = False

    def watch_entry(self) -> None:
        """Start at the top of another record."""
        self.set_class(self.entry is None, "-nothing")
        self.to_top()
        self.rebuild()
        self.refresh(layout=True)

    def on_resize(self) -> None:
        """Show every byte where there is room for it."""
        if self.is_maximized != self._whole:
            self._whole = self.is_maximized
            self.to_top()
            self.rebuild()
        super().on_resize()

    def build(self, width: int) -> Sequence[Line]:
        """Return the record as lines."""
        if self.entry is None:
            return []
        return list(_lines(self.entry, width, whole=self._whole, ago=fmt.ago(self.now_us - (self.entry.tried_us or 0))))


def _lines(entry: QuarantineEntry, width: int, *, whole: bool, ago: str) -> Iterator[Line]:
    way_back = (("Esc", "accent"), (" goes back", "muted")) if whole else ()
    for row in wrap(entry.reason, width - 16, 4):
        yield Line(((row, "warning"),), way_back)
        way_back = ()
    if entry.tried_us is not None:
        for row in wrap(f"tried again {ago}: {entry.tried_reason or 'it still cannot be read'}", width, 2):
            yield Line(((row, "muted"),))
    for row in wrap(entry.path, width, 3):
        yield Line(((row, ""),))
    line = "" if entry.line is None else f"line {entry.line:,} · "
    yield Line(((f"{line}byte {entry.offset:,} · generation {entry.generation} · {fmt.size(entry.size)}", "muted"),))
    yield BLANK
    yield from _bytes(entry, width, whole=whole)


def _bytes(entry: QuarantineEntry, width: int, *, whole: bool) -> Iterator[Line]:
    if not entry.raw:
        yield Line((("no bytes were kept", "muted"),))
        return
    fault = fault_place(entry.reason, entry.raw, entry.offset)
    per_row = bytes_per_row(width)
    start = 0 if whole or fault is None else max(fault // per_row - BEFORE, 0) * per_row
    if start:
        yield Line(((f"{start:,} bytes before: Enter shows all", "muted"),))
    yield from hex_lines(
        entry.raw[start:], entry.offset + start, width, ROWS, None if fault is None else fault - start
    )  # fmt: skip
    if entry.size > len(entry.raw) or len(entry.raw) - start > ROWS * per_row:
        yield Line(((f"{entry.size - len(entry.raw):,} bytes more were not kept", "muted"),))
