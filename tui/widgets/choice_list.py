"""A short list in a dialog: rows with a mark, a name and a few words, moved through with the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from tui.widgets.line import Line, pad
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME: Final = 14


@dataclass(frozen=True, slots=True)
class Item:
    """One row. `marked`: it is chosen now."""

    name: str
    about: str = ""
    marked: bool = False


class ChoiceList(LineView):
    """Shows `items`; the cursor stays on its row when they change places."""

    items: reactive[tuple[Item, ...]] = reactive(())
    """The rows."""

    def watch_items(self) -> None:
        """Show other rows."""
        self.rebuild()

    @property
    def item(self) -> Item | None:
        """The row under the cursor."""
        target = None if self.current is None else self.current.target
        return target if isinstance(target, Item) else None

    def build(self, width: int) -> Sequence[Line]:
        """Return a line for each row."""
        del width
        return [self._line(item) for item in self.items]

    def _line(self, item: Item) -> Line:
        mark = (f" {self.glyphs.success} ", "accent") if item.marked else ("   ", "")
        role = "" if item.marked else "muted"
        return Line((mark, (pad(item.name, _NAME), role), (f" {item.about}", "muted")), target=item)
