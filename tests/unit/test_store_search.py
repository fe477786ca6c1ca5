"""A search that takes long: what it tells on its way, how it is called off, and what it may not show."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Select, literal, select

from store.events import NewEvent
from store.filters.errors import QueryError
from store.filters.keys import Key
from store.filters.model import Filter
from store.query.numbers import Numbers
from store.search import sorting
from store.search.questions import Search
from store.search.windows import windows
from store.searching import Counted, CountQuestion, Progress, Sort
from store.service import Tally
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, MINUTE, add_source, batch, line, open_reader, open_store
from tests.made_up_prices import MadeUpPrices, made_up_cost
from tests.reference import Reference
from tests.walking import walking_access, walking_search

DAY: Final = 24 * 60 * MINUTE
NEVER: Final = "tool:grep host:moon"
"""Each of both is common; no event has both."""


def spread(days: int = 40) -> list[NewEvent]:
    """Return an event a day, the last one at BASE_US."""
    found: list[NewEvent] = []
    for day in range(days):
        fields: dict[str, Any] = {"tool": "grep"} if day % 2 else {"host": "moon"}
        fields |= {"agent_id": f"agent-{day % 3}", "duration_us": day * 1000, "tenant_id": ("acme", "globex")[day % 2]}
        status = ("success", "failure", "denied")[day % 3]
        at_us = BASE_US - (days - 1 - day) * DAY
        found.append(line(f"day {day}", at_us, status=status, request_id=f"Req-{day}", **fields))
    return found


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """Give a store with `spread`."""
    with open_store(tmp_path) as opened:
        opened.append([batch(add_source(opened), *spread())])
        yield opened


def test_a_walk_tells_how_far_it_is_and_ends_when_it_has_seen_everything(store: Store) -> None:
    told: list[Progress] = []
    with walking_search(store.path, ARRIVED_US) as search:
        found = search.page(Filter.parsed(NEVER), None, 5, older=True, watch=lambda at: not told.append(at))
    assert found.complete
    assert found.page.rows == ()
    assert found.reached_us is None
    times = [at.reached_us for at in told]
    assert len(times) > 1
    assert times == sorted(times, reverse=True)
    assert times[-1] == BASE_US // 1000 * 1000 - 39 * DAY


@pytest.mark.parametrize("older", [True, False])
def test_a_walk_that_is_called_off_gives_what_it_has(store: Store, *, older: bool) -> None:
    everything = [one.id for one in Reference(spread()).all(Filter.parsed("has:error"))]
    with walking_search(store.path, ARRIVED_US) as search:
        found = search.page(Filter.parsed("has:error"), None, 100, older=older, watch=lambda at: at.found < 2)
        rest = search.page(
            Filter.parsed("has:error"),
            (found.page.rows[0] if older else found.page.rows[-1]).id,
            100,
            older=older,
            watch=lambda _: True,
        )
    assert not found.complete
    assert found.page.has_older if older else found.page.has_newer
    assert found.reached_us is not None
    seen = [row.id for row in found.page.rows]
    assert 2 <= len(seen) < len(everything)
    beyond = [row.id for row in rest.page.rows]
    assert (beyond + seen if older else seen + beyond) == everything


def test_a_page_stops_where_it_is_full(store: Store) -> None:
    told: list[Progress] = []
    with walking_search(store.path, ARRIVED_US) as search:
        found = search.page(Filter.parsed("tool:grep"), None, 2, older=True, watch=lambda at: not told.append(at))
    assert found.complete
    assert len(found.page.rows) == 2
    assert all(at.reached_us > BASE_US - 30 * DAY for at in told)


@pytest.mark.parametrize("back", [True, False])
def test_windows_lie_one_beside_the_other(store: Store, *, back: bool) -> None:
    asked: list[tuple[int, int]] = []

    def ask(first: int, end: int) -> Select[int]:
        asked.append((first, end))
        return select(literal(1))

    within = (BASE_US - DAY << 11, (BASE_US << 11) + 7)
    with walking_access(store.path, ARRIVED_US) as access:
        found = [(one.first, one.end) for one in windows(access, [ask, ask], within, lambda: False, back=back)]
    assert found == asked
    assert len(found) > 1
    inner = found if not back else found[::-1]
    assert (inner[0][0], inner[-1][1]) == within
    assert all(one[1] == other[0] for one, other in pairwise(inner))


def test_a_closed_store_keeps_nobody_waiting(store: Store) -> None:
    def close(_: Progress) -> bool:
        access.close()
        return True

    with walking_access(store.path, ARRIVED_US) as access:
        search = Search(access, Numbers(access), patience_s=0)
        found = search.page(Filter.parsed(NEVER), None, 5, older=True, watch=close)
    assert not found.complete


def test_counts_grow_to_what_they_are(store: Store) -> None:
    reference = Reference(spread())
    what = Filter.parsed("tool:grep")
    question = CountQuestion(what, 0, BASE_US + 1, (Key.AGENT, Key.STATUS, Key.REQUEST), values=2, slices=4)
    told: list[Counted] = []
    with walking_search(store.path, ARRIVED_US) as search:
        last = search.count(question, lambda counted: not told.append(counted))
    assert told
    for part in (*told, last):
        since_us = 0 if part.reached_us is None else part.reached_us
        assert part.tally == reference.tally(what, since_us, BASE_US + 1)
        assert part.histogram is not None
        assert sum(slice_.events for slice_ in part.histogram.slices) == part.tally.events
        assert [one.tally.events for one in part.facets[Key.REQUEST]] == [1, 1][: part.tally.events]
    assert last.complete
    assert last.tally == Tally(20, 7, 6)
    assert [(one.value, one.tally.events) for one in last.facets[Key.AGENT]] == [("agent-0", 7), ("agent-1", 7)]


def test_a_count_can_be_called_off(store: Store) -> None:
    with walking_search(store.path, ARRIVED_US) as search:
        question = CountQuestion(Filter.parsed("tool:grep"), 0, BASE_US + 1, (Key.AGENT,))
        found = search.count(question, lambda _: False)
    assert not found.complete
    assert found.reached_us is not None
    assert found.tally.events < 20


@pytest.mark.parametrize("query", ["", "since:-30d", "since:-30d before:-10d"])
def test_what_only_a_time_limits_is_known_at_once(store: Store, query: str) -> None:
    reference = Reference(spread())
    with walking_search(store.path, ARRIVED_US) as search:
        found = search.count(CountQuestion(Filter.parsed(query), 0, ARRIVED_US), lambda _: False)
        facets = search.count(CountQuestion(Filter.parsed(query), 0, ARRIVED_US, (Key.TOOL,)), lambda _: True)
    first = {"": 0, "since:-30d": 30}.get(query, 30)
    since_us = ARRIVED_US - first * DAY if first else 0
    before_us = ARRIVED_US - 10 * DAY if "before" in query else ARRIVED_US
    assert found.complete
    assert found.tally == facets.tally == reference.tally(Filter(), since_us, before_us)
    expected = reference.facet(Key.TOOL, Filter(), since_us, before_us)
    assert {one.value: one.tally for one in facets.facets[Key.TOOL]} == expected


def test_what_is_too_much_to_sort_is_its_newest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "MOST_SORTED", 3)
    with walking_search(store.path, ARRIVED_US) as search:
        found = search.sorted_ids(Filter(), Sort("duration", descending=False), lambda _: True)
        rows = search.rows(found.ids)
    assert not found.complete
    assert [row.duration_us for row in rows] == [37_000, 38_000, 39_000]


def test_rows_come_in_the_order_asked_for_and_only_from_the_scope(store: Store) -> None:
    ids = [one.id for one in Reference(spread()).kept]
    with walking_search(store.path, ARRIVED_US) as search:
        assert [row.id for row in search.rows([ids[5], 1, ids[2]])] == [ids[5], ids[2]]
    with walking_search(store.path, ARRIVED_US, "acme") as search:
        assert [row.id for row in search.rows(ids[:4])] == [ids[0], ids[2]]


def test_rows_know_their_tokens_and_cost_and_are_sorted_by_them(tmp_path: Path) -> None:
    shapes: tuple[dict[str, Any], ...] = (
        {"model": "m", "input_tokens": 3, "cache_read_tokens": 4},
        {"model": "m", "output_tokens": 50, "cost_microusd": 1},
        {"input_tokens": 9},
        {},
        {"input_tokens": 0, "cost_microusd": 70},
    )
    with open_store(tmp_path, MadeUpPrices()) as opened:
        events = [line(f"{place}", BASE_US + place, **shape) for place, shape in enumerate(shapes)]
        opened.append([batch(add_source(opened), *events)])
    reader = open_reader(tmp_path)
    rows = reader.newest(Filter(), 9).rows
    by_cost = reader.search.sorted_ids(Filter(), Sort("cost"), lambda _: True).ids
    by_tokens = reader.search.sorted_ids(Filter(), Sort("tokens"), lambda _: True).ids
    reader.close()
    assert [row.tokens for row in rows] == [7, 50, 9, None, 0]
    priced = made_up_cost(events[0])
    assert priced
    assert [row.cost_microusd for row in rows] == [priced, 1, None, None, 70]
    assert [row.cost_is_computed for row in rows] == [True, False, False, False, False]
    place = {row.id: number for number, row in enumerate(rows)}
    assert [place[one] for one in by_cost][:3] == sorted((0, 1, 4), key=lambda at: -(rows[at].cost_microusd or 0))
    assert [place[one] for one in by_tokens] == [1, 2, 0, 4, 3]


def test_completions_are_what_is_frequent_then_what_there_is(tmp_path: Path) -> None:
    names = ["Zoe", "zack", "Zoe", "adam", "Ünal", "zack", "zack"]
    with open_store(tmp_path) as opened:
        source = add_source(opened)
        opened.append([batch(source, *(line(f"{n}", BASE_US + n, user_id=name) for n, name in enumerate(names)))])
    reader = open_reader(tmp_path)
    assert reader.search.completions(Key.USER, "", 9) == ("zack", "Zoe", "Ünal", "adam")
    assert reader.search.completions(Key.USER, "Z", 1) == ("zack",)
    assert reader.search.completions(Key.USER, "zO", 5) == ("Zoe",)
    assert reader.search.completions(Key.USER, "ü", 5) == ("Ünal",)
    assert reader.search.completions(Key.STATUS, "de", 5) == ("denied",)
    assert reader.search.completions(Key.HAS, "", 2) == ("error", "denial")
    assert reader.search.completions(Key.MS, "", 5) == ()
    reader.close()


def test_completions_keep_to_the_scope(store: Store) -> None:
    with walking_search(store.path, ARRIVED_US, "acme") as search:
        assert search.completions(Key.TENANT, "", 9) == ("acme",)
        assert search.completions(Key.TOOL, "", 9) == ()
        assert search.completions(Key.HOST, "", 9) == ("moon",)
        assert search.completions(Key.REQUEST, "req-3", 2) == ("Req-38", "Req-36")
    with walking_search(store.path, ARRIVED_US) as search:
        assert search.completions(Key.TENANT, "G", 9) == ("globex",)


def test_no_pattern_stalls_a_search(tmp_path: Path) -> None:
    long = "a" * 200_000 + "!"
    with open_store(tmp_path) as opened:
        source = add_source(opened)
        some = [line(f"{n}", BASE_US + n, metadata={"x": long}, session_id=f"{long[:2000]}{n}!") for n in range(20)]
        opened.append([batch(source, *some)])
    reader = open_reader(tmp_path)
    for query in ("meta.x:re:/(a+)+$/", "session:re:/(a+)+$/", "meta.x:re:/(a|aa)+$/"):
        assert reader.newest(Filter.parsed(query), 5).rows == ()
        assert len(reader.newest(Filter.parsed(f"-{query}"), 50).rows) == 20
    reader.close()


@pytest.mark.parametrize("query", ["tool:/(/", "meta.x:re:/a{2/ meta.y:re:/[/", r"agent:/(a)\1/", "tool:/a(?=b)/"])
def test_a_pattern_that_cannot_be_used_is_told_where_it_stands(query: str) -> None:
    with pytest.raises(QueryError, match="pattern") as raised:
        Filter.parsed(query)
    assert query[raised.value.start : raised.value.end].endswith("/")


def test_a_long_list_of_values_is_no_trouble_and_too_many_terms_are_told(store: Store) -> None:
    many = ",".join(f"r{number}" for number in range(2500))
    with walking_search(store.path, ARRIVED_US) as search:
        for query in (
            f"request:{many},Req-3",
            f"id:{many} OR request:Req-3",
            f"-agent:{many} request:Req-3",
            "day " * 399,
        ):
            found = search.page(Filter.parsed(query), None, 50, older=True, watch=lambda _: True)
            assert len(found.page.rows) == (40 if query.startswith("day") else 1)
        most = Filter.parsed(" OR ".join(f"ms:{number}" for number in range(200)))
        assert len(search.page(most, None, 50, older=True, watch=lambda _: True).page.rows) == 40
    with pytest.raises(QueryError, match="at most 400") as raised:
        Filter.parsed("day " * 400 + "tool:x")
    assert raised.value.start == 4 * 400
