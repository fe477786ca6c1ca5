"""Pricing anew leaves the store as if the new prices had always held, wherever it is cut short."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from store.events import NewEvent
from store.pricing.repricing import reprice
from store.store import Store
from tests.events import BASE_US, MINUTE, add_source, batch, line, open_store
from tests.made_up_prices import MadeUpPrices
from tests.property.examples import examples

TABLES = (
    "SELECT price.id, total_key, status, microusd, text FROM price JOIN price_version ON version_no = price_version.id",
    "SELECT * FROM usage_total",
    "SELECT * FROM rollup",
    "SELECT * FROM rollup_key",
    "SELECT * FROM rollup_duration",
)
BEFORE = MadeUpPrices((1, 2, 0, 1), "before")
AFTER = MadeUpPrices((3, 2, 1, 0), "after", ("b",), dear_from=400)

KINDS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
numbers = st.sampled_from((1, 7, 80, 500, 2000, 0, 10**13))


@st.composite
def events(draw: st.DrawFn) -> NewEvent:
    """Return an event that has tokens or not, states a cost or not, and adds to a total or not."""
    fields = draw(st.dictionaries(st.sampled_from(KINDS), numbers, max_size=2))
    return line(
        f"line {draw(st.integers(0, 10**9))}",
        BASE_US + draw(st.integers(0, 90)) * MINUTE,
        model=draw(st.sampled_from(("b", "b", "a", None))),
        usage_key=draw(st.sampled_from(("one", "one", None, "two"))),
        cost_microusd=draw(st.sampled_from((None, None, None, 5))),
        user_id=draw(st.sampled_from((None, "u"))),
        **fields,
    )


def kept(store: Store) -> list[list[tuple[Any, ...]]]:
    """Return all that prices are part of."""
    return [sorted(store.connection.execute(asked).fetchall(), key=repr) for asked in TABLES]


def filled(folder: str, prices: MadeUpPrices, some: list[NewEvent]) -> Store:
    """Return a store that these events were appended to, some at once and some one by one."""
    store = open_store(Path(folder), prices)
    source = add_source(store)
    half = len(some) // 2
    store.append([batch(source, *some[:half])])
    for event in some[half:]:
        store.append([batch(source, event)])
    return store


class KilledError(Exception):
    """Stands for the end of the process between two transactions."""


def begin(store: Store, chunk: int, steps: int) -> None:
    """Price anew, but for so many chunks only; after each, sums and prices must agree."""
    left = steps

    def look(_done: int) -> None:
        nonlocal left
        check_sums(store)
        left -= 1
        if left < 0:
            raise KilledError

    with suppress(KilledError):
        reprice(store, AFTER, progress=look, chunk=chunk)


def check_sums(store: Store) -> None:
    """Compare what all rows of sums have with what the prices are: each event is in four cubes and two levels."""
    prices = "SELECT coalesce(sum(microusd), 0), sum(status = 2), sum(status = 3) FROM price"
    found = store.connection.execute(prices).fetchone()
    sums = store.connection.execute("SELECT sum(computed_microusd), sum(priced), sum(unpriced) FROM rollup").fetchone()
    assert sums == tuple(8 * (number or 0) for number in found)
    totals = (
        "SELECT id, computed_microusd FROM usage_total EXCEPT"
        " SELECT total_key, coalesce(sum(microusd), 0) FROM price GROUP BY total_key"
    )
    assert [row for row in store.connection.execute(totals) if row[1]] == []


@settings(max_examples=examples(40))
@given(st.lists(events(), min_size=1, max_size=14), st.integers(1, 4), st.integers(0, 4))
def test_it_is_as_if_the_new_prices_had_always_held(some: list[NewEvent], chunk: int, steps: int) -> None:
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as other,
        filled(one, BEFORE, some) as store,
        filled(other, AFTER, some) as fresh,
    ):
        before = kept(store)
        check_sums(store)
        told = reprice(store, AFTER, dry_run=True)
        assert kept(store) == before
        begin(store, chunk, steps)
        rest = reprice(store, AFTER)
        assert kept(store) == kept(fresh)
        sums = "SELECT coalesce(sum(microusd), 0), coalesce(sum(status = 3), 0) FROM price"
        assert store.connection.execute(sums).fetchone() == (told.whole.after_microusd, told.whole.unknown_after)
        assert (rest.whole.after_microusd, rest.looked_at) == (told.whole.after_microusd, told.looked_at)
        assert sum(change.changed for change in told.by_model.values()) == told.whole.changed
        assert reprice(store, AFTER).whole.changed == 0
