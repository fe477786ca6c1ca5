"""Sums as the fields of a row: the same names in every report, in JSON, CSV and `--sort`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.analytics.model import MEASURES, Figures

if TYPE_CHECKING:
    from cli.analytics.asking import Sum
    from cli.analytics.report import Value

DURATIONS: Final = {"p50_us": 0.50, "p95_us": 0.95, "p99_us": 0.99}
_COUNTED: Final = ("events", "errors", "denials", "calls", "outcomes", "failures", "refusals")
_TOKENS: Final = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
_COMPARED: Final = ("events", "denials", "calls", "failure_rate", "tokens", "cost_microusd")

FIELDS: Final = (
    *_COUNTED, "failure_rate", *DURATIONS, *_TOKENS, "tokens", "cost_microusd", "reported_microusd",
    "computed_microusd", "reported", "priced", "unpriced", "unpriced_share", *(f"{one}_before" for one in _COMPARED),
)  # fmt: skip
"""Every field that `measures` gives, in order. Those that end in `_before` are null where nothing is compared."""


def measures(found: Sum) -> dict[str, Value]:
    """Return the fields of `FIELDS`: durations in microseconds, money in micro-USD, shares from 0 to 1."""
    now, before = found.now, found.before
    sums: dict[str, Value] = {name: getattr(now, name) for name in MEASURES}
    derived = _derived(now)
    times: dict[str, Value] = {
        name: found.durations.quantile(share) if found.durations is not None else None
        for name, share in DURATIONS.items()
    }
    past = {} if before is None else {name: getattr(before, name) for name in MEASURES} | _derived(before)
    compared: dict[str, Value] = {f"{name}_before": past.get(name) for name in _COMPARED}
    row = sums | derived | times | compared
    return {name: row[name] for name in FIELDS}


def _derived(figures: Figures) -> dict[str, Value]:
    return {
        "failure_rate": figures.failure_rate,
        "tokens": figures.tokens,
        "cost_microusd": cost(figures),
        "unpriced_share": figures.unpriced_share,
    }


def cost(figures: Figures) -> int | None:
    """Return the known cost in micro-USD; None where there is cost and none of it is known."""
    nothing_known = figures.unpriced and not figures.reported and not figures.priced
    return None if nothing_known else figures.cost_microusd
