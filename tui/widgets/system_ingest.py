"""The last hour of arrivals: rows stored rise, records refused hang below the same baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from store.health import IngestMinute
from tui import format as fmt
from tui.widgets.line import Line, Span, heading
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LABEL: Final = 8
"""Cells for the numbers at the left."""
MINUTES: Final = 60
VOLUME_ROWS: Final = 2
LEVELS: Final = 8
LOUD: Final = 4
"""So many refused in a minute fill the hanging half at least; one never looks like a disaster."""
TICKS: Final = 4


class SystemIngest(SystemPane, can_focus=False):
    """Six rows, whatever there is to show."""

    GUTTER: ClassVar[int] = 0

    def build(self, width: int) -> Sequence[Line]:
        """Return heading, chart and axis."""
        return list(self._build(width))

    def _build(self, width: int) -> Iterator[Line]:
        yield heading("Ingest, last hour", ("stored up, refused down", "muted"))
        room = max(width - LABEL, 1)
        each = max(room // MINUTES, 1)
        minutes = () if self.health is None else self.health.last_hour
        slices = _slices(minutes, each, room)
        peak = max((one.events for one in slices), default=0)
        per_second = peak / 60 if room >= MINUTES else peak / 120
        for row in reversed(range(VOLUME_ROWS)):
            label = fmt.rate(per_second) if row == VOLUME_ROWS - 1 and self.health is not None else ""
            bars = "".join(self.glyphs.bars[_level(one.events, peak, row, VOLUME_ROWS)] * each for one in slices)
            yield Line(((label.ljust(LABEL), "muted"), (bars, "bar")))
        refused = sum(one.refused for one in slices)
        label = f"{self.glyphs.failure} {fmt.short_count(refused)}" if self.health is not None else ""
        yield Line(((label.ljust(LABEL), "error" if refused else "muted"), *self._hanging(slices, each)))
        yield Line(((" " * LABEL, ""), (self._axis(len(slices) * each), "faint")))

    def _hanging(self, slices: Sequence[IngestMinute], each: int) -> Iterator[Span]:
        peak = max([*(one.refused for one in slices), LOUD])
        for one in slices:
            level = _level(one.refused, peak, 0, 1)
            if not level:
                yield " " * each, ""
            elif self.glyphs.hanging:
                yield self.glyphs.hanging[level] * each, "error"
            else:
                yield self.glyphs.bars[LEVELS - level] * each, "hanging"

    def _axis(self, width: int) -> str:
        text, last = "", fmt.minute(self.now_us, utc=self.utc)
        if not width or not self.now_us:
            return text
        for tick in range(TICKS):
            at_us = self.now_us - (TICKS - tick) * MINUTES * 60 * fmt.MICROS // TICKS
            column, said = width * tick // TICKS, fmt.minute(at_us, utc=self.utc)
            if len(text) < column + (not tick) and column + len(said) < width - len(last):
                text = text.ljust(column) + said
        return text.ljust(width - len(last)) + last


def _slices(minutes: Sequence[IngestMinute], each: int, room: int) -> list[IngestMinute]:
    """Return the minutes, or pairs of them where there is no room for sixty."""
    if each * len(minutes) <= room:
        return list(minutes)
    return [
        IngestMinute(sum(one.events for one in pair), sum(one.refused for one in pair))
        for pair in (minutes[start : start + 2] for start in range(0, len(minutes), 2))
    ]


def _level(number: int, peak: int, row: int, rows: int) -> int:
    """Return how far (0 to 8) a bar fills one of `rows` rows, `row` counted from the baseline."""
    if not number:
        return 0
    height = max(round(number * LEVELS * rows / peak), 1)
    return min(max(height - row * LEVELS, 0), LEVELS)
