"""What the Alerts tab and `auditail alerts` are given to decide with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.alerts.decisions import AlertDesk
from store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from store.alerts.model import Decided, Decision, Undone
    from store.scope import Scope


class StoreAlerts:
    """Implements `store.alerts.model.AlertActions`; the store is open for writing only while something is done."""

    def __init__(self, path: Path, scope: Scope) -> None:
        """Act on the store at `path`, within a scope."""
        self._path = path
        self._scope = scope

    def decide(self, decision: Decision) -> Decided:
        """See `AlertActions`."""
        with Store.open(self._path, create=False) as store:
            return AlertDesk(store, self._scope).decide(decision)

    def undo(self, decision_id: int | None = None) -> Undone | None:
        """See `AlertActions`."""
        with Store.open(self._path, create=False) as store:
            return AlertDesk(store, self._scope).undo(decision_id)

    def viewed(self, alert_ids: Sequence[int]) -> None:
        """See `AlertActions`."""
        with Store.open(self._path, create=False) as store:
            AlertDesk(store, self._scope).viewed(alert_ids)
