"""From table rows to summaries and details."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import case
from sqlmodel import col

from store import dialect
from store.events import STATUS_NAMES, EventDetail, EventSummary, Provenance
from store.filters.conditions import TOKEN_SUM
from store.ids import derived_id
from store.pricing.columns import COMPUTED, STATUS, TOKENS_STATED, VERSION
from store.pricing.pricer import CostStatus
from store.query.access import Access
from store.query.evidenced import evidence_among
from store.tables import Event

MESSAGE_LIMIT: Final = 400
"""Characters of the message that a list row carries."""

_BEFORE_MESSAGE: Final = (
    col(Event.id),
    col(Event.seq),
    col(Event.ts_us),
    col(Event.arrived_us),
    col(Event.type_no),
    col(Event.agent_no),
    col(Event.user_no),
    col(Event.tenant_no),
    col(Event.resource_tenant_no),
    col(Event.tool_no),
    col(Event.server_no),
    col(Event.model_no),
    col(Event.status),
    col(Event.duration_us),
    col(Event.trouble),
    case((TOKENS_STATED, TOKEN_SUM)),
    col(Event.cost_microusd),
    COMPUTED,
)
SUMMARY_COLUMNS: Final = (*_BEFORE_MESSAGE, dialect.beginning(col(Event.message), MESSAGE_LIMIT))
_FIRST_NAME: Final = 4
_LAST_NAME: Final = 12

_MORE: Final = (
    col(Event.host_no),
    col(Event.source_no),
    col(Event.generation),
    col(Event.byte_offset),
    col(Event.format_no),
    col(Event.counts),
    col(Event.outcome),
    col(Event.occurrence),
    col(Event.digest),
    col(Event.producer_id),
    col(Event.call_id),
    col(Event.request_id),
    col(Event.session_id),
    col(Event.trace_id),
    col(Event.span_id),
    col(Event.parent_id),
    col(Event.input_tokens),
    col(Event.output_tokens),
    col(Event.cache_read_tokens),
    col(Event.cache_write_tokens),
    col(Event.cost_microusd),
    COMPUTED,
    STATUS,
    VERSION,
    col(Event.message),
    col(Event.payload),
)
DETAIL_COLUMNS: Final = (*SUMMARY_COLUMNS, *_MORE)


def summaries(access: Access, rows: Sequence[tuple[Any, ...]]) -> tuple[EventSummary, ...]:
    """Return rows of `SUMMARY_COLUMNS` as summaries."""
    names = access.names(number for row in rows for number in row[_FIRST_NAME:_LAST_NAME])
    alerted = evidence_among(access, [row[0] for row in rows])
    return tuple(_summary(row, names, alerted=row[0] in alerted) for row in rows)


def _summary(row: tuple[Any, ...], names: Mapping[int, str | None], *, alerted: bool) -> EventSummary:
    row_id, seq, ts_us, arrived_us, type_no, agent_no, user_no, tenant_no, resource_no, tool_no, *rest = row
    server_no, model_no, status, duration_us, trouble, tokens, reported, computed, message = rest
    return EventSummary(
        id=row_id,
        seq=seq,
        ts_us=ts_us,
        arrived_us=arrived_us,
        event_type=names[type_no] or "",
        agent_id=names[agent_no],
        user_id=names[user_no],
        tenant_id=names[tenant_no],
        resource_tenant_id=names[resource_no],
        tool=names[tool_no],
        server=names[server_no],
        model=names[model_no],
        status=STATUS_NAMES[int(status)],
        duration_us=duration_us,
        trouble=trouble,
        message=dialect.read_beginning(message, MESSAGE_LIMIT),
        tokens=tokens,
        cost_microusd=computed if reported is None else reported,
        cost_is_computed=reported is None and computed is not None,
        alerted=alerted,
    )


def detail(access: Access, row: tuple[Any, ...], partner: EventSummary | None) -> EventDetail:
    """Return a row of `DETAIL_COLUMNS` as an event whole."""
    cut = len(SUMMARY_COLUMNS)
    summary = summaries(access, [row[:cut]])[0]
    host_no, source_no, generation, offset, format_no, counts, outcome, occurrence, digest, *rest = row[cut:]
    producer_id, call_id, request_id, session_id, trace_id, span_id, parent_id, *figures, message, payload = rest
    *tokens, cost_microusd, computed, status, version = figures
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens = tokens
    names = access.names((host_no, format_no))
    path, lineage = access.source(source_no, fresh=True)
    return EventDetail(
        summary=summary,
        event_id=producer_id if producer_id is not None else derived_id(summary.id, digest, occurrence),
        host=names[host_no],
        call_id=call_id,
        request_id=request_id,
        session_id=session_id,
        trace_id=trace_id,
        span_id=span_id,
        parent_id=parent_id,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
        cost_microusd=cost_microusd,
        counts=counts,
        outcome=outcome,
        message=message,
        metadata=_metadata(payload),
        provenance=Provenance(path, lineage, generation, offset, names[format_no] or ""),
        partner=partner,
        computed_microusd=computed,
        cost_status=_status(cost_microusd, status, any(tokens)),
        price_version=None if status in (None, CostStatus.REPORTED) else version,
    )


def _status(reported: int | None, priced: int | None, has_tokens: bool) -> CostStatus:  # noqa: FBT001 (called once)
    """Return how a cost is known. Tokens that nobody has looked up a price of have an unknown cost, too."""
    if reported is not None:
        return CostStatus.REPORTED
    if priced is None:
        return CostStatus.UNKNOWN if has_tokens else CostStatus.NONE
    return CostStatus(priced)


def _metadata(payload: str | None) -> dict[str, Any] | None:
    """Return metadata as objects. The slow reader: the fast one refuses lone surrogates and rounds great integers."""
    return None if payload is None else json.loads(payload)
