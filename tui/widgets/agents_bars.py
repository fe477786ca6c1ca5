"""The bars above the table of the Agents tab: which time it is about, the filter with its sums, what it is told by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.message import Message
from textual.reactive import reactive

from store.analytics.model import Dimension
from tui import format as fmt
from tui.agents_budget import BudgetLook, variants
from tui.agents_cells import money
from tui.agents_window import AgentsWindow, title
from tui.messages import RunAction
from tui.widgets.filter_line import FilterLine
from tui.widgets.one_line import OneLine, Piece
from tui.widgets.tab_bar import TabBar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.analytics.model import Figures
    from tui.glyphs import Glyphs

_NARROW: Final = 110


class AgentsTabBar(TabBar):
    """Says at its right which time the tab is about."""

    window: reactive[AgentsWindow | None] = reactive(None)
    """The time; None: not known yet."""
    utc = reactive(default=False)
    """Whether times are written in UTC."""

    def right(self) -> Sequence[Piece]:
        """Return the window in words."""
        if self.window is None:
            return Piece(f"{self.glyphs.pending} ", "muted"), Piece("reading the store ", "muted")
        said = title(self.window, utc=self.utc, narrow=self.size.width < _NARROW)
        return [*(Piece(text.replace("·", self.glyphs.none), role) for text, role in said), Piece(" ")]


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a question has come that takes its time. `reached_us`: everything from there on was looked at."""

    reached_us: int | None
    stopped: bool = False


class AgentsFilterLine(FilterLine):
    """The filter as chips; at the right the sums of the whole table, or how far they have come."""

    figures: reactive[Figures | None] = reactive(None)
    """The sums of all rows; None: not known yet."""
    reading: reactive[Reading | None] = reactive(None)
    """Set while events are looked at one by one, and after that was stopped."""
    utc = reactive(default=False)
    """Whether times are written in UTC."""

    def right(self) -> Sequence[Piece]:
        """Return calls, cost, and which part of the cost is not known."""
        if self.empty_store:
            return Piece("0 events ", "muted"), Piece("")
        if self.reading is not None:
            return list(self._how_far(self.reading))
        if self.figures is None:
            return Piece(f"{self.glyphs.pending} ", "faint"), Piece("calls ", "muted")
        return list(self._sums(self.figures))

    def _how_far(self, reading: Reading) -> Iterator[Piece]:
        at = "" if reading.reached_us is None else fmt.minute(reading.reached_us, utc=self.utc)
        day = "" if reading.reached_us is None else fmt.day(reading.reached_us, utc=self.utc)
        if reading.stopped:
            yield Piece("stopped: ", "warning")
            yield Piece(f"only events since {day} {at} are counted " if at else "nothing is counted ", "muted")
            yield Piece("r", "key", RunAction("screen.retry"))
            yield Piece(" goes on ", "muted")
            return
        yield Piece(f"{self.glyphs.pending} ", "muted")
        yield Piece(f"counting, back to {day} {at} " if at else "counting ", "muted")
        yield Piece("Esc", "key", RunAction("screen.back"))
        yield Piece(" stops ", "muted")

    def _sums(self, figures: Figures) -> Iterator[Piece]:
        yield Piece(fmt.count(figures.calls), "strong")
        yield Piece(" call" if figures.calls == 1 else " calls", "muted")
        if figures.reported or figures.priced:
            least = f"{self.glyphs.least} " if figures.unpriced else ""
            yield Piece(f"   {least}", "muted")
            yield Piece(money(figures.cost_microusd), "strong")
        share = figures.unpriced_share
        if share and self.size.width >= _NARROW:
            percent = fmt.percent(figures.unpriced, figures.reported + figures.priced + figures.unpriced)
            yield Piece(f"   {percent.removesuffix('.0')} % of prices not known", "muted")
        yield Piece(" ")


@dataclass
class GroupBy(Message):
    """Tell the table apart by another dimension."""

    by: Dimension


_PLURALS: Final = {one: f"{one.value}s" for one in Dimension}


class AgentsByLine(OneLine):
    """The dimensions with how many values each has; the chosen one is marked, a click chooses one."""

    by: reactive[Dimension] = reactive(Dimension.AGENT)
    """What the table is told apart by."""
    values: reactive[Mapping[Dimension, int]] = reactive(dict[Dimension, int]())
    """How many values each dimension has in the window; one that lacks is not counted yet."""
    budget: reactive[BudgetLook | None] = reactive(None)
    """The budget that is nearest to its limit; None: there is none."""

    def __init__(self, dimensions: Sequence[Dimension], glyphs: Glyphs) -> None:
        """Offer these."""
        super().__init__(glyphs)
        self._dimensions = dimensions

    def left(self, room: int) -> Sequence[Piece]:
        """Return the dimensions; where there is no room, only the chosen one has its count."""
        pieces = list(self._pieces(gap="  ", counted=True))
        if _width(pieces) > room:
            pieces = list(self._pieces(gap="", counted=False))
        return pieces

    def _pieces(self, *, gap: str, counted: bool) -> Iterator[Piece]:
        yield Piece(" by ", "muted", RunAction("screen.facets"))
        for one in self._dimensions:
            values = self.values.get(one)
            number = self.glyphs.pending if values is None else fmt.count(values)
            click = GroupBy(one)
            if one is self.by:
                yield Piece(f" {_PLURALS[one]} {number} ", "tab", click)
            else:
                yield Piece(f" {_PLURALS[one]} {number if counted else ''}".rstrip() + " ", "muted", click)
            yield Piece(gap)

    def right(self) -> Sequence[Piece]:
        """Return the budget, in as many words as have room."""
        if self.budget is None:
            return ()
        room = self.size.width - _width(self._pieces(gap="  ", counted=True)) - 2
        return next(pieces for pieces in variants(self.budget, self.glyphs) if not pieces or _width(pieces) <= room)


def _width(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)
