"""The sums of `Figures` as columns over events and their prices; what they mean is what the rollups keep."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import and_, case, func
from sqlmodel import col

from store import dialect
from store.append.calls import CALL
from store.events import DENIAL, ERROR
from store.filters.conditions import TOKEN_SUM
from store.filters.syntax import Text
from store.name_kind import NameKind
from store.query.access import Access
from store.rollups.sums import MOST
from store.rollups.tables import Price
from store.tables import Event

SETTLED: Final = (col(Event.counts) == 1, col(Event.outcome) == 1)
"""What holds for the rows of settled calls."""
_TOKENS: Final = (Event.input_tokens, Event.output_tokens, Event.cache_read_tokens, Event.cache_write_tokens)


def figures_of_events(access: Access) -> list[Any]:
    """Return the columns, for a statement in which `price` is joined to `event` where there is one."""
    counted = col(Event.counts) == 1
    error, denial = (col(Event.trouble).op("&")(bit) != 0 for bit in (ERROR, DENIAL))
    call = col(Event.type_no).in_(access.lookups().find_names(NameKind.TYPE, [Text(CALL)]))
    reported, computed = col(Event.cost_microusd), col(Price.microusd)
    return [
        _number(counted),
        _number(counted, error),
        _number(counted, denial),
        _number(counted, call),
        _number(*SETTLED),
        _number(*SETTLED, error),
        _number(*SETTLED, denial),
        *(_bounded(one) for one in _TOKENS),
        _bounded(reported),
        _bounded(computed),
        _number(reported.is_not(None)),
        _number(reported.is_(None), computed.is_not(None)),
        _number(reported.is_(None), computed.is_(None), TOKEN_SUM > 0),
    ]


def _number(*conditions: Any) -> Any:
    return dialect.total(case((and_(*conditions), 1), else_=0))


def _bounded(number: Any) -> Any:
    """Return the sum of a number that no single event adds more to than the rollups take."""
    return dialect.total(dialect.clamped(func.coalesce(col(number), 0), -MOST, MOST))
