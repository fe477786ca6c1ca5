"""The filter as chips, and how many events pass it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive

from store.filters.clause import Clause
from store.filters.model import Filter
from store.filters.printer import canonical
from store.filters.syntax import Expression, Not, Term
from tui.format import count
from tui.messages import DropOperand, RunAction
from tui.widgets.one_line import OneLine, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NARROW: Final = 110
_PICKERS: Final = (("a", "agent"), ("u", "user"), ("t", "type"))


class FilterLine(OneLine):
    """Shows `what` as chips, each with a cross that drops it; without any it says how to begin."""

    what: reactive[Filter] = reactive(Filter())
    """The filter."""
    passing: reactive[int | None] = reactive(None)
    """How many events of the last hour pass it; None: not counted yet."""
    total: reactive[int | None] = reactive(None)
    """How many there are in the last hour; None: not counted yet."""
    empty_store = reactive(default=False)
    """Whether there is nothing at all."""

    def left(self, room: int) -> Sequence[Piece]:
        """Return the chips."""
        del room
        if not self.what:
            return list(self._invitation())
        return [piece for index, operand in enumerate(self.what.operands) for piece in self._chip(index, operand)]

    def _invitation(self) -> Iterator[Piece]:
        yield Piece(" all events", "muted")
        yield Piece(f" {self.glyphs.none} filter by ", "faint")
        for key, name in _PICKERS:
            yield Piece(key, "key")
            yield Piece(f" {name}  ", "faint")
        typing = RunAction("screen.edit_filter")
        yield Piece("/", "key", typing)
        yield Piece(" any words", "faint", typing)

    def _chip(self, index: int, operand: Expression) -> Iterator[Piece]:
        yield Piece(" ")
        yield Piece(" ", "chip")
        yield from chip_words(operand)
        yield Piece(f" {self.glyphs.cross} ", "chip-muted", DropOperand(index))

    def right(self) -> Sequence[Piece]:
        """Return the count, or the sign for one that is still being made."""
        narrow = self.size.width < _NARROW
        if self.empty_store:
            return Piece("0 events ", "muted"), Piece("")
        if self.passing is None or self.total is None:
            return Piece(f"{self.glyphs.pending} ", "faint"), Piece(
                "in 1 h " if narrow else "in the last hour ", "muted"
            )
        number = Piece(count(self.passing), "strong")
        if narrow:
            return number, Piece(" in 1 h ", "muted")
        if self.what:
            return number, Piece(f" of {count(self.total)} in the last hour ", "muted")
        return number, Piece(f" event{'' if self.passing == 1 else 's'} in the last hour ", "muted")


def chip_words(operand: Expression) -> Iterator[Piece]:
    """Yield what a chip says: a clause in words, everything else as it is typed."""
    clause = Clause.of(operand)
    if clause is not None and None in clause.values and not clause.negated:
        yield Piece(f"{clause.key.value}:", "chip-muted")
        yield Piece(",".join(f"(no {clause.key.value})" if v is None else v for v in clause.values), "chip")
        return
    kept = operand
    if isinstance(operand, Not):
        yield Piece("not ", "chip-not")
        kept = operand.operand
    key, colon, rest = canonical(kept).partition(":") if isinstance(kept, Term) else ("", "", canonical(kept))
    if colon:
        yield Piece(f"{key}:", "chip-muted")
    yield Piece(rest, "chip")
