"""What the store's file is filled with. SQLite has to look at every page of it, so this can take seconds."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from store import dialect
from store.health import StoreParts

_EVENTS: Final = "event"
_TEXT: Final = "event_text"
_INDEXES: Final = frozenset({"event_seq", "event_key", "call", "usage_total", "minute_count", "name", "name_text"})


class PartsQuestion:
    """Asks on a connection of its own, and can be called off."""

    def __init__(self, path: Path) -> None:
        """Ask about the store at `path`."""
        self._path = path
        self._stopped = threading.Event()

    def ask(self) -> StoreParts | None:
        """Return the parts; None where SQLite was built without the means, or the question was called off."""
        sizes = dialect.size_by_object(self._path, self._stopped.is_set)
        if sizes is None:
            return None
        text = sum(size for name, size in sizes.items() if name.startswith(_TEXT))
        index = sum(sizes.get(name, 0) for name in _INDEXES)
        events = sizes.get(_EVENTS, 0)
        whole = sum(sizes.values())
        return StoreParts(events, text, index, whole - events - text - index)

    def call_off(self) -> None:
        """Let questions that are under way end within milliseconds."""
        self._stopped.set()
