"""The text of a query line: one line that scrolls, coloured by what each part of it means."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Input

from store.filters.lexer import MOST_CHARACTERS
from store.filters.spans import Span, spans_of
from tui.query_drawing import cell_of, drawn, index_at, pasted
from tui.widgets.ink import ink, paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.widgets.input import Selection

    from store.filters.errors import QueryError

KINDS = ("word", "key", "mark", "value", "quoted", "pattern", "operator", "negation", "error", "ghost")
"""What a part can be; each has a `query--` component class."""


class QueryInput(Input):
    """An input that keeps what it was given and draws only what is harmless; `wrong` and `ghost` are its owner's."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"query--{kind}" for kind in KINDS}

    wrong: reactive[QueryError | None] = reactive(None)
    """What is wrong with the text; drawn only while it is this text's."""
    ghost = reactive("")
    """Drawn behind the text: what accepting the first offer would add."""

    class Shifted(Message):
        """The cursor is somewhere else, or other cells of the text are visible."""

    def __init__(self, *, placeholder: str = "", alerts: bool = False) -> None:
        """Start empty; `alerts`: the keys of alerts are keys, too."""
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False, max_length=MOST_CHARACTERS)
        self._alerts = alerts

    # Editing: what comes in from outside is made harmless.

    def replace(self, text: str, start: int, end: int) -> None:
        """Put a text in place of another; line ends become blanks, other control characters visible marks."""
        super().replace(pasted(text), start, end)

    def on_paste(self, event: events.Paste) -> None:
        """Paste all lines as one."""
        event.prevent_default()
        event.stop()
        self.replace(event.text.strip("\r\n"), *self.selection)

    def watch_selection(self, before: Selection, after: Selection) -> None:
        """Tell that the cursor has moved."""
        if before.end != after.end:
            self.post_message(self.Shifted())

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Tell that other cells are visible."""
        super().watch_scroll_x(old_value, new_value)
        self.post_message(self.Shifted())

    def on_resize(self) -> None:
        """Keep the cursor in sight: what stands beside the text may have become wider."""
        self.reveal_cursor()
        self.post_message(self.Shifted())

    def reveal_cursor(self) -> None:
        """Scroll so that the cursor is visible."""
        self.scroll_to_region(Region(self._cursor_offset, 0, 1, 1), force=True, animate=False)

    # Places: a character is drawn as one mark, which may be wider than the character.

    def _position_to_cell(self, position: int) -> int:
        return cell_of(self.value, position)

    def _cell_offset_to_index(self, offset: int) -> int:
        return index_at(self.value, offset + self.scroll_offset.x)

    @property
    def content_width(self) -> int:
        """Return the cells of the text, and one for the cursor behind it."""
        return cell_len(drawn(self.value) or self.placeholder) + 1

    def cells_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the cells, from the left edge of what is visible, of [start, end) of the text; may lie outside."""
        scrolled = self.scroll_offset.x
        return cell_of(self.value, start) - scrolled, cell_of(self.value, end) - scrolled

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """Return the visible part of the text."""
        base = paper(self)
        width = self.scrollable_content_region.width
        if y:
            return Strip.blank(width, base)
        segments = list(self._shown())
        start = self.scroll_offset.x
        strip = Strip(segments).crop(start, start + width)
        return strip.extend_cell_length(width).apply_style(base).simplify()

    def _shown(self) -> Iterator[Segment]:
        if not self.value and self.placeholder:
            lit = self.has_focus and self._cursor_visible
            yield Segment(self.placeholder[:1], self.get_component_rich_style("input--cursor") if lit else self._faint)
            yield Segment(self.placeholder[1:], self._faint)
            return
        behind = f"{self.ghost or ' '}" if self.has_focus else ""
        text = drawn(self.value) + drawn(behind)
        marked = self.wrong if self.wrong is not None and self.wrong.query == self.value else None
        spans = [*spans_of(self.value, marked, alerts=self._alerts), Span("blank", len(self.value), len(text))]
        yield from self._styled(text, spans)

    @property
    def _faint(self) -> Style:
        return ink(self, "query--ghost")

    def _styled(self, text: str, spans: list[Span]) -> Iterator[Segment]:
        cursor = self.cursor_position if self.has_focus and self._cursor_visible else -1
        low, high = sorted(self.selection) if self.has_focus else (0, 0)
        inks = {kind: ink(self, f"query--{kind}") for kind in KINDS}
        chosen = self.get_component_rich_style("input--selection", partial=True)
        cuts = {low, high, cursor, cursor + 1, len(self.value)}
        for span in spans:
            places = sorted({span.start, span.end, *(cut for cut in cuts if span.start < cut < span.end)})
            for start, end in pairwise(places):
                kind = "ghost" if start >= len(self.value) else span.kind
                style = inks.get(kind, Style())
                style = style + chosen if low <= start < high else style
                if start == cursor:
                    style += self.get_component_rich_style("input--cursor", partial=True)
                yield Segment(text[start:end], style)
