"""The mirror histogram: volume rises, failures hang below the same baseline, so that position tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from store.service import Tally
from tui.format import minute, percent, short_count
from tui.histogram_window import WINDOW_US
from tui.widgets.ink import ink, paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.glyphs import Glyphs

_MINUTE_US: Final = 60_000_000
_LEVELS: Final = 8
_LABELS: Final = 16
_MARGIN: Final = 2
_TICKS: Final = 6
_LOUD: Final = 4
"""So many failures in a slice fill the hanging half at least; fewer never look like a disaster."""


@dataclass(frozen=True, slots=True)
class Bars:
    """What is drawn: the slices of [start_us, end_us), oldest first; no slices: not known yet."""

    start_us: int = 0
    end_us: int = 0
    slices: tuple[Tally, ...] = ()


class MirrorHistogram(Widget):
    """Draws `bars` in four rows with labels and an axis, or (class `-compact`) in two rows without."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "histogram--volume",
        "histogram--error",
        "histogram--denial",
        "histogram--label",
        "histogram--axis",
    }

    bars: reactive[Bars] = reactive(Bars())
    """The last hour."""
    utc = reactive(default=False)
    """Show times in UTC instead of local time."""

    class Resized(Message):
        """There is room for another number of slices."""

        def __init__(self, slices: int) -> None:
            """Remember the number."""
            super().__init__()
            self.slices = slices

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start without bars."""
        super().__init__(id=id)
        self.glyphs = glyphs
        self._slices = 0

    @property
    def room(self) -> int:
        """How many slices there is room for; 0: not known yet."""
        return self._slices

    @property
    def cells(self) -> Sequence[Tally]:
        """What each cell of a row shows: one slice."""
        return self.bars.slices

    @property
    def compact(self) -> bool:
        """Whether there are no labels and no axis."""
        return self.has_class("-compact")

    def on_resize(self, event: events.Resize) -> None:
        """Tell how many slices there is room for: one a cell."""
        slices = max(self.room_in(event.size.width), 1)
        if slices != self._slices:
            self._slices = slices
            self.refresh()
            self.post_message(self.Resized(slices))

    def room_in(self, width: int) -> int:
        """Return how many slices a widget of `width` cells has room for."""
        return width - (_MARGIN if self.compact else _LABELS + _MARGIN)

    def render_line(self, y: int) -> Strip:
        """Return a row: volume (one or two), failures, axis."""
        volume_rows = 1 if self.compact else 2
        if y < volume_rows:
            body = self._volume(volume_rows - 1 - y, volume_rows)
        elif y == volume_rows:
            body = self._failures()
        else:
            body = self._axis()
        return Strip([*self._label(y), *body]).adjust_cell_length(self.size.width).apply_style(paper(self))

    def _label(self, y: int) -> Sequence[Segment]:
        if self.compact:
            return (Segment(" "),)
        muted = ink(self, "histogram--label")
        slices = self.bars.slices
        if not slices or y not in (0, 2):
            return (Segment(" " * _LABELS),)
        if y == 0:
            slice_us = WINDOW_US / len(slices)
            peak = round(max(tally.events for tally in slices) * _MINUTE_US / slice_us)
            return (Segment(f"  {short_count(peak)}/min".ljust(_LABELS), muted),)
        errors = sum(tally.errors for tally in slices)
        share = f"{self.glyphs.failure} {percent(errors, sum(tally.events for tally in slices))} %"
        loud = ink(self, "histogram--error") if errors else muted
        return Segment("  failed ", muted), Segment(share.ljust(_LABELS - 9), loud)

    def _volume(self, row: int, rows: int) -> Sequence[Segment]:
        peak = max((tally.events for tally in self.bars.slices), default=0) or 1
        text = "".join(self.glyphs.bars[level(tally.events, peak, row, rows)] for tally in self.cells)
        return (Segment(text, ink(self, "histogram--volume")),)

    def _failures(self) -> Sequence[Segment]:
        cells = self.cells
        hanging = [tally.errors + tally.denials for tally in cells]
        peak = max([*hanging, _LOUD])
        error, denial = ink(self, "histogram--error"), ink(self, "histogram--denial")
        segments: list[Segment] = []
        for tally, number in zip(cells, hanging, strict=True):
            height = level(number, peak, 0, 1)
            style = error if tally.errors else denial
            if not height:
                segments.append(Segment(" "))
            elif self.glyphs.hanging:
                segments.append(Segment(self.glyphs.hanging[height], style))
            else:
                segments.append(Segment(self.glyphs.bars[_LEVELS - height], style + Style(reverse=True)))
        return segments

    def tick(self, ts_us: int) -> str:
        """Return how a time is written on the axis."""
        return minute(ts_us, utc=self.utc)

    def _axis(self) -> Sequence[Segment]:
        bars, width = self.bars, len(self.cells)
        if not width:
            return ()
        last = self.tick(bars.end_us)
        text, end = "", width - len(last)
        for tick in range(_TICKS):
            said = self.tick(bars.start_us + (bars.end_us - bars.start_us) * tick // _TICKS)
            at = width * tick // _TICKS
            if len(text) < at + (tick == 0) and at + len(said) < end:  # none is cut, and none touches another
                text = text.ljust(at) + said
        return (Segment(text.ljust(max(end, 0)) + last[-width:], ink(self, "histogram--axis")),)


def level(number: int, peak: int, row: int, rows: int) -> int:
    """Return how far (0 to 8) a bar fills one of `rows` rows, `row` counted from the baseline."""
    if not number:
        return 0
    height = max(round(number * _LEVELS * rows / peak), 1)
    return min(max(height - row * _LEVELS, 0), _LEVELS)
