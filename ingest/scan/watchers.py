"""A watcher for each named folder, so that one that fails, moves or cannot be watched leaves the others alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest.scan.polled_places import why_polled
from ingest.scan.watch import OFF, POLLING, News, Watcher, WatchState

Identity = tuple[int, int]
"""Device and inode of a folder: another one, and it was replaced, remounted, or something was mounted over it."""


@dataclass(slots=True)
class _Watched:
    identity: Identity
    watcher: Watcher | None
    """None: it is polled, because of `reason`."""
    reason: str | None = None


class Watchers:
    """Watches exactly the folders that it was last told."""

    def __init__(self, wake: threading.Event, why_not: Callable[[bytes], str | None] = why_polled) -> None:
        """Set `wake` whenever there is news; `why_not` says of a folder why it must be polled, if it must."""
        self._wake = wake
        self._why_not = why_not
        self._watched: dict[bytes, _Watched] = {}

    @property
    def overall(self) -> WatchState:
        """How changes are noticed: as in the worst of the folders. `off` where there is none."""
        states = [self.state_of(root) for root in self._watched]
        polled = [state for state in states if state.name == POLLING]
        return (polled or states or [WatchState(OFF)])[0]

    @property
    def polled(self) -> set[bytes]:
        """Folders whose changes only scans notice."""
        return {root for root in self._watched if self.state_of(root).name == POLLING}

    def state_of(self, root: bytes) -> WatchState:
        """Return how changes of a folder are noticed; `off` where it is not there."""
        watched = self._watched.get(root)
        if watched is None:
            return WatchState(OFF)
        return WatchState(POLLING, watched.reason) if watched.watcher is None else watched.watcher.state

    def watch(self, roots: Mapping[bytes, Identity]) -> set[bytes]:
        """Watch exactly these folders from now on; return those that are new, or not the same as before.

        The system's watch stays on a folder that was renamed or replaced, and would tell of it under the old name.
        """
        left = [root for root, watched in self._watched.items() if roots.get(root) != watched.identity]
        ended = [watched.watcher for root in left if (watched := self._watched.pop(root)).watcher is not None]
        for watcher in ended:
            watcher.let_go()
        for watcher in ended:
            watcher.join()
        fresh = {root for root in roots if root not in self._watched}
        for root in fresh:
            reason = self._why_not(root)
            watcher = Watcher(root, self._wake) if reason is None else None
            self._watched[root] = _Watched(roots[root], watcher, reason)
        return fresh

    def revive(self) -> None:
        """Start again what died."""
        for watched in self._watched.values():
            if watched.watcher is not None:
                watched.watcher.revive()

    def news(self) -> News:
        """Return what all of them have heard since the last call."""
        news = News()
        for watched in self._watched.values():
            if watched.watcher is not None:
                heard = watched.watcher.news()
                news.paths |= heard.paths
                news.scan |= heard.scan
        return news

    def stop(self) -> None:
        """End all of them."""
        self.watch({})
