"""What is about to be saved as a view: query, columns and order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from tui.widgets.line import Line, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.shown_view import ShownView

_LABEL: Final = 9
_QUERY_ROWS: Final = 6


class ViewFacts(LineView):
    """Tells the parts of a view, each with its label."""

    can_focus = False
    GUTTER: ClassVar[int] = 0

    def __init__(self, shown: ShownView) -> None:
        """Tell these."""
        super().__init__()
        self._shown = shown

    def build(self, width: int) -> Sequence[Line]:
        """Return the query, on as many rows as it takes, then columns and order."""
        return list(self._build(max(width - _LABEL, 1)))

    def _build(self, room: int) -> Iterator[Line]:
        shown = self._shown
        facts = (
            ("query", shown.query_words, _QUERY_ROWS, "strong" if shown.what else "muted"),
            ("columns", shown.column_words, 2, "" if shown.columns else "muted"),
            ("sorted", shown.order_words, 1, ""),
        )
        for label, text, rows, role in facts:
            for index, row in enumerate(wrap(text, room, rows)):
                yield Line((((label if index == 0 else "").ljust(_LABEL), "muted"), (row, role)), skip=True)
