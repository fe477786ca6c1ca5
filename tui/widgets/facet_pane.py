"""The facets of a result: what there is of agents, users, types and so on, and how much of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from store.filters.model import Filter
from tui.format import short_count
from tui.search_facets import FacetRow, Fold, GroupRow, MoreRow, ValueRow, facet_rows
from tui.widgets.line import BLANK, Line, pad
from tui.widgets.line_view import LineView
from tui.widgets.thin_bar import thin_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from store.filters.keys import Key
    from store.service import FacetValue
    from tui.search_facets import Hidden

_BAR: Final = 6
_COUNT: Final = 7
_MARK: Final = 2


class FacetPane(LineView):
    """Shows values with counts. Enter keeps one, or leaves it out where `negated`; Tab switches between the two."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "unfold(False)", show=False),
        Binding("right", "unfold(True)", show=False),
        Binding("tab", "negate", show=False),
        Binding("escape,shift+tab", "leave", show=False),
    ]

    negated = reactive(default=False)
    """Whether what is chosen is left out instead of kept."""

    class Toggled(Message):
        """A value was chosen, to be kept or to be left out."""

        def __init__(self, row: ValueRow, *, negated: bool) -> None:
            """Remember the value."""
            super().__init__()
            self.row = row
            self.negated = negated

    class Wanted(Message):
        """A group was unfolded that has not been counted."""

    class Left(Message):
        """The keys are to go to the list again."""

    class Switched(Message):
        """What is chosen is kept or left out from now on: `negated` has changed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start with nothing counted."""
        super().__init__(id=id)
        self._folds: dict[Key, Fold] = {}
        self._counted: Mapping[Key, Sequence[FacetValue]] = {}
        self._what = Filter()
        self._complete = False
        self._stale = False
        self._hidden: Hidden = {}

    def go_stale(self) -> None:
        """Show that the numbers are of another filter, until there are others."""
        self._stale = True
        self.rebuild()

    def show(self, counted: Mapping[Key, Sequence[FacetValue]], what: Filter, *, complete: bool) -> None:
        """Show the most frequent values of each key, most frequent first.

        They were counted under `what`; `complete` says whether all that passes it was.
        """
        target = None if self.current is None else _place_of(self.current.target)
        if what != self._what:
            self._hidden = {}
        self._counted, self._what, self._complete, self._stale = counted, what, complete, False
        self.rebuild()
        self._put_cursor_on(target)

    def show_hidden(self, hidden: Hidden) -> None:
        """Show how many events each value that is left out keeps out."""
        self._hidden = hidden
        self.rebuild()

    def _rows(self) -> Iterator[FacetRow]:
        return facet_rows(self._counted, self._what, self._folds, self._hidden, complete=self._complete)

    def _put_cursor_on(self, place: object | None) -> None:
        for index, line in enumerate(self.lines):
            if place is not None and line.target is not None and _place_of(line.target) == place:
                self.set_reactive(FacetPane.cursor, index)

    @property
    def opened(self) -> frozenset[Key]:
        """The keys that were unfolded by hand."""
        return frozenset(key for key, fold in self._folds.items() if fold is not Fold.HEADING)

    def build(self, width: int) -> Sequence[Line]:
        """Return the groups with a blank row between those that are unfolded."""
        return list(self._build(width))

    def _build(self, width: int) -> Iterator[Line]:
        before: FacetRow | None = None
        for row in self._rows():
            if isinstance(row, GroupRow) and before is not None and not isinstance(before, GroupRow):
                yield BLANK
            yield self._line(row, width)
            before = row

    def _line(self, row: FacetRow, width: int) -> Line:
        if isinstance(row, GroupRow):
            return self._heading(row)
        if isinstance(row, MoreRow):
            return Line(((" " * _MARK, ""), (f"{row.hidden} more", "faint")), target=row)
        name = width - _MARK - 1 - _BAR - 1 - _COUNT
        mark = (f"{self.glyphs.success} ", "accent") if row.kept else (" " * _MARK, "")
        if row.left_out:
            mark = (f"{self.glyphs.minus} ", "warning")
        role = "muted" if row.left_out or row.value is None else ""
        shown = f"(no {row.key.value})" if row.value is None else row.value
        return Line((mark, (pad(shown, name), role), (" ", ""), *self._numbers(row)), target=row)

    def _heading(self, row: GroupRow) -> Line:
        if row.values is None or self._stale:
            said = ("" if row.fold is Fold.HEADING else self.glyphs.pending, "faint")
        else:
            said = (f"{row.values}{'' if row.surely else '+'}", "muted")
        return Line(((row.key.value, "title"),), (said,), rule=True, target=row)

    def _numbers(self, row: ValueRow) -> Iterator[tuple[str, str]]:
        if row.events is None:
            yield " " * (_BAR + 1 + _COUNT), ""
            return
        if row.left_out:
            hidden = f"{self.glyphs.minus}{short_count(row.events)}" if row.events else "0"
            yield pad(hidden, _BAR + 1 + _COUNT, right=True), "faint"
            return
        faint = self._stale or not row.events
        yield pad(thin_bar(row.events, row.most, _BAR, self.glyphs), _BAR), "faint" if faint else "bar"
        yield pad(short_count(row.events), _COUNT + 1, right=True), "faint" if faint else ""

    # Keys.

    def action_choose(self) -> None:
        """Keep or leave out a value; unfold or fold a group."""
        target = None if self.current is None else self.current.target
        if isinstance(target, ValueRow):
            self.post_message(self.Toggled(target, negated=self.negated))
        elif isinstance(target, MoreRow):
            self._fold(target.key, Fold.ALL)
        elif isinstance(target, GroupRow):
            self._fold(target.key, Fold.FEW if target.fold is Fold.HEADING else Fold.HEADING)

    def action_unfold(self, unfold: bool) -> None:  # noqa: FBT001 (Textual calls it with what the binding says)
        """Show more (less) of the group under the cursor."""
        target = None if self.current is None else self.current.target
        if isinstance(target, GroupRow | ValueRow | MoreRow):
            rows = self._rows()
            fold = next(row.fold for row in rows if isinstance(row, GroupRow) and row.key is target.key)
            self._fold(target.key, Fold(min(max(fold + (1 if unfold else -1), 0), 2)))

    def _fold(self, key: Key, fold: Fold) -> None:
        self._folds[key] = fold
        place = None if self.current is None else _place_of(self.current.target)
        self.rebuild()
        if fold is Fold.HEADING:
            place = key
        self._put_cursor_on(place)
        self.refresh()
        if fold is not Fold.HEADING and key not in self._counted:
            self.post_message(self.Wanted())

    def action_negate(self) -> None:
        """Switch between keeping and leaving out."""
        self.negated = not self.negated
        self.post_message(self.Switched())

    def action_leave(self) -> None:
        """Go back to the list."""
        self.post_message(self.Left())

    def chooses_at_once(self, line: Line) -> bool:
        """Let one click choose a value or a group."""
        return line.target is not None


def _place_of(target: object | None) -> object | None:
    """Return what tells a row from all others, whatever its numbers are."""
    if isinstance(target, GroupRow):
        return target.key
    if isinstance(target, ValueRow):
        return target.key, target.value
    if isinstance(target, MoreRow):
        return target.key, "more", True
    return None
