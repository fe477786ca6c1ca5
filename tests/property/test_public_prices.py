"""Prices of tokens are those of `genai-prices`, whatever the model, the time and the size of the request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from genai_prices import Usage, calc_price
from genai_prices.data import providers
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from store.pricing.pricer import MOST_MICROUSD, Tokens
from store.pricing.public_prices import PublicPrices
from tests.property.examples import examples

MODELS = sorted({model.id for provider in providers for model in provider.models})
KNOWN = (
    "claude-sonnet-4-5", "claude-opus-4-6", "claude-haiku-5-5", "gpt-5", "gemini-2.5-pro", "deepseek-chat", "grok-4",
    "claude-3-5-haiku-latest",
)  # fmt: skip
"""Models with tiers, dates, times of day, or without a price for caches."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PRICES = PublicPrices()

counts = st.one_of(st.just(0), st.integers(0, 1_000), st.integers(99_990, 200_010), st.integers(0, 10**8))
microseconds = st.integers(-(10**15), 2 * 10**15) | st.integers(1_700_000_000_000_000, 1_800_000_000_000_000)


def theirs(model: str, ts_us: int, tokens: Tokens) -> Decimal | None:
    """Return what the package says in micro-USD; None: it does not find the model."""
    given_, made, read, written = tokens
    usage = Usage(
        input_tokens=given_ + read + written, output_tokens=made, cache_read_tokens=read, cache_write_tokens=written
    )
    try:
        found = calc_price(usage, model, genai_request_timestamp=EPOCH + timedelta(microseconds=ts_us))
    except LookupError:
        return None
    return found.total_price * 1_000_000


@settings(max_examples=examples(300))
@given(st.sampled_from(KNOWN) | st.sampled_from(MODELS), microseconds, st.tuples(counts, counts, counts, counts))
def test_a_price_is_that_of_the_package_rounded_once(model: str, ts_us: int, tokens: Tokens) -> None:
    expected = theirs(model, ts_us, tokens)
    assume(expected is not None)
    assert expected is not None
    found = PRICES.price(model, ts_us, tokens).microusd
    if found is None:
        # What has no price at all is not free. The package adds nothing for it.
        assert expected > MOST_MICROUSD or _lacks_a_price(model)
    else:
        assert abs(found - expected) <= Decimal("0.5")


def _lacks_a_price(model: str) -> bool:
    return any(PRICES.price(model, 0, tokens).microusd is None for tokens in ((1, 0, 0, 0), (0, 1, 0, 0)))


def test_the_models_that_are_drawn_first_have_what_they_stand_for() -> None:
    assert [model for model in KNOWN if theirs(model, 0, (1, 1, 1, 1)) is None] == []


@given(st.text(max_size=300))
def test_no_name_of_a_model_makes_it_fail(model: str) -> None:
    price = PRICES.price(model, 0, (1, 1, 1, 1))
    assert price.version.startswith("genai-prices ")
