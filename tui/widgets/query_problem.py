"""What is wrong with a query, under the place where it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.ink import ink, paper
from tui.widgets.line import Span, fit, spans_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.filters.errors import QueryError

ROLES: Final = ("caret", "error", "muted", "strong", "key")
_GAP: Final = 2


class QueryProblem(Widget):
    """Signs under [start, end) of its columns, and the problem beside them, or below where there is no room.

    Where the place is out of sight an arrow head points to it.
    """

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"problem--{role}" for role in ROLES}

    error: reactive[QueryError | None] = reactive(None, layout=True)
    """What is wrong; None: nothing."""
    place: reactive[tuple[int, int]] = reactive((0, 1), layout=True)
    """The columns that are wrong; they may lie outside of `sight`."""
    sight: reactive[tuple[int, int]] = reactive((0, 1), layout=True)
    """The columns of the text."""

    def __init__(self, glyphs: Glyphs = UNICODE) -> None:
        """Draw with these signs; hidden until something is wrong."""
        super().__init__()
        self.glyphs = glyphs

    def rows_for(self, width: int) -> int:
        """Return how many rows it takes: two where the problem does not fit beside the signs."""
        start, signs = self._signs()
        needed = spans_width(self._said()) + _GAP
        return 1 if needed <= width - start - len(signs) or needed <= start else 2

    def _signs(self) -> tuple[int, str]:
        """Return the column of the signs, and the signs."""
        (start, end), (low, high) = self.place, self.sight
        if end <= low:
            return low, "<"
        if start >= high:
            return high - 1, ">"
        start = max(start, low)
        return start, "^" * max(min(end, high) - start, 1)

    def _said(self, width: int | None = None) -> list[Span]:
        """Return the problem in words, in fewer of them where these do not fit."""
        error = self.error
        if error is None:
            return []
        spans: list[Span] = [(f"{self.glyphs.failure} ", "error"), (error.problem, "strong")]
        if error.suggestion is None:
            return spans
        meant = [("; did you mean ", "muted"), (error.suggestion, "key"), ("?  ", "muted")]
        said = [*spans, *meant, ("Tab", "key"), (" takes it", "muted")]
        if width is None or spans_width(said) <= width:
            return said
        return [*spans, ("; ", "muted"), ("Tab", "key"), (" writes ", "muted"), (error.suggestion, "key")]

    def render_line(self, y: int) -> Strip:
        """Return a row. Every text passes through `safe_text` here."""
        width = self.size.width
        start, marks = self._signs()
        signs: Span = (marks, "caret")
        end = start + len(marks)
        if self.rows_for(width) > 1:
            row = [(" " * start, ""), signs] if y == 0 else self._said(width - 1)
            return self._draw(row if y == 0 else [(" ", ""), *row], width)
        if y:
            return Strip.blank(width, paper(self))
        needed = spans_width(self._said()) + _GAP
        if needed <= width - end:
            return self._draw([(" " * start, ""), signs, (" " * _GAP, ""), *self._said(width - end - _GAP)], width)
        said = self._said(start - _GAP)
        gap = start - spans_width(said) - _GAP
        return self._draw([(" " * gap, ""), *said, (" " * _GAP, ""), signs], width)

    def _draw(self, spans: Sequence[Span], width: int) -> Strip:
        base = paper(self)
        segments = [
            Segment(text, base + ink(self, f"problem--{role}") if role else base) for text, role in fit(spans, width)
        ]
        return Strip(segments).adjust_cell_length(width, base)
