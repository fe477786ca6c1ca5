"""Sums taken from events, one by one: for the edges of a window, and for what the rollups do not know."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from sqlalchemy import and_, case, func
from sqlmodel import col

from store import dialect
from store.analytics.model import Figures, Usage, UsageQuestion, UsageRow
from store.append.calls import CALL
from store.events import DENIAL, ERROR
from store.filters.conditions import NAMES, TOKEN_SUM
from store.filters.keys import Key
from store.filters.syntax import Text
from store.ids import end_id_at, first_id_at
from store.name_kind import NameKind
from store.query.access import Access
from store.rollups.tables import Price
from store.tables import Event

_TOKENS: Final = (Event.input_tokens, Event.output_tokens, Event.cache_read_tokens, Event.cache_write_tokens)


def usage_from_events(access: Access, question: UsageQuestion) -> Usage:
    """Return the sums of a question, without durations."""
    rows: list[UsageRow] = []
    for stretch, (start_us, end_us) in enumerate(pairwise(question.edges)):
        rows += _stretch(access, question, stretch, start_us, end_us)
    return Usage(tuple(rows), from_events=True)


def _stretch(access: Access, question: UsageQuestion, stretch: int, start_us: int, end_us: int) -> list[UsageRow]:
    compiled = access.compile(question.what)
    order = access.order_column(compiled)
    names = [NAMES[Key(one.value)][1] for one in question.by]
    statement = access.select((*names, *_sums(access)), compiled).order_by(None).group_by(*names)
    statement = statement.outerjoin(Price, col(Price.id) == col(Event.id)).where(
        order >= first_id_at(start_us),
        order < end_id_at(end_us),
        col(Event.ts_us) >= start_us,
        col(Event.ts_us) < end_us,
    )
    found = access.fetch(statement)
    count = len(names)
    texts = access.names(number for row in found for number in row[:count])
    return [
        UsageRow(tuple(texts[number] for number in row[:count]), stretch, Figures(*row[count:]))
        for row in found
        if any(row[count:])
    ]


def _sums(access: Access) -> list[Any]:
    """Return the columns of `Figures`."""
    counted = col(Event.counts) == 1
    settled = col(Event.outcome) == 1
    error, denial = (col(Event.trouble).op("&")(bit) != 0 for bit in (ERROR, DENIAL))
    call = col(Event.type_no).in_(access.lookups().find_names(NameKind.TYPE, [Text(CALL)]))
    reported, computed = col(Event.cost_microusd), col(Price.microusd)
    return [
        _number(counted),
        _number(counted, error),
        _number(counted, denial),
        _number(counted, call),
        _number(settled),
        _number(settled, error),
        _number(settled, denial),
        *(dialect.total(func.coalesce(col(one), 0)) for one in _TOKENS),
        dialect.total(func.coalesce(reported, 0)),
        dialect.total(func.coalesce(computed, 0)),
        _number(reported.is_not(None)),
        _number(reported.is_(None), computed.is_not(None)),
        _number(reported.is_(None), computed.is_(None), TOKEN_SUM > 0),
    ]


def _number(*conditions: Any) -> Any:
    return dialect.total(case((and_(*conditions), 1), else_=0))
