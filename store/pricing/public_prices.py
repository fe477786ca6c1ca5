"""The public prices that the package `genai-prices` brings along: never fetched, and loaded with the first question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from store.pricing.model_ids import places
from store.pricing.pricer import Priced, Tokens
from store.pricing.unit_prices import UnitPrices, flat, unit_prices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genai_prices.types import ModelInfo, ModelPrice, Provider, StartDateConstraint, TimeOfDateConstraint

    Rule = tuple[StartDateConstraint | TimeOfDateConstraint | None, UnitPrices]
    """When prices hold (None: always), and what they are."""

_LONGEST_NAME: Final = 200
_MODELS: Final = 4096
"""Models that are remembered, and the longest name that is looked up: names come from files of anybody."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_US: Final = -62_135_596_800_000_000
_GREATEST_US: Final = 253_402_300_799_999_999
"""The years 1 to 9999."""


class PublicPrices:
    """A `Pricer` that asks the package. From one thread at a time."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._providers: list[Provider] = []
        self._version = ""
        self._models: dict[str, tuple[Rule, ...]] = {}

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """See `Pricer`. A time before the first price that is known gets that one."""
        if not self._version:
            self._load()
        rules = self._rules_of(model) if model and len(model) <= _LONGEST_NAME else ()
        return Priced(_at(rules, ts_us).cost(tokens) if rules else None, self._version)

    def _load(self) -> None:
        from genai_prices import __version__  # noqa: PLC0415 (takes longer than all that a start may)
        from genai_prices.data import providers  # noqa: PLC0415 (as above)

        self._version = f"genai-prices {__version__}"
        self._providers = providers

    def _rules_of(self, model: str) -> tuple[Rule, ...]:
        rules = self._models.get(model)
        if rules is None:
            found = self._find(model)
            rules = () if found is None else _rules(found)
            if len(self._models) >= _MODELS:
                self._models.clear()
            self._models[model] = rules
        return rules

    def _find(self, model: str) -> ModelInfo | None:
        from genai_prices.data_snapshot import DataSnapshot  # noqa: PLC0415 (as above)

        # One of its own for each search: it remembers every name that it was ever asked for.
        snapshot = DataSnapshot(self._providers, from_auto_update=False)
        for provider, name in places(model):
            try:
                return snapshot.find_provider_model(name, None, provider, None)[1]
            except LookupError:
                continue
        return None


def _at(rules: tuple[Rule, ...], ts_us: int) -> UnitPrices:
    """Return the prices of a time: the first rule that holds, the last one where none does."""
    oldest = rules[-1][1]
    if len(rules) > 1:
        moment = _EPOCH + timedelta(microseconds=min(max(ts_us, _LEAST_US), _GREATEST_US))
        for constraint, prices in rules:
            if constraint is None or constraint.active(moment):
                return prices
    return oldest


def _rules(model: ModelInfo) -> tuple[Rule, ...]:
    """Return a model's prices, the newest first as the package tries them; its fallback is the oldest."""
    stated = model.prices
    if not isinstance(stated, list):
        return ((None, _unit_prices(stated)),)
    return tuple((one.constraint, _unit_prices(one.prices)) for one in reversed(stated))


def _unit_prices(stated: ModelPrice) -> UnitPrices:
    """Return the package's prices as ours.

    Its input tokens contain those of caches, so what has no cache price is priced as input; ours do not.
    """
    plain = _kind(stated, "input_mtok")
    read, write = _kind(stated, "cache_read_mtok"), _kind(stated, "cache_write_mtok")
    fee = stated.requests_kcount
    each = fee * 1000 if isinstance(fee, Decimal) else Decimal(0)
    kinds = (plain, _kind(stated, "output_mtok"), plain if read is None else read, plain if write is None else write)
    return unit_prices(kinds, each)


def _kind(stated: ModelPrice, key: str) -> Mapping[int, Decimal] | None:
    price = getattr(stated, key)
    if price is None:
        return None
    if isinstance(price, Decimal):
        return flat(price)
    return {**flat(price.base), **{tier.start: tier.price for tier in price.tiers}}
