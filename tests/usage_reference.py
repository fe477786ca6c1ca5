"""Numbers over time, added up in plain Python: event by event, without hours, days or a line of SQL."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from store.analytics.model import Dimension, Figures, UsageQuestion
from store.filters.keys import Key
from tests.evaluator import COLUMN, is_denial, is_error
from tests.reference import Kept, Reference

MOST: Final = 10**12
"""What a single event adds at most of tokens of one kind, or of cost in micro-USD."""
Place = tuple[tuple[str | None, ...], int]
"""Values of the dimensions, and the stretch."""


@dataclass(slots=True)
class Added:
    """What was added up at one place, with every duration of a settled call in microseconds."""

    figures: Figures = field(default_factory=Figures)
    durations: list[int] = field(default_factory=list[int])

    def quantile(self, share: float) -> int | None:
        """Return the nearest rank's duration; None: there is none."""
        ordered = sorted(self.durations)
        return ordered[max(1, math.ceil(share * len(ordered))) - 1] if ordered else None


def usage_of(reference: Reference, asked: UsageQuestion) -> dict[Place, Added]:
    """Return what a question's answer must hold."""
    found: dict[Place, Added] = {}
    for one in reference.all(asked.what, counted=False):
        ts_us = one.event.ts_us or 0
        for stretch, (start_us, end_us) in enumerate(pairwise(asked.edges)):
            if start_us <= ts_us < end_us:
                added = found.setdefault((values_of(one, asked.by), stretch), Added())
                added.figures += figures_of(one)
                if one.event.counts and one.seen.outcome and one.event.duration_us is not None:
                    added.durations.append(one.event.duration_us)
    return {place: added for place, added in found.items() if added.figures != Figures()}


def values_of(one: Kept, by: Sequence[Dimension]) -> tuple[str | None, ...]:
    """Return an event's values."""
    return tuple(getattr(one.event, COLUMN[Key(dimension.value)]) for dimension in by)


def figures_of(one: Kept) -> Figures:
    """Return what one event adds."""
    event, computed = one.event, one.seen.computed_microusd
    counted = bool(event.counts)
    settled = counted and one.seen.outcome
    fresh, made, read, written = (
        min(number or 0, MOST)
        for number in (event.input_tokens, event.output_tokens, event.cache_read_tokens, event.cache_write_tokens)
    )
    reported = event.cost_microusd
    priceless = reported is None and computed is None
    return Figures(
        events=int(counted),
        errors=int(counted and is_error(event)),
        denials=int(counted and is_denial(event)),
        calls=int(counted and event.event_type == "mcp.tool_call"),
        outcomes=int(settled),
        failures=int(settled and is_error(event)),
        refusals=int(settled and is_denial(event)),
        input_tokens=fresh,
        output_tokens=made,
        cache_read_tokens=read,
        cache_write_tokens=written,
        reported_microusd=min(reported or 0, MOST),
        computed_microusd=min(computed or 0, MOST) if reported is None else 0,
        reported=int(reported is not None),
        priced=int(reported is None and computed is not None),
        unpriced=int(priceless and fresh + made + read + written > 0),
    )
