"""Texts of the dialog that drafts a rule: what it is made of, its YAML, what it would have found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.reactive import reactive

from tui.widgets.decide_choices import ChoiceRow
from tui.widgets.line import Line, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events

    from tui.widgets.line import Span

_MOST_ROWS = 3
"""Rows that one text may take."""


class DraftLines(LineView, can_focus=False):
    """Shows `texts`, each wrapped behind `label`, which stands before the first row."""

    GUTTER: ClassVar[int] = 0

    texts: reactive[tuple[Span, ...]] = reactive(())
    """Texts and their roles, one below the other."""

    def __init__(self, label: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Begin without texts."""
        super().__init__(id=id)
        self._label = label

    def watch_texts(self) -> None:
        """Show other texts."""
        self.rebuild()
        self.refresh(layout=True)

    def build(self, width: int) -> Sequence[Line]:
        """Return as many rows as the texts take."""
        return list(self._rows(max(width - len(self._label), 2)))

    def _rows(self, room: int) -> Iterator[Line]:
        label = self._label
        for text, role in self.texts:
            for row in wrap(text, room, _MOST_ROWS):
                yield Line(((label, "title"), (row, role)), skip=True)
                label = " " * len(label)


class DraftResult(DraftLines, can_focus=True):
    """Like it, but Enter says that somebody wants to see what was found, while `leads`."""

    leads: reactive[bool] = reactive(default=False)
    """Whether there is something to be seen."""

    def action_choose(self) -> None:
        """Report it."""
        if self.leads:
            self.post_message(self.Chosen(self, Line(self.texts[:1])))

    def action_cursor(self, step: int) -> None:
        """Leave it for the next field (or the one before)."""
        self.screen.focus_next() if step > 0 else self.screen.focus_previous()

    def on_click(self, event: events.Click) -> None:
        """Do as Enter does."""
        event.stop()
        self.action_choose()


class DraftLevel(ChoiceRow):
    """How bad it is; Enter says that somebody is done with choosing."""

    def action_choose(self) -> None:
        """Report it."""
        self.post_message(self.Chosen(self, Line()))
