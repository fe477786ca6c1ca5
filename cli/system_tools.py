"""What the System tab is given: the settings as people read them, and the means to retry and discard bad records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from cli.report import not_in_force, settings_in_force
from store.quarantine import QuarantineDesk
from store.store import Store
from tui.system_tools import SettingLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.loading import Loaded


class StoreActions:
    """Implements `store.service.QuarantineActions`; the store is open for writing only while something is done."""

    def __init__(self, path: Path) -> None:
        """Act on the store at `path`."""
        self._path = path

    def request_retry(self, ids: Sequence[int]) -> int:
        """See `QuarantineActions`."""
        with Store.open(self._path, create=False) as store:
            return QuarantineDesk(store).request_retry(ids)

    def discard(self, ids: Sequence[int], reason: str) -> int:
        """See `QuarantineActions`."""
        with Store.open(self._path, create=False) as store:
            return QuarantineDesk(store).discard(ids, reason)


def setting_lines(loaded: Loaded) -> tuple[SettingLine, ...]:
    """Return every setting with its origin, and what holds instead of those that nothing acts on."""
    waiting = dict(not_in_force(loaded))
    return tuple(
        SettingLine(key, _written(value), origin, waiting.get(key)) for key, value, origin in settings_in_force(loaded)
    )


def _written(value: Any) -> str:
    """Return a value as a settings file would have it."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_entry(one) for one in cast("list[object]", value)) or "none"
    return str(value)


def _entry(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
