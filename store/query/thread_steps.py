"""Reads the rows of threads: found by the tokens of their ids, within the scope, as few as are needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from store import tokens
from store.filters.compiler import Compiled
from store.filters.model import Filter
from store.names import NameKind
from store.pricing.columns import ADDED
from store.query.access import Access
from store.query.rows import SUMMARY_COLUMNS, summaries
from store.tables import Event, Name
from store.threads.model import Tokens
from store.threads.step import Step

_MORE: Final = (
    col(Event.format_no),
    col(Event.counts),
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
    ADDED,
)
_COLUMNS: Final = (*SUMMARY_COLUMNS, *_MORE)
_CHUNK: Final = 100
"""Ids that are looked up at a time."""
_FOUND: Final = 500
"""Rows that one such look-up gives at most."""
_LOOKED_AT: Final = 20_000
"""Rows that are looked at for sessions: an id that more have would take seconds."""

IDS: Final = {
    tokens.REQUEST: col(Event.request_id),
    tokens.SESSION: col(Event.session_id),
    tokens.TRACE: col(Event.trace_id),
    tokens.CALL: col(Event.call_id),
}
"""Kinds of ids and their columns: the token finds rows, the column makes sure."""


class Steps:
    """Reads steps through a reader's access."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def one(self, row_id: int) -> Step | None:
        """Return one event, None where it is gone or out of scope."""
        scope = self._access.compile(Filter())
        rows = self._access.fetch(select(*_COLUMNS).where(col(Event.id) == row_id, *scope.rows))
        return self._steps(rows)[0] if rows else None

    def around(self, kind: str, values: Sequence[str], row_id: int, bound: int) -> tuple[list[Step], bool]:
        """Return the rows with one of these ids, in time order, and whether there are more than `bound`.

        Then it is those around the event with that row id: half before it and half after it, as far as there are so
        many on either side.
        """
        compiled = self._with(kind, values)
        order = self._access.order_column(compiled)
        back = self._access.select(_COLUMNS, compiled, newest_first=True).where(order <= row_id).limit(bound + 1)
        before = self._access.fetch(back)
        after = self._access.fetch(self._access.select(_COLUMNS, compiled).where(order > row_id).limit(bound + 1))
        cut = len(before) + len(after) > bound
        if cut:
            late = min(len(after), max(bound // 2, bound - len(before)))
            before, after = before[: bound - late], after[:late]
        before.reverse()
        return self._steps([*before, *after]), cut

    def with_ids(self, kind: str, values: Iterable[str], *conditions: ColumnElement[bool]) -> list[Step]:
        """Return rows with one of many ids, in no order, some hundreds for each hundred of ids at most."""
        found: list[Step] = []
        wanted = list(dict.fromkeys(values))
        for start in range(0, len(wanted), _CHUNK):
            statement = self._access.select(_COLUMNS, self._with(kind, wanted[start : start + _CHUNK]))
            found += self._steps(self._access.fetch(statement.where(*conditions).limit(_FOUND)))
        return found

    def sessions(self, kind: str, values: Sequence[str], without: Sequence[str], limit: int) -> list[str]:
        """Return the sessions of rows with one of these ids, but for the sessions that are known already."""
        return self._sessions(self._with(kind, values), without, limit) if values else []

    def sessions_of_agents(self, agents: Sequence[str], without: Sequence[str], limit: int) -> list[str]:
        """Return the sessions in which one of these agents works, but for those that are known already."""
        named = select(col(Name.id)).where(col(Name.kind) == NameKind.AGENT, col(Name.text).in_(agents))
        numbers = [number for (number,) in self._access.fetch(named)] if agents else []
        if not numbers:
            return []
        match = " OR ".join(tokens.quoted(tokens.name_token(NameKind.AGENT, number)) for number in numbers)
        return self._sessions(self._narrowed(match, col(Event.agent_no).in_(numbers)), without, limit)

    def metadata(self, row_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return the metadata of some rows that were read before, by row id; rows without any are left out."""
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(row_ids), _CHUNK):
            some = row_ids[start : start + _CHUNK]
            rows = self._access.fetch(select(col(Event.id), col(Event.payload)).where(col(Event.id).in_(some)))
            for row_id, payload in rows:
                value: Any = None if payload is None else json.loads(payload)
                if isinstance(value, dict):
                    found[row_id] = cast("dict[str, Any]", value)
        return found

    def _sessions(self, compiled: Compiled, without: Sequence[str], limit: int) -> list[str]:
        looked_at = self._access.select((col(Event.session_id),), compiled).limit(_LOOKED_AT).subquery()
        session = looked_at.c.session_id
        statement = select(session).where(session.is_not(None), session.not_in(without)).distinct()
        return [found for (found,) in self._access.fetch(statement.limit(limit))]

    def _with(self, kind: str, values: Sequence[str]) -> Compiled:
        match = " OR ".join(tokens.quoted(tokens.id_token(kind, value)) for value in values)
        return self._narrowed(match, IDS[kind].in_(values))

    def _narrowed(self, match: str, condition: ColumnElement[bool]) -> Compiled:
        scope = self._access.compile(Filter())
        whole = f"({match})" if scope.match is None else f"({match}) AND {scope.match}"
        return Compiled(whole, (*scope.rest, condition), (*scope.rows, condition), scope.first_id, scope.end_id)

    def _steps(self, rows: Sequence[tuple[Any, ...]]) -> list[Step]:
        cut = len(SUMMARY_COLUMNS)
        events = summaries(self._access, [row[:cut] for row in rows])
        names = self._access.names(row[cut] for row in rows)
        return [
            Step(
                event,
                names[row[cut]] or "",
                *row[cut + 1 : -5],
                tokens=Tokens(*(number or 0 for number in row[-5:-1])),
                cost_microusd=row[-1],
            )
            for event, row in zip(events, rows, strict=True)
        ]
