"""One record of the quarantine: its reason whole, where it stands, and its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from tui import format as fmt
from tui.widgets.hex_lines import hex_lines
from tui.widgets.line import BLANK, Line, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.service import QuarantineEntry

ROWS: Final = 256
"""Rows of bytes that are shown at most."""


class SystemRecord(LineView):
    """Shows `entry`; arrows scroll."""

    GUTTER: ClassVar[int] = 0

    entry: reactive[QuarantineEntry | None] = reactive(None)
    """The record; None: nothing is shown."""

    def watch_entry(self) -> None:
        """Start at the top of another record."""
        self.to_top()
        self.rebuild()

    def build(self, width: int) -> Sequence[Line]:
        """Return the record as lines."""
        return [] if self.entry is None else list(_lines(self.entry, width))


def _lines(entry: QuarantineEntry, width: int) -> Iterator[Line]:
    for row in wrap(entry.reason, width, 4):
        yield Line(((row, "warning"),))
    for row in wrap(entry.path, width, 3):
        yield Line(((row, ""),))
    line = "" if entry.line is None else f"line {entry.line:,} · "
    yield Line(((f"{line}byte {entry.offset:,} · generation {entry.generation} · {fmt.size(entry.size)}", "muted"),))
    yield BLANK
    rows = hex_lines(entry.raw, entry.offset, width, ROWS)
    yield from rows
    if not entry.raw:
        yield Line((("no bytes were kept", "muted"),))
    elif len(rows) == ROWS or entry.size > len(entry.raw):
        yield Line(((f"more: auditail quarantine show {entry.id}", "muted"),))
