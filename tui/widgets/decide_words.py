"""A sentence in a dialog, some of its words stronger than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from tui.widgets.flowing import flow
from tui.widgets.line import Line, Span
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS: Final = 3


class DecideWords(LineView, can_focus=False):
    """Shows `spans` in as many rows as they take, three at most."""

    GUTTER: ClassVar[int] = 0

    spans: reactive[tuple[Span, ...]] = reactive(())
    """What is said: text and role of each part."""

    def watch_spans(self) -> None:
        """Say something else; it may take another number of rows."""
        self.rebuild()
        self.refresh(layout=True)

    def build(self, width: int) -> Sequence[Line]:
        """Return the rows."""
        return [Line(row, skip=True) for row in flow(self.spans, width, _ROWS)]


class DecideRule(LineView, can_focus=False):
    """A thin rule over the whole width."""

    GUTTER: ClassVar[int] = 0

    def build(self, width: int) -> Sequence[Line]:
        """Return the rule."""
        return [Line((("─" * width, "rule"),), skip=True)]
