"""What an event cost, as SQL: the reported cost is in its row, a computed one beside it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import case, func, or_, select
from sqlmodel import col

from store.rollups.tables import Price, PriceVersion
from store.tables import Event

TOKENS_STATED: Final = or_(
    *(
        col(one).is_not(None)
        for one in (Event.input_tokens, Event.output_tokens, Event.cache_read_tokens, Event.cache_write_tokens)
    )
)
_REPORTED: Final = col(Event.cost_microusd)


def _of_its_price(column: Any) -> Any:
    """Return a column of the event's price, NULL where it has none.

    Only events with tokens have a price, and most have none: they are spared the look-up.
    """
    found = select(column).where(col(Price.id) == col(Event.id)).correlate(Event).scalar_subquery()
    return case((TOKENS_STATED, found))


COMPUTED: Final[Any] = _of_its_price(col(Price.microusd))
"""Micro-USD that were computed for a row; negative where they take back what was computed before."""
STATUS: Final[Any] = _of_its_price(col(Price.status))
"""A `CostStatus`; NULL where nothing was computed."""
VERSION: Final[Any] = _of_its_price(
    select(col(PriceVersion.text)).where(col(PriceVersion.id) == col(Price.version_no)).scalar_subquery()
)
"""Which list of prices it was computed with."""
COST: Final[Any] = func.coalesce(_REPORTED, COMPUTED)
"""What a row cost in micro-USD: as reported, else as computed; NULL where neither is known."""
ADDED: Final[Any] = case(
    (_REPORTED.is_(None), COMPUTED),
    else_=_REPORTED + func.coalesce(COMPUTED, 0),
)
"""What a row adds to a sum of costs; NULL where nothing is known of its cost."""
