"""Answers to questions about alerts, from a list in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.alerts.model import AlertCounts, AlertList, AlertSlice, DecisionPreview
from store.alerts.states import AlertState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.alerts.model import AlertDetail, AlertRow, Decision, InvariantRow, ShedRow
    from store.filters.model import Filter


class FakeAlerts:
    """See `store.alerts.model.AlertQuestions`."""

    def __init__(self) -> None:
        """Begin without any."""
        self.rows: list[AlertRow] = []
        self.details: dict[int, AlertDetail] = {}
        self.statements: list[InvariantRow] = []
        self.forgotten: list[ShedRow] = []
        self.previewed = DecisionPreview(0, 0.0)

    def list(self, what: Filter, limit: int) -> AlertList:
        """See `AlertQuestions`; every filter finds everything."""
        del what
        return AlertList(tuple(self.rows[:limit]), len(self.rows))

    def counts(self) -> AlertCounts:
        """See `AlertQuestions`."""
        by_state = {state: sum(row.state is state for row in self.rows) for state in AlertState}
        return AlertCounts({state: number for state, number in by_state.items() if number})

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Sequence[AlertSlice]:
        """See `AlertQuestions`."""
        del what, start_us, end_us
        return [AlertSlice()] * slices

    def detail(self, alert_id: int) -> AlertDetail | None:
        """See `AlertQuestions`."""
        return self.details.get(alert_id)

    def invariants(self) -> Sequence[InvariantRow]:
        """See `AlertQuestions`."""
        return self.statements

    def shed(self) -> Sequence[ShedRow]:
        """See `AlertQuestions`."""
        return self.forgotten

    def preview(self, decision: Decision) -> DecisionPreview:
        """See `AlertQuestions`."""
        del decision
        return self.previewed

    def switched_off(self) -> frozenset[str]:
        """See `AlertQuestions`."""
        return frozenset()
