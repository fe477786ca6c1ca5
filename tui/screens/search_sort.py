"""Asks how a result is sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from store.searching import MOST_SORTED, Sort
from tui.format import count
from tui.search_order import SORT_KEYS, first_direction, order_words
from tui.widgets.choice_list import ChoiceList, Item
from tui.widgets.key_line import KeyLine
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui.glyphs import Glyphs


class SortScreen(ModalScreen[Sort | None]):
    """The answer is an order, or None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", priority=True, show=False),
        Binding("tab,s,space", "turn", priority=True, show=False),
    ]

    def __init__(self, sort: Sort, *, glyphs: Glyphs) -> None:
        """Begin at the present order."""
        super().__init__()
        self._present = sort
        self._glyphs = glyphs
        self._sorts = [sort if key == sort.key else first_direction(key) for key in SORT_KEYS]

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " sort by "
            yield ChoiceList()
            yield Static(
                f"Up to {count(MOST_SORTED)} events are sorted; of more, the newest {count(MOST_SORTED)}.",
                markup=False,
                classes="explained",
            )
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Put the cursor on the present order."""
        listed = self.query_one(ChoiceList)
        listed.glyphs = self._glyphs
        self._show()
        listed.styles.height = len(self._sorts)
        listed.cursor = SORT_KEYS.index(self._present.key)
        listed.focus()
        self.query_one(KeyLine).keys = ((self._glyphs.enter, "sort"), ("Tab", "the other way round"), ("Esc", "close"))

    def _show(self) -> None:
        words = [order_words(sort).partition(", ")[2] for sort in self._sorts]
        self.query_one(ChoiceList).items = tuple(
            Item(sort.key, said, marked=sort == self._present) for sort, said in zip(self._sorts, words, strict=True)
        )

    def action_turn(self) -> None:
        """Turn the order under the cursor round; that of time stays as it is."""
        at = self.query_one(ChoiceList).cursor
        sort = self._sorts[at]
        if sort.key != "time":
            self._sorts[at] = Sort(sort.key, not sort.descending)
            self._show()

    @on(LineView.Chosen)
    def _chosen(self) -> None:
        self.dismiss(self._sorts[self.query_one(ChoiceList).cursor])

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
