"""What the price of an event is, also of one that adds to a running total."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from store.pricing.pricer import CostStatus
from store.store import Store
from tests.events import BASE_US, SECOND, add_source, batch, line, open_reader, open_store
from tests.made_up_prices import VERSION, MadeUpPrices

PRICES = "SELECT status, microusd FROM price ORDER BY id"


def stored(folder: Path, *events: dict[str, Any], prices: MadeUpPrices | None = None) -> Store:
    """Return a store with these events, one append for each, in the order of their times."""
    store = open_store(folder, prices or MadeUpPrices())
    source = add_source(store)
    for number, fields in enumerate(events):
        store.append([batch(source, line(f"event {number}", BASE_US + number * SECOND, **fields))])
    return store


def sight(tokens: int, **fields: Any) -> dict[str, Any]:
    """Return a sight of one running total."""
    return {"model": "m", "usage_key": "total", "output_tokens": tokens, **fields}


def test_only_tokens_without_a_stated_cost_are_priced(tmp_path: Path) -> None:
    plain = {"model": "m", "input_tokens": 5}
    with stored(tmp_path, plain, plain | {"cost_microusd": 7}, {"model": "m"}, plain | {"input_tokens": 0}) as store:
        assert store.connection.execute(PRICES).fetchall() == [(CostStatus.PRICED, 5)]


def test_an_unknown_price_is_null(tmp_path: Path) -> None:
    with stored(tmp_path, {"input_tokens": 5}) as store:
        assert store.connection.execute(PRICES).fetchall() == [(CostStatus.UNKNOWN, None)]


def test_a_difference_costs_what_the_total_does_less_what_was_recorded(tmp_path: Path) -> None:
    dear = MadeUpPrices(dear_from=100)
    sights = [sight(0, input_tokens=90), sight(0, input_tokens=110), sight(10, input_tokens=110)]
    with stored(tmp_path, *sights, prices=dear) as store:
        assert store.connection.execute(PRICES).fetchall() == [(2, 90), (2, 220 - 90), (2, 20)]
        assert store.connection.execute("SELECT computed_microusd FROM usage_total").fetchall() == [(240,)]


def test_a_stated_cost_takes_back_what_was_computed(tmp_path: Path) -> None:
    with stored(tmp_path, sight(10), sight(30), sight(40, cost_microusd=99)) as store:
        assert store.connection.execute(PRICES).fetchall() == [(2, 10), (2, 20), (CostStatus.REPORTED, -30)]
        assert store.connection.execute("SELECT computed_microusd, cost_microusd FROM usage_total").fetchall() == [
            (0, 99)
        ]


def test_all_sights_in_one_append_are_as_one_by_one(tmp_path: Path) -> None:
    sights = [sight(10), sight(30), sight(40, cost_microusd=99), sight(50)]
    (tmp_path / "at once").mkdir()
    with stored(tmp_path, *sights) as one_by_one, open_store(tmp_path / "at once", MadeUpPrices()) as at_once:
        events = [line(f"event {number}", BASE_US + number * SECOND, **fields) for number, fields in enumerate(sights)]
        at_once.append([batch(add_source(at_once), *events)])
        assert at_once.connection.execute(PRICES).fetchall() == one_by_one.connection.execute(PRICES).fetchall()


def test_the_detail_says_how_a_cost_is_known(tmp_path: Path) -> None:
    plain = {"model": "m", "input_tokens": 5}
    with stored(tmp_path, plain, plain | {"model": None}, plain | {"cost_microusd": 7}, {}) as store:
        ids = [number for (number,) in store.connection.execute("SELECT id FROM event ORDER BY id")]
    reader = open_reader(tmp_path)
    try:
        details = [reader.detail(number) for number in ids]
    finally:
        reader.close()
    found = [(one.cost_status, one.computed_microusd, one.price_version) for one in details if one is not None]
    assert found == [
        (CostStatus.PRICED, 5, VERSION),
        (CostStatus.UNKNOWN, None, VERSION),
        (CostStatus.REPORTED, None, None),
        (CostStatus.NONE, None, None),
    ]
