"""Keeps compressed files open in the middle while they are read in turns, a few at a time: each takes some memory."""

from __future__ import annotations

from typing import Final

from ingest.containers.content import Content, PackedContent, compression_of, content_of
from ingest.scan.opening import FileFacts
from ingest.scan.tracked import Tracked

_MOST: Final = 4
"""Compressed files that are read by turns with each other; the others wait until one of these is done."""


class OpenStreams:
    """The compressed files that are being read."""

    def __init__(self) -> None:
        """Start with none."""
        self._open: dict[Tracked, tuple[tuple[int, int], PackedContent]] = {}

    def content(self, tracked: Tracked, descriptor: int, facts: FileFacts) -> Content:
        """Return what a source's open file holds; a compressed one goes on where it was left, if it is still the same.

        Raises:
            OSError: reading failed.
        """
        held = self._open.pop(tracked, None)
        if held is not None and held[0] == facts.identity and held[1].goes_on(descriptor):
            self._open[tracked] = held
            return held[1]
        content = content_of(tracked.path, descriptor)
        if isinstance(content, PackedContent):
            self._make_room()
            self._open[tracked] = (facts.identity, content)
        return content

    def drop(self, tracked: Tracked) -> None:
        """Forget where a file was left."""
        self._open.pop(tracked, None)

    def defers(self, tracked: Tracked) -> bool:
        """Return whether a file should wait until others are done: every one of these waits for its next turn."""
        if tracked in self._open or not compression_of(tracked.path):
            return False
        return len(self._open) >= _MOST and all(one.queued and not one.gone for one in self._open)

    def _make_room(self) -> None:
        for one in list(self._open):
            if len(self._open) < _MOST:
                return
            if one.gone or not one.queued:
                del self._open[one]
        while len(self._open) >= _MOST:
            self._open.pop(next(iter(self._open)))
