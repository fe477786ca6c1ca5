"""The budget that is nearest to its limit, in the few words that have room beside the dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui import format as fmt
from tui.widgets.one_line import Piece
from tui.widgets.thin_bar import thin_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.analytics.budgets import BudgetState
    from tui.glyphs import Glyphs

_BAR: Final = 20
_NEAR: Final = 0.9


@dataclass(frozen=True, slots=True)
class BudgetLook:
    """How a budget stands. `outlook`: what will come of it, empty where it stays within its limit."""

    name: str
    share: float
    outlook: str
    over: bool
    at_least: bool

    @property
    def role(self) -> str:
        """How it is coloured."""
        return "error" if self.over else "warning" if self.outlook or self.share >= _NEAR else ""


def nearest(states: Sequence[BudgetState], *, utc: bool) -> BudgetLook | None:
    """Return the budget that will be, or is, furthest over its limit; None: there are no budgets."""
    if not states:
        return None
    state = max(states, key=lambda one: (one.over, (one.forecast or one.spent) / one.budget.limit, one.share))
    return BudgetLook(state.budget.name, state.share, _outlook(state, utc=utc), state.over, state.at_least)


def _outlook(state: BudgetState, *, utc: bool) -> str:
    if state.over:
        return "over"
    reached = state.reached_us
    if reached is None:
        return ""
    clock = fmt.minute(reached, utc=utc)
    if fmt.day(reached, utc=utc) == fmt.day(state.now_us, utc=utc):
        return f"at this rate over at {clock}"
    return f"at this rate over on {fmt.day(reached, utc=utc)[5:]}, {clock}"


def variants(look: BudgetLook, glyphs: Glyphs) -> Iterator[list[Piece]]:
    """Yield what may be said, from the most to the least."""
    least = f"{glyphs.least} " if look.at_least else ""
    percent = f"{least}{100 * look.share:.0f} %"
    full = thin_bar(min(round(1000 * look.share), 1000), 1000, _BAR, glyphs)
    head = [Piece("budget ", "muted"), Piece(look.name), Piece(" ")]
    bar = [Piece(full, look.role or "muted"), Piece(glyphs.rule * (_BAR - len(full)), "faint"), Piece(" ")]
    tail = [Piece(percent, look.role), Piece(" ")]
    said = [Piece(f" {look.outlook} ", look.role)] if look.outlook else []
    yield [*head, *bar, *tail, *said]
    yield [*head, *tail, *said]
    yield [*head, *tail]
    yield tail if look.role else []
    yield []
