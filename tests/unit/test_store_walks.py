"""How a walk begins: it says at once that there is nothing yet, goes back in stretches looked at forwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from store.dialect import pages_of_beginning
from store.events import NewEvent
from store.filters.keys import Key
from store.filters.model import Filter
from store.query.access import Access
from store.search.stretches import Stretches
from store.search.walk import EVERY_ID
from store.searching import Counted, CountQuestion, Progress
from store.store import Store
from store.tables import Event
from tests.events import ARRIVED_US, BASE_US, MINUTE, add_source, batch, line, open_reader, open_store
from tests.reference import Reference
from tests.walking import walking_access, walking_search

TERMS = ("tool:grep", "tool:grep agent:a1", "agent:a1 status:failure -host:moon", "tool:grep ms:>3", "tool:none")


def crowd() -> list[NewEvent]:
    """Return 300 events; the older they are the further apart, and the last 40 lack what the others have."""
    return [
        line(
            f"number {place}",
            BASE_US - place * place * MINUTE,
            tool="grep" if place >= 40 and place % 3 == 0 else "other",
            agent_id=f"a{place % 2}",
            host="moon" if place % 5 == 0 else None,
            status="failure" if place % 4 == 1 else "success",
            duration_us=place % 7 * 1000,
        )
        for place in range(300)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """Give a store with `crowd`."""
    with open_store(tmp_path) as opened:
        opened.append([batch(add_source(opened), *crowd())])
        yield opened


def in_stretches(access: Access, query: str, within: tuple[int, int], limit: int, events: int) -> list[int] | None:
    """Return the row ids that are found, newest first, the first stretch being of so many events."""
    compiled = access.compile(Filter.parsed(query))
    rows = Stretches(access, compiled, (Event.id,), events=events).newest(within, limit, lambda: False)
    return None if rows is None else [row[0] for row in rows]


@pytest.mark.parametrize("query", TERMS)
@pytest.mark.parametrize("events", [1, 7, 1000])
def test_stretches_find_what_a_list_has(store: Store, query: str, events: int) -> None:
    passing = [one.id for one in reversed(Reference(crowd()).all(Filter.parsed(query)))]
    some = passing[len(passing) // 2] if passing else EVERY_ID[1] // 2
    with walking_access(store.path, ARRIVED_US) as access:
        assert in_stretches(access, query, EVERY_ID, 1000, events) == passing
        assert in_stretches(access, query, EVERY_ID, 5, events) == passing[:5]
        assert in_stretches(access, query, (0, some), 5, events) == [one for one in passing if one < some][:5]
        assert in_stretches(access, query, (some, EVERY_ID[1]), 1000, events) == [one for one in passing if one >= some]
        assert in_stretches(access, query, (0, 1), 5, events) == []


def test_a_stretch_that_takes_too_long_gives_nothing(store: Store) -> None:
    with walking_access(store.path, ARRIVED_US) as access:
        compiled = access.compile(Filter.parsed("tool:grep"))
        found = Stretches(access, compiled, (Event.id,)).newest(EVERY_ID, 1000, lambda: True)
    assert found is None


def test_a_page_before_another_is_next_to_it(store: Store) -> None:
    passing = [one.id for one in Reference(crowd()).all(Filter.parsed("tool:grep"))]
    reader = open_reader(store.path.parent)
    page = reader.older(Filter.parsed("tool:grep"), passing[-3], 10)
    reader.close()
    assert [row.id for row in page.rows] == passing[-13:-3]
    assert page.has_older
    assert page.has_newer


def test_a_walk_and_a_count_tell_first_that_there_is_nothing_yet(store: Store) -> None:
    walked: list[Progress] = []
    counted: list[Counted] = []
    question = CountQuestion(Filter.parsed("tool:grep"), 0, BASE_US + 1, (Key.AGENT,), slices=3)
    with walking_search(store.path, ARRIVED_US) as search:
        search.page(question.what, None, 5, older=True, watch=lambda at: not walked.append(at))
        search.count(question, lambda at: not counted.append(at))
    for told in (walked[0], counted[0]):
        assert told.reached_us is not None
        assert told.reached_us > BASE_US
    assert walked[0].found == 0
    assert counted[0].tally.events == 0
    assert not counted[0].complete


def test_what_is_known_is_told_before_its_facets_are_counted(store: Store) -> None:
    told: list[Counted] = []
    with walking_search(store.path, ARRIVED_US) as search:
        question = CountQuestion(Filter(), 0, BASE_US + 1, (Key.AGENT,))
        search.count(question, lambda at: bool(told.append(at)))
    assert len(told) == 1
    assert told[0].tally.events == len(crowd())
    assert told[0].facets[Key.AGENT] == ()


def test_full_text_knows_how_much_begins_so(store: Store) -> None:
    with walking_access(store.path, ARRIVED_US) as access:
        (pages,) = access.fetch(pages_of_beginning("numb"))[0]
        lookups = access.lookups()
        assert pages >= 1
        assert not lookups.is_common_beginning("numb")


@pytest.mark.parametrize("query", ["numb*", '"number 29"*', "-numb*", "agent:a1 numb*", "zyz*", "numb* OR tool:none"])
def test_a_common_beginning_is_looked_for_in_the_rows(
    store: Store, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.query.lookups._PAGES", -1)
    passing = [one.id for one in Reference(crowd()).all(Filter.parsed(query))]
    with walking_access(store.path, ARRIVED_US) as access:
        match = access.compile(Filter.parsed(query)).match
    reader = open_reader(store.path.parent)
    page = reader.newest(Filter.parsed(query), 1000)
    reader.close()
    assert "*" not in (match or "")
    assert [row.id for row in page.rows] == passing
