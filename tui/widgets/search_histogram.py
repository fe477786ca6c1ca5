"""The histogram of a result: volume and failures over all its time, a part of which can be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.format import MICROS, broken_down, count, day
from tui.search_window import Chosen, Window
from tui.widgets.histogram import Bars, MirrorHistogram
from tui.widgets.ink import ink, paper
from tui.widgets.one_line import Piece, fit_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events

    from store.service import Tally

_INDENT: Final = 1
_ROOMY: Final = 100
"""From so many columns on there is room for all words."""
_SHARE: Final = 12
"""Which part of all bars is chosen to begin with."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_US: Final = 86_400 * MICROS
_MINUTE_US: Final = 60 * MICROS


class SearchHistogram(MirrorHistogram, can_focus=True):
    """Draws `bars` over its whole width. Arrows choose a bar, Shift takes more of them, Enter narrows to them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"histogram--chosen", "histogram--strong", "histogram--range"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose(-1, False)", show=False),
        Binding("right", "choose(1, False)", show=False),
        Binding("shift+left", "choose(-1, True)", show=False),
        Binding("shift+right", "choose(1, True)", show=False),
        Binding("enter", "narrow", show=False),
        Binding("escape,up,down", "leave", show=False),
    ]

    VOLUME_ROWS: ClassVar[int] = 3
    """Rows above the baseline."""
    NOUN: ClassVar[str] = "event"
    """What is counted."""

    chosen: reactive[Chosen | None] = reactive(None)
    """The bars that are chosen."""
    stale = reactive(default=False)
    """Whether the bars are of another filter, until others are counted."""

    class Narrowed(Message):
        """The result is to be narrowed to [start_us, end_us)."""

        def __init__(self, start_us: int, end_us: int) -> None:
            """Remember the time, UTC microseconds."""
            super().__init__()
            self.start_us = start_us
            self.end_us = end_us

    class Chose(Message):
        """Other bars were chosen, or none any more."""

        def __init__(self, words: str) -> None:
            """Remember their time and their events, in words; empty: none."""
            super().__init__()
            self.words = words

    class Left(Message):
        """The keys are to go to the list again."""

    _anchor: int | None = None

    @property
    def window(self) -> Window | None:
        """What the bars are over; None: not known yet."""
        bars = self.bars
        return Window(bars.start_us, bars.end_us, len(bars.slices)) if bars.slices else None

    def room_in(self, width: int) -> int:
        """Return how many slices a widget of `width` cells has room for."""
        return width - 2 * _INDENT

    @property
    def cells(self) -> Sequence[Tally]:
        """What each cell of a row shows: slices are drawn in one cell or more, so that they fill the row."""
        slices, room = self.bars.slices, self.room
        if len(slices) >= room:
            return slices
        return [slices[cell * len(slices) // room] for cell in range(room)] if slices else ()

    def _cell(self, index: int) -> int:
        """Return the first cell of a slice."""
        slices = max(len(self.bars.slices), 1)
        return index if slices >= self.room else -(-index * self.room // slices)

    def watch_bars(self, before: Bars, after: Bars) -> None:
        """Keep what is chosen as long as the bars are over the same time."""
        if (before.start_us, before.end_us, len(before.slices)) != (after.start_us, after.end_us, len(after.slices)):
            self.chosen = None

    def watch_chosen(self) -> None:
        """Tell the screen."""
        self.post_message(self.Chose("".join(self._choice())))

    # Choose.

    def step(self, by: int, *, near_us: int | None) -> None:
        """Choose the bars just before (after) the chosen ones; to begin with, a twelfth of all around a time."""
        window = self.window
        if window is None:
            return
        if self.chosen is not None:
            self.chosen = self.chosen.moved(by * self.chosen.width, window.slices)
            return
        last = window.slices - 1 if near_us is None else window.index_at(near_us)
        wide = max(window.slices // _SHARE, 1)
        self.chosen = Chosen(last - wide + 1, last).moved(0, window.slices)

    def action_choose(self, step: int, more: bool) -> None:  # noqa: FBT001 (Textual calls it with what the binding says)
        """Choose the bar to the left (right), or take it as well."""
        window = self.window
        if window is None:
            return
        if self.chosen is None:
            last = window.slices - 1
            self.chosen = Chosen(last, last)
        elif more:
            end = min(max((self.chosen.last if step > 0 else self.chosen.first) + step, 0), window.slices - 1)
            self.chosen = Chosen(min(self.chosen.first, end), max(self.chosen.last, end))
        else:
            at = self.chosen.first if step < 0 else self.chosen.last
            self.chosen = Chosen(at, at).moved(step, window.slices)

    def action_narrow(self) -> None:
        """Ask for the result within what is chosen."""
        window = self.window
        if window is not None and self.chosen is not None:
            self.post_message(self.Narrowed(window.edge(self.chosen.first), window.edge(self.chosen.last + 1)))

    def action_leave(self) -> None:
        """Choose nothing and go back to the list."""
        self.chosen = None
        self.post_message(self.Left())

    def _bar_at(self, x: int) -> int:
        slices = len(self.bars.slices)
        cell = max(x - _INDENT, 0)
        return min(cell if slices >= self.room else cell * slices // self.room, max(slices - 1, 0))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the bar under the mouse, from which it can be drawn on."""
        if self.window is not None:
            self._anchor = self._bar_at(event.x)
            self.chosen = Chosen(self._anchor, self._anchor)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Take the bars that the mouse is drawn over."""
        if self._anchor is not None:
            self.chosen = Chosen.between(self._anchor, self._bar_at(event.x))

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let go of the mouse."""
        self._anchor = None
        self.release_mouse()

    # Draw.

    def render_line(self, y: int) -> Strip:
        """Return a row: words, volume, failures, axis; on a low screen only volume and failures."""
        base = paper(self)
        if self.compact:
            body = self._volume(0, 1) if y == 0 else self._failures()
        elif y == 0:
            return self._words().apply_style(base)
        elif y <= self.VOLUME_ROWS:
            body = self._volume(self.VOLUME_ROWS - y, self.VOLUME_ROWS)
        else:
            body = self._failures() if y == self.VOLUME_ROWS + 1 else self._axis()
        strip = self._marked(Strip(list(body)), on_axis=not self.compact and y > self.VOLUME_ROWS + 1)
        blank = Strip([Segment(" " * _INDENT)], _INDENT)
        return Strip.join([blank, strip]).adjust_cell_length(self.size.width).apply_style(base)

    def _marked(self, strip: Strip, *, on_axis: bool) -> Strip:
        """Return a row with the chosen bars on another ground; on the axis a line lies under them."""
        chosen = self.chosen
        if chosen is None:
            return strip
        strip = strip.adjust_cell_length(len(self.cells))
        first, end = self._cell(chosen.first), self._cell(chosen.last + 1)
        if on_axis:
            middle = Strip([Segment(self.glyphs.bar_line * (end - first), ink(self, "histogram--range"))])
        else:
            middle = strip.crop(first, end).apply_style(ink(self, "histogram--chosen"))
        return Strip.join([strip.crop(0, first), middle, strip.crop(end)])

    def _words(self) -> Strip:
        width = self.size.width
        right = list(self._trouble())
        room = width - sum(len(piece.text) for piece in right) - 2
        left = fit_pieces(list(self._said()), max(room, 0), self.glyphs.ellipsis)
        gap = width - sum(len(piece.text) for piece in [*left, *right]) - _INDENT
        pieces = [*left, Piece(" " * max(gap, 0)), *right]
        segments = [
            Segment(piece.text, ink(self, f"histogram--{piece.role}") if piece.role else None) for piece in pieces
        ]
        return Strip(segments).adjust_cell_length(width)

    def _said(self) -> Iterator[Piece]:
        window, slices = self.window, self.bars.slices
        yield Piece(" " * _INDENT)
        if window is None:
            yield Piece(f"{self.glyphs.pending} counting", "label")
            return
        sign = f"{self.glyphs.pending} counting, before: " if self.stale else ""
        yield Piece(f"{sign}{self.NOUN}s per {window.slice_words}", "label")
        chosen = self.chosen
        if chosen is None:
            yield Piece("   peak ", "label")
            yield Piece(count(max(tally.events for tally in slices)), "strong")
            return
        span, events = self._choice()
        yield Piece("   chosen ", "label")
        yield Piece(span, "range")
        yield Piece(f"{events}   ", "label")
        yield Piece(self.glyphs.enter if self.has_focus else "", "range")
        yield Piece(" narrows" if self.has_focus else "", "label")

    def _choice(self) -> tuple[str, ...]:
        """Return from when to when the chosen bars are, and how many events they have; nothing without a choice."""
        window, chosen = self.window, self.chosen
        if window is None or chosen is None:
            return ()
        events = sum(tally.events for tally in self.bars.slices[chosen.first : chosen.last + 1])
        start, end = window.edge(chosen.first), window.edge(chosen.last + 1)
        span = f"{self._moment(start)} {self.glyphs.right} {self._moment(end)}"
        return span, f"   {count(events)} {self.NOUN}{'' if events == 1 else 's'}"

    def _trouble(self) -> Sequence[Piece]:
        if not self.bars.slices:
            return ()
        errors = sum(tally.errors for tally in self.bars.slices)
        denials = sum(tally.denials for tally in self.bars.slices)
        words = Piece("failures hang below  " if self.size.width >= _ROOMY else "", "label")
        return (
            words,
            Piece(f"{self.glyphs.failure} {count(errors)}", "error" if errors else "label"),
            Piece("  "),
            Piece(f"{self.glyphs.denied} {count(denials)}", "denial" if denials else "label"),
        )

    def _moment(self, ts_us: int) -> str:
        """Return a time as exactly as the slices are: with its day where they reach over several."""
        window = self.window
        at = broken_down(ts_us, utc=self.utc)
        seconds = f":{at.tm_sec:02}" if window is not None and window.slice_us < _MINUTE_US else ""
        clock = f"{at.tm_hour:02}:{at.tm_min:02}{seconds}"
        if window is None or day(window.start_us, utc=self.utc) == day(window.end_us - 1, utc=self.utc):
            return clock
        date = f"{at.tm_mday} {_MONTHS[at.tm_mon - 1]}"
        return date if window.slice_us >= _DAY_US else f"{date} {clock}"

    def tick(self, ts_us: int) -> str:
        """Return how a time is written on the axis: the day where the window has several."""
        bars = self.bars
        at = broken_down(ts_us, utc=self.utc)
        length = bars.end_us - bars.start_us
        clock = f"{at.tm_hour:02}:{at.tm_min:02}"
        if length <= _DAY_US // 2:
            return clock if len(bars.slices) * _MINUTE_US // 10 < length else f"{clock}:{at.tm_sec:02}"
        date = f"{at.tm_mday} {_MONTHS[at.tm_mon - 1]}"
        if length <= 4 * _DAY_US:
            return f"{date} {clock}"
        return f"{date} {at.tm_year}" if length > 300 * _DAY_US else date
