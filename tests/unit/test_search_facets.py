"""Facets as rows, what choosing one makes of the filter, columns and orders that were chosen."""

from __future__ import annotations

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.searching import Sort, SortedIds
from store.service import FacetValue, Tally
from tui.columns import GUTTER, SCROLL_BAR
from tui.search_columns import USUAL, chosen_columns_for
from tui.search_facets import FEW, Fold, GroupRow, MoreRow, ValueRow, facet_rows, left_out, toggled
from tui.search_order import SortedResult, first_direction, order_words

AGENTS = tuple(FacetValue(f"agent-{number}", Tally(100 - number)) for number in range(8))


def row(value: str | None, *, kept: bool = False, left_out: bool = False) -> ValueRow:
    return ValueRow(Key.AGENT, value, 3, 10, kept=kept, left_out=left_out)


def test_a_group_shows_a_few_values_and_how_many_more_there_are() -> None:
    rows = list(facet_rows({Key.AGENT: AGENTS}, Filter(), {}, complete=True))
    assert rows[0] == GroupRow(Key.AGENT, 8, surely=True, fold=Fold.FEW)
    assert [one.value for one in rows if isinstance(one, ValueRow)] == [f"agent-{number}" for number in range(FEW)]
    assert MoreRow(Key.AGENT, 3) in rows


def test_folds_show_all_or_nothing() -> None:
    rows = list(facet_rows({Key.AGENT: AGENTS}, Filter(), {Key.AGENT: Fold.ALL}, complete=False))
    assert sum(isinstance(one, ValueRow) for one in rows) == 8
    assert rows[0] == GroupRow(Key.AGENT, 8, surely=False, fold=Fold.ALL)
    rows = list(facet_rows({Key.AGENT: AGENTS}, Filter(), {Key.AGENT: Fold.HEADING}, complete=True))
    assert not any(isinstance(one, ValueRow | MoreRow) for one in rows)


def test_values_of_the_filter_are_marked_and_never_missing() -> None:
    what = Filter.of(Clause(Key.AGENT, ("agent-1", "gone")), Clause(Key.AGENT, ("agent-2",), negated=True))
    rows = [one for one in facet_rows({Key.AGENT: AGENTS[1:2]}, what, {}, complete=True) if isinstance(one, ValueRow)]
    assert [(one.value, one.events, one.kept, one.left_out) for one in rows] == [
        ("agent-1", 99, True, False),
        ("gone", 0, True, False),
        ("agent-2", None, False, True),
    ]


def test_a_value_that_is_left_out_tells_how_much_it_keeps_out() -> None:
    out = Clause(Key.AGENT, ("agent-2", r"a\*b", None, "x*"), negated=True)
    what = Filter.of(Clause(Key.USER, ("u",)), out, Clause(Key.TOOL, ("t",), negated=True))
    asked = list(left_out(what, {Key.AGENT, Key.USER}))
    assert [one.instead.text for one in asked] == [
        "user:u agent:agent-2 -tool:t",
        'user:u agent:"a*b" -tool:t',
        "user:u agent:x* -tool:t",
        "user:u -agent:* -tool:t",
    ]
    hidden = {(one.key, one.value): number for number, one in enumerate(asked)}
    rows = facet_rows({Key.AGENT: AGENTS[:1]}, what, {}, hidden, complete=True)
    told = {row.value: row.events for row in rows if isinstance(row, ValueRow) and row.left_out}
    assert told == {"agent-2": 0, "a*b": 1, "x*": 2, None: 3, "t": None}


def test_choosing_adds_to_what_is_kept_and_choosing_again_takes_it_back() -> None:
    one = toggled(Filter(), row("a"), negated=False)
    both = toggled(one, row("b"), negated=False)
    assert both == Filter.of(Clause(Key.AGENT, ("a", "b")))
    assert toggled(both, row("a", kept=True), negated=False) == Filter.of(Clause(Key.AGENT, ("b",)))
    assert toggled(one, row("a", kept=True), negated=True) == Filter()


def test_choosing_leaves_out_and_takes_back() -> None:
    out = toggled(Filter(), row("a"), negated=True)
    assert out == Filter.of(Clause(Key.AGENT, ("a",), negated=True))
    assert toggled(out, row("b"), negated=True) == Filter.of(Clause(Key.AGENT, ("a", "b"), negated=True))
    assert toggled(out, row("a", left_out=True), negated=False) == Filter()


def test_no_value_and_stars_are_values_like_others() -> None:
    assert toggled(Filter(), row(None), negated=False) == Filter.of(Clause(Key.AGENT, (None,)))
    assert toggled(Filter(), row("a*b"), negated=False).text == 'agent:"a*b"'


def test_chosen_columns_stand_in_their_order_and_fill_the_width() -> None:
    columns = chosen_columns_for(("summary", "time", "agent"), 100)
    assert [column.name for column in columns] == ["summary", "time", "agent"]
    assert columns[0].x == GUTTER
    assert columns[-1].x + columns[-1].width + SCROLL_BAR == 100


def test_columns_that_do_not_fit_become_narrower_and_then_go_from_the_end() -> None:
    whole = chosen_columns_for(USUAL, 160)
    narrow = chosen_columns_for(USUAL, 110)
    assert [column.name for column in narrow] == list(USUAL)
    assert all(one.width <= other.width for one, other in zip(narrow, whole, strict=True))
    few = chosen_columns_for(USUAL, 40)
    assert [column.name for column in few] == list(USUAL[: len(few)])
    assert 1 <= len(few) < len(USUAL)
    assert few[-1].x + few[-1].width + SCROLL_BAR <= 40


def test_unknown_columns_are_passed_over_and_one_is_always_there() -> None:
    assert [column.name for column in chosen_columns_for(("colour", "user"), 60)] == ["user"]
    assert len(chosen_columns_for(("summary", "time"), 5)) == 1


def test_a_sorted_result_is_cut_into_pages() -> None:
    result = SortedResult.of(SortedIds(tuple(range(100, 0, -1)), complete=True))
    assert result.place[100] == 0
    assert result.page(0, 10, "all") == (0, tuple(range(100, 90, -1)))
    assert result.page(99, 10, "all") == (90, tuple(range(10, 0, -1)))
    assert result.page(50, 10, "top") == (40, tuple(range(60, 50, -1)))
    assert result.page(50, 10, "bottom") == (51, tuple(range(49, 39, -1)))
    assert not result.too_many
    assert SortedResult.of(SortedIds((3, 1), complete=False)).too_many
    assert not SortedResult.of(SortedIds((3, 1), complete=False), called_off=True).too_many


def test_orders_are_named_as_they_read_from_the_top() -> None:
    assert order_words(Sort()) == "by time, newest last"
    assert order_words(first_direction("duration")) == "by duration, longest first"
    assert order_words(first_direction("agent")) == "by agent, from A to Z"
    assert order_words(Sort("cost", descending=False)) == "by cost, lowest first"
