"""Where a price comes from: the public lists with their pitfalls, and one's own before them."""

from __future__ import annotations

import importlib.metadata
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config.prices import OwnPrice
from config.settings import Settings
from store.pricing.choosing import PUBLIC_ONLY, as_text, default_pricer, pricer_from, pricer_of
from store.pricing.own_prices import OwnPrices
from store.pricing.pricer import MOST_MICROUSD
from store.pricing.public_prices import PublicPrices
from store.rollups.sums import MOST
from tests.made_up_prices import MadeUpPrices

VERSION = f"genai-prices {importlib.metadata.version('genai-prices')}"
NOW_US = 1_795_356_126_000_000
DAY_US = 86_400_000_000
PUBLIC = PublicPrices()


def own(model: str = "mine-*", **fields: Any) -> OwnPrice:
    days = {"from": fields.pop("first", None), "to": fields.pop("last", None)}
    return OwnPrice.model_validate({"model": model, "input": 2, "output": 8, **days, **fields})


def cents(model: str | None, *tokens: int, ts_us: int = NOW_US) -> int | None:
    given, made, read, written = tokens
    return PUBLIC.price(model, ts_us, (given, made, read, written)).microusd


def test_input_is_what_came_from_no_cache() -> None:
    # 3 dollars for a million of input, 0.30 for cache reads, 3.75 for writes, 15 for output.
    assert cents("claude-sonnet-4-5", 15_000, 2_000, 80_000, 5_000) == 45_000 + 30_000 + 24_000 + 18_750


def test_a_request_beyond_a_threshold_is_dearer_as_a_whole() -> None:
    assert cents("claude-sonnet-4-5", 200_000, 0, 0, 0) == 600_000
    assert cents("claude-sonnet-4-5", 1, 0, 200_000, 0) == 120_006


def test_what_was_cached_costs_as_input_where_no_list_says_otherwise() -> None:
    assert cents("mistral-large-latest", 0, 0, 1_000, 1_000) == cents("mistral-large-latest", 2_000, 0, 0, 0)


@pytest.mark.parametrize(
    "model",
    [
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ],
)
def test_bedrock_names_a_region_that_is_dearer(model: str) -> None:
    assert cents(model, 1_000, 0, 0, 0) == 3_300


@pytest.mark.parametrize(
    "model",
    [
        "claude-sonnet-4-5@20250929",
        "CLAUDE-Sonnet-4-5",
        "claude-sonnet-4-5[1m]",
        "anthropic/claude-sonnet-4.5",
        "anthropic:claude-sonnet-4-5",
        "vertex_ai/claude-sonnet-4-5@20250929",
        "openrouter/anthropic/claude-sonnet-4.5",
        "projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5@20250929",
    ],
)
def test_a_model_is_found_whatever_a_platform_puts_before_its_name(model: str) -> None:
    assert cents(model, 1_000, 0, 0, 0) == 3_000


@pytest.mark.parametrize(
    "model", [None, "", "<synthetic>", "my-own-model", "x/y/z", ":", "/", "arn:aws:bedrock:", "z" * 9_999]
)
def test_what_is_not_known_has_no_price_rather_than_none_to_pay(model: str | None) -> None:
    assert PUBLIC.price(model, NOW_US, (1, 1, 1, 1)) == (None, VERSION)


def test_a_kind_of_token_without_a_price_is_not_free() -> None:
    assert cents("openai/text-embedding-3-small", 1_000_000, 0, 0, 0) == 20_000
    assert cents("openai/text-embedding-3-small", 1_000_000, 1, 0, 0) is None


def test_a_time_before_the_first_known_price_gets_that_price() -> None:
    assert cents("claude-sonnet-4-5", 1_000, 0, 0, 0, ts_us=-(10**17)) == 3_000
    assert cents("gpt-5", 1_000_000, 0, 0, 0, ts_us=10**18) is not None


def test_a_request_may_cost_something_by_itself() -> None:
    assert cents("perplexity/sonar-pro", 1_000, 0, 0, 0) == 3_000 + 14_000


def test_what_cannot_be_believed_is_not_known() -> None:
    assert cents("claude-sonnet-4-5", 10**12, 0, 0, 0) is None
    assert MOST_MICROUSD == MOST


def test_hostile_names_fill_no_memory() -> None:
    pricer = PublicPrices()
    for number in range(5_000):
        pricer.price(f"no-{number}", NOW_US, (1, 0, 0, 0))
    assert len(pricer._models) <= 4_096  # pyright: ignore[reportPrivateUsage]


def test_own_prices_come_first_and_the_first_that_fits_holds() -> None:
    prices = OwnPrices([own(input=1), own("MINE-big", input=9), own("*", input=5)], MadeUpPrices())
    assert [
        prices.price(model, NOW_US, (1_000, 0, 0, 0)).microusd for model in ("mine-big", "Mine-", "gpt-4o", None)
    ] == [
        1_000,
        1_000,
        5_000,
        5_000,
    ]


def test_caches_cost_as_input_unless_said_otherwise() -> None:
    prices = OwnPrices([own(), own("other", cache_read="0.2", cache_write=2.5)], MadeUpPrices())
    assert prices.price("mine-1", NOW_US, (1, 10, 1_000, 1_000)).microusd == 2 + 80 + 2_000 + 2_000
    assert prices.price("other", NOW_US, (1, 10, 1_000, 1_000)).microusd == 2 + 80 + 200 + 2_500


def test_days_are_those_of_utc_and_the_last_is_included() -> None:
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    prices = OwnPrices([own(first=first, last=last)], MadeUpPrices(version="public"))
    start = (first - date(1970, 1, 1)).days * DAY_US
    versions = [
        prices.price("mine-1", at, (1, 0, 0, 0)).version
        for at in (start - 1, start, start + 30 * DAY_US - 1, start + 30 * DAY_US)
    ]
    assert [version == "public" for version in versions] == [True, False, False, True]


def test_halves_are_rounded_to_the_even_side() -> None:
    prices = OwnPrices([own(input="0.5")], MadeUpPrices())
    assert [prices.price("mine-1", NOW_US, (count, 0, 0, 0)).microusd for count in (1, 2, 3, 5)] == [0, 1, 2, 2]


def test_the_version_names_what_was_charged() -> None:
    versions = [
        OwnPrices(each, PUBLIC).price("mine-1", 0, (1, 0, 0, 0)).version
        for each in ([own()], [own(input=Decimal("2.00"))], [own(input=3)])
    ]
    assert versions[0] == versions[1] != versions[2]
    assert versions[0].startswith("own prices ")
    assert len(versions[0]) == len("own prices ") + 8


def test_another_process_asks_for_the_same_prices() -> None:
    assert as_text(default_pricer()) == PUBLIC_ONLY
    entry = own(cache_read="0.123456789012", first=date(2026, 1, 1))
    pricer = pricer_of(Settings(prices=(entry,)))
    again = pricer_from(as_text(pricer))
    for model in ("mine-1", "gpt-4o", "none"):
        assert again.price(model, NOW_US, (1, 2, 3, 4)) == pricer.price(model, NOW_US, (1, 2, 3, 4))
    assert isinstance(pricer_from(PUBLIC_ONLY), PublicPrices)
