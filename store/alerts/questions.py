"""Answers to questions about alerts, within one scope."""

from __future__ import annotations

from collections.abc import Sequence

from store.alerts.board import RuleBoard
from store.alerts.detailing import AlertDetails
from store.alerts.listing import AlertLists
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
from store.alerts.previewing import Previews
from store.filters.model import Filter
from store.query.access import Access
from store.query.evidenced import evidence_among


class Alerts:
    """See `store.alerts.model.AlertQuestions`."""

    def __init__(self, access: Access) -> None:
        """Ask through `access`."""
        self._access = access
        self._lists = AlertLists(access)
        self._details = AlertDetails(access, self._lists)
        self._previews = Previews(access, self._lists, self._details)
        self._board = RuleBoard(access)

    def list(self, what: Filter, limit: int) -> AlertList:
        """See `AlertQuestions`."""
        return self._lists.find(what, limit)

    def counts(self) -> AlertCounts:
        """See `AlertQuestions`."""
        return self._lists.counts()

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Sequence[AlertSlice]:
        """See `AlertQuestions`."""
        return self._lists.histogram(what, start_us, end_us, slices)

    def detail(self, alert_id: int) -> AlertDetail | None:
        """See `AlertQuestions`."""
        return self._details.detail(alert_id)

    def evidence_among(self, event_row_ids: Sequence[int]) -> frozenset[int]:
        """See `AlertQuestions`."""
        return evidence_among(self._access, event_row_ids)

    def invariants(self) -> Sequence[InvariantRow]:
        """See `AlertQuestions`."""
        return self._board.invariants()

    def shed(self) -> Sequence[ShedRow]:
        """See `AlertQuestions`."""
        return self._board.shed()

    def preview(self, decision: Decision) -> DecisionPreview:
        """See `AlertQuestions`."""
        return self._previews.preview(decision)

    def switched_off(self) -> frozenset[str]:
        """See `AlertQuestions`."""
        return self._board.switched_off()
