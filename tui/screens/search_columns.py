"""Asks which columns a list has, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.search_columns import KINDS, USUAL
from tui.widgets.choice_list import ChoiceList, Item
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.glyphs import Glyphs

_ABOUT = {kind.name: kind.about for kind in KINDS}


class ColumnsScreen(ModalScreen[tuple[str, ...] | None]):
    """The answer is the names of the columns, empty for the usual ones; None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", priority=True, show=False),
        Binding("enter", "take", priority=True, show=False),
        Binding("space", "mark", priority=True, show=False),
        Binding("left,shift+up,K", "shift(-1)", priority=True, show=False),
        Binding("right,shift+down,J", "shift(1)", priority=True, show=False),
        Binding("u", "usual", priority=True, show=False),
    ]

    def __init__(self, chosen: tuple[str, ...], *, glyphs: Glyphs) -> None:
        """Begin with these columns; none: the usual ones."""
        super().__init__()
        self._glyphs = glyphs
        self._begin(chosen or USUAL)

    def _begin(self, names: tuple[str, ...]) -> None:
        self._marked = set(names)
        self._order = [*names, *(kind.name for kind in KINDS if kind.name not in names)]

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " columns "
            yield ChoiceList()
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Show the columns."""
        listed = self.query_one(ChoiceList)
        listed.glyphs = self._glyphs
        listed.styles.height = len(KINDS)
        self._show()
        listed.focus()
        arrows = f"{self._glyphs.left} {self._glyphs.right}"
        self.query_one(KeyLine).keys = (
            ("Space", "show or hide"),
            (arrows, "move"),
            ("u", "usual"),
            (self._glyphs.enter, "done"),
            ("Esc", "close"),
        )

    def _show(self) -> None:
        self.query_one(ChoiceList).items = tuple(Item(name, _ABOUT[name], name in self._marked) for name in self._order)

    def action_mark(self) -> None:
        """Show or hide the column under the cursor."""
        self._marked ^= {self._order[self.query_one(ChoiceList).cursor]}
        self._show()

    def action_shift(self, by: int) -> None:
        """Move the column under the cursor to the left (right): in this list up (down)."""
        listed = self.query_one(ChoiceList)
        at, to = listed.cursor, listed.cursor + by
        if 0 <= to < len(self._order):
            self._order[at], self._order[to] = self._order[to], self._order[at]
            self._show()
            listed.cursor = to

    def action_usual(self) -> None:
        """Begin with the usual columns again."""
        self._begin(USUAL)
        self._show()

    def action_take(self) -> None:
        """Answer with what is marked; with nothing marked, or the usual ones, the list chooses for itself."""
        names = tuple(name for name in self._order if name in self._marked)
        self.dismiss(() if names == USUAL else names)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
