"""The Search tab: the query above, facets, histogram and list of its result, and what the keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Horizontal, Vertical

from tui.actions import Place, bindings_named, bindings_of, hint
from tui.query_values import StoreValues
from tui.screens.events_screen import DETAIL_HINTS, FILTER_HINTS, KEEP_HINTS, LOOK_HINTS, NARROWED_HINTS
from tui.screens.list_screen import NARROW
from tui.screens.search_counting import SearchCounting
from tui.search_facets import toggled
from tui.search_window import narrowed, shifted
from tui.shown_view import ShownView
from tui.widgets.event_list import EventList
from tui.widgets.facet_pane import FacetPane
from tui.widgets.query_line import QueryLine
from tui.widgets.search_chips import SearchChips
from tui.widgets.search_histogram import SearchHistogram
from tui.widgets.search_state import SearchStateLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.events import Resize
    from textual.widget import Widget

    from store.filters.model import Filter
    from store.searching import Sort
    from tui.actions import Hint

ROOMY: Final = 180
"""From so many columns on facets, list and detail stand side by side."""

_LIST: Final = (
    hint("toggle_detail"),
    hint("edit_filter"),
    hint("facets"),
    hint("window(-1)", shown="[ ]", label="earlier/later"),
)
_ORDER: Final = (hint("sort"), hint("columns"))
_DRAFT: Final = (hint("draft"),)
_IN_FACETS: Final = (
    hint("toggle_detail", label="keep this"),
    hint("facets", shown="Tab", label="is not"),
    hint("facets", shown="← →", label="fold"),
    hint("facets", label="hide"),
    hint("back", label="to the list"),
)
_LEAVING_OUT: Final = (
    hint("toggle_detail", label="leave this out"),
    hint("facets", shown="Tab", label="is"),
    *_IN_FACETS[2:],
)
_IN_HISTOGRAM: Final = (
    hint("toggle_detail", label="narrow"),
    hint("facets", shown="← →", label="bar"),
    hint("facets", shown="⇧← ⇧→", label="more bars"),
    hint("window(-1)", shown="[ ]", label="earlier/later"),
    hint("back", label="to the list"),
)


class SearchScreen(SearchCounting):
    """All that was ever stored, narrowed by a query."""

    NUMBER = 2
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.SEARCH), *bindings_named("retry")]

    _facets_wanted: bool | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Yield query and chips, below them facets beside histogram and list."""
        values = StoreValues(self.service, lambda: self.counting_window)
        yield QueryLine(self.glyphs, values=values, history=self.history).data_bind(SearchScreen.utc)
        yield SearchChips(self.glyphs).data_bind(SearchScreen.what, SearchScreen.utc)
        with Horizontal(id="main"):
            yield FacetPane(id="facets")
            with Vertical(id="left"):
                yield SearchHistogram(self.glyphs).data_bind(SearchScreen.utc)
                yield EventList(self.glyphs, id="events").data_bind(SearchScreen.utc)
                yield SearchStateLine(self.glyphs).data_bind(SearchScreen.utc)

    def on_mount(self) -> None:
        """Load the newest events."""
        self.query_one(FacetPane).glyphs = self.glyphs
        self.show_day()
        self.query_one(QueryLine).show(self.what.text)
        self.events.focus()
        self.show_newest()

    def on_screen_resume(self) -> None:
        """Show what today is by now."""
        self.show_day()

    def on_resize(self, event: Resize) -> None:
        """Leave the facets out where there is no room for them."""
        self._place_facets(event.size.width)

    def watch_what(self, what: Filter) -> None:
        """Ask everything anew, and say so in the query line."""
        self.query_one(QueryLine).show(what.text)
        super().watch_what(what)

    # The query line.

    async def query_line(self) -> QueryLine:
        """Return the line, which is always there."""
        return self.query_one(QueryLine)

    def on_query_left(self) -> None:
        """Count the present filter again in the line."""
        self.show_passing()

    # Facets.

    def _place_facets(self, width: int) -> None:
        """Show the facets where they are wanted; on a narrow screen in place of the list."""
        facets = self.query_one(FacetPane)
        narrow = width < NARROW
        crowded = width < ROOMY and self.has_detail
        shown = (not narrow if self._facets_wanted is None else self._facets_wanted) and not crowded
        before = facets.display
        facets.display = shown
        self.set_class(narrow and shown, "-only-facets")
        if shown and not before:
            self.count_facets()

    def action_facets(self) -> None:
        """Go to the facets, shown from now on; from there hide them."""
        facets = self.query_one(FacetPane)
        hide = facets.has_focus
        self._facets_wanted = not hide
        if not hide and self.has_detail and self.size.width < ROOMY:
            self.close_detail()
        self._place_facets(self.size.width)
        (self.events if hide else facets).focus()

    def on_facet_pane_toggled(self, message: FacetPane.Toggled) -> None:
        """Keep a value or leave it out."""
        self.set_filter(toggled(self.what, message.row, negated=message.negated))

    def on_facet_pane_wanted(self) -> None:
        """Count a key that was unfolded."""
        self.count_anew()

    def on_facet_pane_left(self) -> None:
        """Go back to the list, which a narrow screen shows in place of the facets."""
        if self.has_class("-only-facets"):
            self._facets_wanted = False
            self._place_facets(self.size.width)
        self.events.focus()

    def on_facet_pane_switched(self) -> None:
        """Say what Enter does by now."""
        self.show_hints()

    # The histogram.

    def action_window(self, by: int) -> None:
        """Choose an earlier (later) part of the histogram, or move the filter's own window by its length."""
        histogram = self.query_one(SearchHistogram)
        if histogram.chosen is None:
            moved = shifted(self.what, by, self.clock())
            if moved is not None:
                self.set_filter(moved)
                return
        current = self.events.current
        histogram.step(by, near_us=None if current is None else current.ts_us)
        histogram.focus()

    def on_search_histogram_narrowed(self, message: SearchHistogram.Narrowed) -> None:
        """Hold the result to the chosen time."""
        self.set_filter(narrowed(self.what, message.start_us, message.end_us))
        self.events.focus()

    def on_search_histogram_chose(self, message: SearchHistogram.Chose) -> None:
        """Say what is chosen where the histogram has no room for words."""
        self.query_one(SearchStateLine).chosen = message.words if self.has_class("-low") else ""

    def on_search_histogram_left(self) -> None:
        """Go back to the list."""
        self.events.focus()

    # Order and columns.

    def action_sort(self) -> None:
        """Ask how to sort."""
        from tui.screens.search_sort import SortScreen  # noqa: PLC0415 (not needed for the first paint)

        self.push(SortScreen(self.sort, glyphs=self.glyphs), self._sort_by)

    def _sort_by(self, sort: Sort | None) -> None:
        if sort is not None:
            self.set_sort(sort)

    def action_columns(self) -> None:
        """Ask for columns and their order."""
        from tui.screens.search_columns import ColumnsScreen  # noqa: PLC0415 (not needed for the first paint)

        self.push(ColumnsScreen(self.events.chosen_columns, glyphs=self.glyphs), self._show_columns)

    def _show_columns(self, names: tuple[str, ...] | None) -> None:
        if names is not None:
            self.events.chosen_columns = names

    # Views.

    @property
    def shown_view(self) -> ShownView:
        """What the list shows, in which columns and order."""
        return ShownView(self.what, self.events.chosen_columns, self.sort)

    def show_view(self, view: ShownView) -> str:
        """Show all of it."""
        self.events.chosen_columns = view.columns
        if view.sort != self.sort:
            self.set_sort(view.sort)
        self.set_filter(view.what)
        return ""

    def action_draft(self) -> None:
        """Make a rule of the filter."""
        from tui.rule_drafting import RuleDrafting  # noqa: PLC0415 (not needed for the first paint)

        RuleDrafting(self).draft()

    # Again, and back.

    def action_newest(self) -> None:
        """Go to the newest event; what has arrived since is counted as well."""
        self.show_newest()
        if self.header.events != self._stored:
            self.count_anew()

    def action_retry(self) -> None:
        """Go on with what was stopped, or ask again after the store has not answered."""
        first = self.events.buffer.first
        if self.went_wrong or first is None:
            self.show_newest()
        else:
            self.go_on()
        self.count_anew()

    def action_back(self) -> None:
        """Stop what is being searched; else leave detail, cell and count, in this order."""
        if self.query_one(QueryLine).has_focus_within:
            self.query_one(QueryLine).action_leave()
        elif self.stop():
            return
        elif self.has_detail or self.events.cell is not None:
            super().action_back()
        elif not self.stop_counting():
            self.events.focus()
        else:
            self.show_stopped_count()

    def close_detail(self) -> None:
        """Close the detail pane; the facets may have room again."""
        super().close_detail()
        self._place_facets(self.size.width)

    def stand_still(self) -> None:
        """Make room for the detail, which is about to open."""
        self.call_after_refresh(lambda: self._place_facets(self.size.width))

    def hints(self) -> tuple[Hint, ...]:
        """Return what the keys do in the pane that has the focus."""
        if self.in_detail:
            return DETAIL_HINTS
        facets = self.query_one(FacetPane)
        if facets.has_focus:
            return _LEAVING_OUT if facets.negated else _IN_FACETS
        if self.query_one(SearchHistogram).has_focus:
            return _IN_HISTOGRAM
        return (
            *_LIST,
            *FILTER_HINTS[-1:],
            *(NARROWED_HINTS if self.what else ()),
            *LOOK_HINTS[:1],
            *_ORDER,
            *LOOK_HINTS[1:2],
            *KEEP_HINTS,
            *(_DRAFT if self.what else ()),
        )
