"""Folders and files that are missing or cannot be read, from when they are so, and folders that are back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ingest.gaps.event import INGEST_GAP, SOURCE_RESUMED, gap_event, shown
from store.events import NewEvent
from store.sources import Folder, State

_AT_ONCE: Final = 10
"""More files than that in one second are told of together."""
_BAD: Final = ("missing", "unreadable")


class OutOfReach:
    """Compares what can be read from look to look."""

    def __init__(self, before: Mapping[int, str]) -> None:
        """`before` is how each folder was when a scanner last looked: what was told then is not told again."""
        self._folders = dict(before)
        self._files: set[bytes] = set()

    def folders(
        self, folders: Sequence[Folder], states: Mapping[int, tuple[State, str | None]], now_us: int
    ) -> Iterator[NewEvent]:
        """Give an event for every folder that has become unreadable, or is back."""
        for folder in folders:
            if folder.folder_no not in states:
                continue
            state, reason = states[folder.folder_no]
            was = self._folders.get(folder.folder_no, "ok")
            self._folders[folder.folder_no] = state
            if state in _BAD and was != state:
                yield _bad_folder(folder, state, reason, now_us)
            elif state not in _BAD and was in _BAD:
                yield _good_folder(folder, was, now_us)

    def files(self, unreadable: Mapping[bytes, str], now_us: int) -> Iterator[NewEvent]:
        """Give events for files that cannot be read since the last look: one each, or one for many."""
        fresh = sorted(unreadable.keys() - self._files)
        self._files = set(unreadable)
        if len(fresh) > _AT_ONCE:
            yield _many_files(fresh, unreadable[fresh[0]], now_us)
        else:
            for path in fresh:
                yield _one_file(path, unreadable[path], now_us)


def _bad_folder(folder: Folder, state: str, reason: str | None, now_us: int) -> NewEvent:
    path = shown(folder.path)
    return gap_event(
        INGEST_GAP,
        now_us,
        f"nothing can be read from {path}: {reason or state}",
        {"reason": f"source_{state}", "path": path, "why": reason},
        (state, folder.folder_no, path, now_us),
    )


def _good_folder(folder: Folder, was: str, now_us: int) -> NewEvent:
    path = shown(folder.path)
    return gap_event(
        SOURCE_RESUMED,
        now_us,
        f"{path} was {was} and can be read again",
        {"reason": f"source_{was}", "path": path},
        ("back", folder.folder_no, path, now_us),
    )


def _one_file(path: bytes, reason: str, now_us: int) -> NewEvent:
    return gap_event(
        INGEST_GAP,
        now_us,
        f"{shown(path)} cannot be read: {reason}",
        {"reason": "source_unreadable", "path": shown(path), "why": reason},
        ("file", shown(path), reason, _changed_ns(path)),
    )


def _many_files(paths: Sequence[bytes], reason: str, now_us: int) -> NewEvent:
    first = paths[0]
    return gap_event(
        INGEST_GAP,
        now_us,
        f"{len(paths):,} files cannot be read, the first is {shown(first)}: {reason}",
        {
            "reason": "source_unreadable",
            "files": len(paths),
            "paths": [shown(path) for path in paths[:_AT_ONCE]],
            "why": reason,
        },
        ("files", len(paths), shown(first), reason, _changed_ns(first)),
    )


def _changed_ns(path: bytes) -> int:
    """Return when the file's permissions last changed: the same since then, and it is the same trouble."""
    try:
        return os.lstat(path).st_ctime_ns
    except OSError:
        return 0
