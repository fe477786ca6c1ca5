"""Looks where the watchers say that something changed, and once more where a folder has just appeared."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules, base_name
from ingest.scan.opening import look_at
from store.sources import Folder

_AGAIN_S: Final = 0.5
"""A new folder is looked at once more after so long: what came before the watch on it is not reported."""
_ACTIVE_S: Final = 10.0
_MOST_POLLED: Final = 64


class Hints:
    """Follows what is known of changes between full scans. Times are monotonic seconds."""

    def __init__(self, reader: FolderReader, intake: Intake, rules: NameRules) -> None:
        """Nothing is known yet."""
        self._reader = reader
        self._intake = intake
        self._rules = rules
        self._again: dict[bytes, float] = {}

    def follow(self, paths: set[bytes], folders: Mapping[bytes, Folder], now: float) -> None:
        """Look at these paths, and at new folders whose second look is due."""
        for path in paths:
            folder = _folder_of(path, folders)
            if folder is not None:
                self._look(path, folder, now)
        for path in [path for path, due in self._again.items() if due <= now]:
            del self._again[path]
            folder = _folder_of(path, folders)
            if folder is not None:
                self._reader.show_below(folder, path)

    def poll(self, folders: Mapping[bytes, Folder], now: float) -> None:
        """Look at the files that have just been active, and at files that were named themselves."""
        active = self._intake.active
        for tracked in [one for one, last in active.items() if now - last > _ACTIVE_S or one.gone]:
            del active[tracked]
        for tracked in sorted(active, key=lambda one: -active[one])[:_MOST_POLLED]:
            facts = look_at(tracked.path)
            if facts is not None:
                self._intake.notice(tracked.path, tracked.folder_no, facts)
        for folder in folders.values():
            if folder.kind == "file":
                for _ in self._reader.show(folder):
                    pass

    def _look(self, path: bytes, folder: Folder, now: float) -> None:
        facts = look_at(path)
        if facts is not None:
            if self._rules.reads(base_name(path)):
                self._intake.notice(path, folder.folder_no, facts)
        elif path != folder.path and os.path.isdir(path) and not os.path.islink(path):
            self._again[path] = now + _AGAIN_S
            self._reader.show_below(folder, path)


def _folder_of(path: bytes, folders: Mapping[bytes, Folder]) -> Folder | None:
    """Return the watched folder that holds a path, None where a part below it starts with a dot."""
    for root, folder in folders.items():
        inside = path[len(root.rstrip(b"/")) :]
        if path == root or (path.startswith(root.rstrip(b"/") + b"/") and b"/." not in inside):
            return folder
    return None
