"""Answers to questions about alerts, within one scope."""

# ruff: noqa: ARG002
from __future__ import annotations

from collections.abc import Sequence

from store.alerts.model import (
    AlertCounts,
    AlertDetail,
    AlertList,
    AlertSlice,
    Decision,
    DecisionPreview,
    InvariantRow,
    ShedRow,
)
from store.filters.model import Filter
from store.query.access import Access


class Alerts:
    """See `store.alerts.model.AlertQuestions`."""

    def __init__(self, access: Access) -> None:
        """Ask through `access`."""
        self._access = access

    def list(self, what: Filter, limit: int) -> AlertList:
        """See `AlertQuestions`."""
        return AlertList((), 0)

    def counts(self) -> AlertCounts:
        """See `AlertQuestions`."""
        return AlertCounts()

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Sequence[AlertSlice]:
        """See `AlertQuestions`."""
        return [AlertSlice()] * slices

    def detail(self, alert_id: int) -> AlertDetail | None:
        """See `AlertQuestions`."""
        return None

    def invariants(self) -> Sequence[InvariantRow]:
        """See `AlertQuestions`."""
        return ()

    def shed(self) -> Sequence[ShedRow]:
        """See `AlertQuestions`."""
        return ()

    def preview(self, decision: Decision) -> DecisionPreview:
        """See `AlertQuestions`."""
        return DecisionPreview(0, 0.0)

    def switched_off(self) -> frozenset[str]:
        """See `AlertQuestions`."""
        return frozenset()
