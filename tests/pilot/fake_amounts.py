"""What made-up events cost and which of them settle a call: it follows from what a summary has."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from store.analytics.model import Figures
from store.append.calls import CALL
from store.events import DENIAL, ERROR, FINAL_STATUSES

if TYPE_CHECKING:
    from store.events import EventSummary

UNPRICED: Final = "local-model"
"""A model that nobody knows the price of."""
REPORTED: Final = "reporting-model"
"""A model whose events state their cost."""
_MICROUSD_A_TOKEN: Final = 9


def is_outcome(event: EventSummary) -> bool:
    """Return whether the event settles a call."""
    return event.event_type == CALL and event.status in FINAL_STATUSES


def tokens_of(event: EventSummary) -> int:
    """Return its tokens; only events of a model have any."""
    return 0 if event.model is None else 40 + event.seq * 7919 % 3001


def cost_of(event: EventSummary) -> int | None:
    """Return its cost in micro-USD; None: not known, or there is none."""
    tokens = tokens_of(event)
    return tokens * _MICROUSD_A_TOKEN if tokens and event.model != UNPRICED else None


@cache
def figures_of(event: EventSummary) -> Figures:
    """Return what the event adds to sums."""
    outcome, tokens, cost = is_outcome(event), tokens_of(event), cost_of(event)
    error, denial = bool(event.trouble & ERROR), bool(event.trouble & DENIAL)
    reported = cost is not None and event.model == REPORTED
    return Figures(
        events=1,
        errors=error,
        denials=denial,
        calls=event.event_type == CALL,
        outcomes=outcome,
        failures=outcome and error,
        refusals=outcome and denial,
        input_tokens=tokens - tokens // 2 - tokens // 4,
        output_tokens=tokens // 4,
        cache_read_tokens=tokens // 2,
        reported_microusd=cost or 0 if reported else 0,
        computed_microusd=0 if reported else cost or 0,
        reported=reported,
        priced=cost is not None and not reported,
        unpriced=event.model == UNPRICED,
    )
