"""The dialog for the order of the Agents tab's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.agents_order import Order, first_order, order_words, turned
from tui.widgets.choice_list import ChoiceList, Item
from tui.widgets.key_line import KeyLine
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.agents_columns import AgentColumn
    from tui.glyphs import Glyphs


class AgentsSortScreen(ModalScreen[Order | None]):
    """The answer is an order, or None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", priority=True, show=False),
        Binding("tab,s,space", "turn", priority=True, show=False),
    ]

    def __init__(self, order: Order, columns: Sequence[AgentColumn], name: str, *, glyphs: Glyphs) -> None:
        """Begin at the present order; `name` is what the first column is about."""
        super().__init__()
        self._present = order
        self._glyphs = glyphs
        self._words = {"name": name, **{one.name: one.heading for one in columns if one.name != "activity"}}
        self._orders = [order if one == order.column else first_order(one) for one in self._words]

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " sort by "
            yield ChoiceList()
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Put the cursor on the present order."""
        listed = self.query_one(ChoiceList)
        listed.glyphs = self._glyphs
        self._show()
        listed.styles.height = len(self._orders)
        listed.cursor = list(self._words).index(self._present.column)
        listed.focus()
        self.query_one(KeyLine).keys = ((self._glyphs.enter, "sort"), ("Tab", "the other way round"), ("Esc", "close"))

    def _show(self) -> None:
        self.query_one(ChoiceList).items = tuple(
            Item(self._words[one.column], order_words(one), marked=one == self._present) for one in self._orders
        )

    def action_turn(self) -> None:
        """Turn the order under the cursor round."""
        at = self.query_one(ChoiceList).cursor
        self._orders[at] = turned(self._orders[at], self._orders[at].column)
        self._show()

    @on(LineView.Chosen)
    def _chosen(self) -> None:
        self.dismiss(self._orders[self.query_one(ChoiceList).cursor])

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
