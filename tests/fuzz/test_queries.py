"""Random bytes as queries: wrong at a place, or answered by the store; never a crash, and nothing of SQL or FTS."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from store.filters.errors import QueryError
from store.filters.model import Filter
from store.reader import StoreReader
from tests.events import BASE_US, SECOND, add_source, batch, line, open_reader, open_store
from tests.fuzz.trial import how_many

PIECES: Final = (
    "agent:", "-", "(", ")", '"', "*", "/", "re:/", " OR ", " NOT ", ",", "..", ">", "meta.a:", "ms:>", "since:-1h",
    "has:error", "status:", "' OR 1=1 --", '" OR "" MATCH "', "NEAR(a b)", "body:a", "^a", "a + b", "{a b}:c", ";",
    "tool:/(a+)+$/", "\x00", "\u202e", "é", "§y1", "%", "_", "id:", "source:*", "cost:0.1", "before:now", "-agent:*",
    "a", "\\",
)  # fmt: skip
"""Words of this language, of SQL and of FTS5, to be thrown together."""


def random_queries(seed: int, number: int) -> Iterator[str]:
    """Yield queries of random bytes and of random pieces in turn."""
    dice = random.Random(seed)
    for _ in range(number // 2):
        yield dice.randbytes(dice.randint(0, 40)).decode("utf-8", dice.choice(("replace", "surrogateescape")))
        yield "".join(dice.choices(PIECES, k=dice.randint(1, 7)))


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[StoreReader]:
    """Return a reader on a few events."""
    with open_store(tmp_path) as store:
        made = [
            line(f"a {k} é", BASE_US + k * SECOND, agent_id="a", tool="delete_aaaa", metadata={"a": k})
            for k in range(5)
        ]
        store.append([batch(add_source(store), *made)])
    opened = open_reader(tmp_path)
    yield opened
    opened.close()


def test_every_text_is_answered_or_wrong_at_a_place(reader: StoreReader) -> None:
    everything = {row.id for row in reader.newest(Filter(), 10).rows}
    number, understood = how_many(2_000), 0
    for query in random_queries(1, number):
        what, error = understood_as(query)
        if what is None:
            assert error is not None
            assert 0 <= error.start < error.end <= len(query) + 1, query
            continue
        understood += 1
        if understood % 4 == 0:  # parsing is what is hard to break; each of these asks the store twice
            assert {row.id for row in reader.newest(what, 10).rows} <= everything
            assert reader.arrivals(what, 0, 10).matched <= len(everything)
    assert understood > number // 10


def understood_as(query: str) -> tuple[Filter | None, QueryError | None]:
    """Return what a query says, or what is wrong with it."""
    try:
        return Filter.parsed(query), None
    except QueryError as error:
        return None, error
