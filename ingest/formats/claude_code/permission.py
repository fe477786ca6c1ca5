"""The permission mode, of which every change is a permission.check."""

from __future__ import annotations

from typing import Any

from ingest.formats.claude_code.line import Line
from store.events import NewEvent


def mode_events(line: Line, mode: Any) -> list[NewEvent]:
    """Return the change to a mode, or nothing where it was in force already or the value is no mode."""
    if type(mode) is not str or not mode:
        return []
    changed, before = line.memory.change_mode(mode)
    if not changed:
        return []
    event = line.event("permission.check", "mode", mode=mode, previous_mode=before)
    event.message = f"permission mode {before} → {mode}" if before else f"permission mode {mode}"
    return [event]
