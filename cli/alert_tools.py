"""What the Alerts tab and `auditail alerts` are given to decide with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.alerts.decisions import AlertDesk
from store.errors import StoreFullError
from store.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from store.alerts.model import AlertDetail, Decided, Decision, Undone
    from store.reader import StoreReader
    from store.scope import Scope


class StoreAlerts:
    """Implements `store.alerts.model.AlertActions`; the store is open for writing only while something is done."""

    def __init__(self, path: Path, scope: Scope) -> None:
        """Act on the store at `path`, within a scope."""
        self._path = path
        self._scope = scope

    def decide(self, decision: Decision) -> Decided:
        """See `AlertActions`."""
        with self._desk() as desk:
            return desk.decide(decision)

    def undo(self, decision_id: int | None = None) -> Undone | None:
        """See `AlertActions`."""
        with self._desk() as desk:
            return desk.undo(decision_id)

    def viewed(self, alert_ids: Sequence[int]) -> None:
        """See `AlertActions`."""
        with self._desk() as desk:
            desk.viewed(alert_ids)

    @contextmanager
    def _desk(self) -> Generator[AlertDesk]:
        try:
            with Store.open(self._path, create=False) as store:
                yield AlertDesk(store, self._scope)
        except StoreFullError as error:
            raise StoreFullError(self._path, "nothing was decided: free some, then do it again") from error


def alert_json(reader: StoreReader, detail: AlertDetail) -> str:
    """Return an alert whole as `auditail alerts show --format json` writes it."""
    import orjson

    from cli.alerts.document import detail_values

    return orjson.dumps(detail_values(detail, reader), option=orjson.OPT_INDENT_2).decode()
