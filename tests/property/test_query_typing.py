"""Whatever is typed, wherever the cursor is: it is shown whole, and what is offered can be accepted."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from store.filters.errors import QueryError
from store.filters.keys import FACET_KEYS, Key
from store.filters.model import Filter
from store.filters.spans import spans_of
from store.filters.syntax import Term, Text
from tui.query_completion import KnownValue, accepted, complete, ghost, written
from tui.query_drawing import drawn, index_at, pasted
from tui.query_fix import corrected

PIECES: Final = (
    "agent", "user", "type", "meta.", "meta.a", "ms", "since", "stauts", "status", "tool", "a", "mcp.*", "é漢", "-",
    "NOT ", " OR ", " AND ", ":", ":", ",", "..", ">", "<=", "/", "re:/", "/ ", "(", ")", '"', '"', "\\", "*", " ",
    "\t", "\x1b", "\u202e", "\ud800", "1", "2s", "-24h",
)  # fmt: skip
queries = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
values = st.text(min_size=1, max_size=12)


def error_in(query: str) -> QueryError | None:
    """Return what is wrong with a query."""
    try:
        Filter.parsed(query)
    except QueryError as error:
        return error
    return None


@given(queries)
def test_spans_cover_the_text_and_touch_each_other(query: str) -> None:
    spans = spans_of(query)
    assert [span.start for span in spans] == [0, *(span.end for span in spans)][: len(spans)]
    assert (spans[-1].end if spans else 0) == len(query)
    assert all(span.start < span.end for span in spans)
    assert all(one.kind != other.kind for one, other in pairwise(spans))


@given(queries)
def test_what_a_query_cannot_say_is_marked_where_it_is_wrong(query: str) -> None:
    error = error_in(query)
    if error is not None:
        wrong = [span for span in spans_of(query, error) if span.kind == "error"]
        assert bool(wrong) == (error.start < len(query))
        fixed = corrected(error)
        assert fixed is None or 0 <= fixed[1] <= len(fixed[0])


@given(queries, st.data())
def test_an_offer_can_be_accepted_at_any_cursor(query: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(query)))
    found = complete(query, cursor, utc=True)
    site = found.site
    assert 0 <= site.start <= cursor <= site.end <= len(query)
    answer = [KnownValue(value, 1) for value in data.draw(st.lists(values, max_size=3))]
    for one in found.candidates(answer):
        text, behind = accepted(query, site, one)
        assert text[:behind].endswith(one.insert)
        assert (query[: site.start], query[site.end :]) == (text[: site.start], text[behind:])
        rest = ghost(query, cursor, site, one)
        assert not rest or query + rest == text


@given(st.sampled_from(FACET_KEYS), values)
def test_a_value_is_written_so_that_it_means_itself(key: Key, value: str) -> None:
    if key is Key.STATUS:
        return
    assert Filter.parsed(f"{key}:{written(key, value)}").expression == Term(key, (Text(value),))


@given(values, st.lists(values, min_size=1, max_size=3))
def test_a_value_of_metadata_is_written_so_that_it_means_itself(value: str, path: list[str]) -> None:
    head = Filter(Term(Key.META, (Text("x"),), tuple(path))).text.removesuffix(":x")
    said = Filter.parsed(f"{head}:{written(Key.META, value, path)}").expression
    assert said == Term(Key.META, (Text(value),), tuple(path))


@given(queries, st.integers(0, 60))
def test_what_is_drawn_has_as_many_characters_and_every_cell_is_one_of_them(query: str, cell: int) -> None:
    assert len(drawn(query)) == len(query)
    assert 0 <= index_at(query, cell) <= len(query)
    assert drawn(pasted(query)) == pasted(query)
