"""Evidence of an alert, and what happened between."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Select
from sqlmodel import col

from store.alerts.model import Evidence
from store.alerts.tables import AlertEvidence
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Expression, Term, Text
from store.names import NO_NAME
from store.query.access import Access, AnySelect
from store.query.rows import SUMMARY_COLUMNS, summaries
from store.search.walk import Walk
from store.tables import Event

_COLUMNS: Final = (*SUMMARY_COLUMNS, col(Event.session_id), col(Event.agent_no))
_SUMMARY: Final = len(SUMMARY_COLUMNS)
_GAPS: Final = 4
"""So many gaps between hits, the last ones, are looked into: for what followed a hit, and what came before the next."""


class Around:
    """Answers with evidence."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def evidence(self, alert_id: int) -> tuple[Evidence, ...]:
        """Return the hits of an alert that are still there, and a few events between them, in order of time."""
        statement: AnySelect = Select(*_COLUMNS)
        statement = statement.join_from(AlertEvidence, Event, col(AlertEvidence.event_row) == col(Event.id))
        statement = statement.where(col(AlertEvidence.alert_id) == alert_id, *self._access.compile(Filter()).rows)
        hits = self._access.fetch(statement.order_by(col(Event.id)))
        rows = {row[0]: row[:_SUMMARY] for row in (*self._between(hits), *hits)}
        shows = {row[0] for row in hits}
        events = summaries(self._access, [rows[number] for number in sorted(rows)])
        return tuple(Evidence(event, hit=event.id in shows) for event in events)

    def _between(self, hits: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Return what happened between hits in their session, else through their agent; of none or several: nothing."""
        together = self._together(hits)
        if together is None:
            return []
        walk = Walk(self._access, self._access.compile(Filter(together)), SUMMARY_COLUMNS)
        found: list[tuple[Any, ...]] = []
        for before, after in [*pairwise(row[0] for row in hits)][-_GAPS:]:
            for back in (False, True):
                found += walk.at_once((before + 1, after), 1, back=back) or []
        return found

    def _together(self, hits: Sequence[tuple[Any, ...]]) -> Expression | None:
        sessions, agents = {row[-2] for row in hits}, {row[-1] for row in hits}
        if len(sessions) == 1 and (session := sessions.pop()) is not None:
            return Term(Key.SESSION, (Text(session),))
        if len(agents) != 1 or (number := agents.pop()) == NO_NAME:
            return None
        agent = self._access.names((number,))[number]
        return None if agent is None else Term(Key.AGENT, (Text(agent),))
