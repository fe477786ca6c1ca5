"""The list of offers under the cursor of a query line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from store.safe_text import safe_text
from tui import format as fmt
from tui.glyphs import UNICODE, Glyphs
from tui.query_completion import Candidate
from tui.widgets.ink import ink, paper
from tui.widgets.line import Span, fit, spans_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style
    from textual import events

MOST_ROWS: Final = 8
"""Offers that are visible at a time."""
WIDEST: Final = 60
LEAST: Final = 34
ROLES: Final = ("key", "head", "muted", "faint", "keycap", "cursor", "first")


class QueryPopup(Widget):
    """Shows `candidates`. Never has the focus: keys go to the text above it, and its owner moves `cursor`."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"popup--{role}" for role in ROLES}

    candidates: reactive[Sequence[Candidate]] = reactive((), layout=True)
    cursor = reactive(-1)
    """Index of the offer that Enter takes; -1: none has been chosen, and Tab takes the first."""
    note: reactive[str] = reactive("")
    """Said in the last line instead of what the keys do."""

    @dataclass
    class Taken(Message):
        """An offer was clicked."""

        candidate: Candidate

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        """Draw with these signs; hidden until there is something to offer."""
        super().__init__()
        self.glyphs = glyphs
        self._top = 0

    @property
    def first(self) -> Candidate | None:
        """What Tab takes: the chosen offer, else the first."""
        return self.candidates[max(self.cursor, 0)] if self.candidates else None

    @property
    def chosen(self) -> Candidate | None:
        """What Enter takes."""
        return self.candidates[self.cursor] if 0 <= self.cursor < len(self.candidates) else None

    def put(self, candidates: Sequence[Candidate], note: str = "") -> None:
        """Offer these; what was chosen stays chosen where it is still among them."""
        was = self.chosen
        self.candidates = candidates
        self.cursor = next((index for index, one in enumerate(candidates) if one == was), -1)
        self.note = note
        self._reveal()
        self.refresh(layout=True)

    def move(self, step: int) -> None:
        """Choose the next or the previous offer; beyond the ends none is chosen."""
        places = len(self.candidates) + 1
        self.cursor = (self.cursor + 1 + step) % places - 1
        self._reveal()

    def _reveal(self) -> None:
        shown = max(self.cursor, 0)
        self._top = min(max(self._top, shown - MOST_ROWS + 1, 0), shown)
        self.refresh()

    @property
    def rows(self) -> int:
        """How many rows it takes: the offers and the line under them."""
        return min(len(self.candidates), MOST_ROWS) + 1

    @property
    def columns(self) -> int:
        """How many cells it takes."""
        widest = max((_width(one) for one in self.candidates), default=0)
        return min(max(widest + 3, LEAST), WIDEST)

    def render_line(self, y: int) -> Strip:
        """Return a row. Every text passes through `safe_text` here."""
        width = self.size.width
        base = paper(self)
        if y == self.rows - 1:
            return self._draw(self._foot(), width, base)
        index = self._top + y
        if index >= len(self.candidates):
            return Strip.blank(width, base)
        chosen = index == self.cursor
        if chosen:
            base += ink(self, "popup--cursor")
        elif self.cursor < 0 and index == 0:
            base += ink(self, "popup--first")
        return self._draw(self._row(self.candidates[index], width, chosen=chosen), width, base)

    def _row(self, one: Candidate, width: int, *, chosen: bool) -> Iterator[Span]:
        right = [(fmt.count(one.count), "" if one.count else "faint")] if one.count is not None else []
        if one.note:
            right = [(one.note, "muted"), *((f"  {text}", role) for text, role in right)]
        room = width - 2
        left = fit([(one.head, "head"), (one.label, "key" if one.kind == "key" else "")], room)
        right = fit(right, max(room - spans_width(left) - 2, 0))
        yield (self.glyphs.cursor if chosen else " "), "key"
        yield from left
        yield " " * (room - spans_width(left) - spans_width(right)), ""
        yield from right

    def _foot(self) -> Iterator[Span]:
        yield " ", ""
        if self.note:
            yield self.note, "muted"
            return
        down = self.glyphs.key("↓")
        for key, does in (("Tab", "takes"), (down, "chooses"), ("Esc", "closes")):
            yield key, "keycap"
            yield f" {does}", "muted"
            yield "  " if key != "Esc" else "", ""

    def _draw(self, spans: Iterator[Span], width: int, base: Style) -> Strip:
        segments = [
            Segment(text, base + ink(self, f"popup--{role}") if role else base)
            for text, role in fit(list(spans), width)
        ]
        return Strip(segments).adjust_cell_length(width, base)

    def on_click(self, event: events.Click) -> None:
        """Take the offer under the mouse."""
        event.stop()
        offset = event.get_content_offset(self)
        index = -1 if offset is None else self._top + offset.y
        if 0 <= index < len(self.candidates) and offset is not None and offset.y < self.rows - 1:
            self.post_message(self.Taken(self.candidates[index]))


def _width(one: Candidate) -> int:
    right = cell_len(one.note) + (cell_len(fmt.count(one.count)) + 2 if one.count is not None else 0)
    return cell_len(safe_text(one.head + one.label)) + (right + 2 if right else 0)
