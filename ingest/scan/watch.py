"""The watcher of one folder: a hint of change, never the truth. It may miss anything; the scan finds it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import watchfiles

LARGE_BATCH: Final = 4_000
"""A batch of so many changes means that the system's queue may have overflowed."""

OFF: Final = "off"
POLLING: Final = "polling"
WATCHING: Final = "fsevents" if sys.platform == "darwin" else "inotify"

_DEBOUNCE_MS: Final = 40
_STEP_MS: Final = 10
_WAKE_MS: Final = 500
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
_WATCHES_HINT: Final = (
    "the system's limit of watched folders is reached, looked at every 2 s instead:"
    " raise it with `sudo sysctl fs.inotify.max_user_watches=524288`"
)
_INSTANCES_HINT: Final = (
    "the system's limit of watchers is reached, looked at every 2 s instead:"
    " raise it with `sudo sysctl fs.inotify.max_user_instances=512`"
)


@dataclass(slots=True)
class News:
    """What watchers have heard. `scan`: folders in which something may have been missed."""

    paths: set[bytes] = field(default_factory=set[bytes])
    scan: set[bytes] = field(default_factory=set[bytes])


@dataclass(frozen=True, slots=True)
class WatchState:
    """How changes of a folder are noticed: the system's own way, `polling` or `off`; and why, None: all is well."""

    name: str
    reason: str | None = None


class Watcher:
    """Watches one folder in a thread. A watcher that died is started again after a growing pause."""

    def __init__(self, root: bytes, wake: threading.Event, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin; set `wake` whenever there is news. `clock` is monotonic, in seconds."""
        self._root = root
        self._wake = wake
        self._clock = clock
        self._lock = threading.Lock()
        self._news = News()
        self._stop = threading.Event()
        self._failure: str | None = None
        self._retry_at = 0.0
        self._pause_s = _FIRST_PAUSE_S
        self._thread = self._started()

    @property
    def state(self) -> WatchState:
        """How changes are noticed at present."""
        if self._failure is not None or not self._thread.is_alive():
            return WatchState(POLLING, self._failure or "the watcher has just ended; it is started again")
        return WatchState(WATCHING)

    def revive(self) -> None:
        """Start again where it died, once its pause is over."""
        if not self._thread.is_alive() and not self._stop.is_set() and self._clock() >= self._retry_at:
            self._thread = self._started()

    def news(self) -> News:
        """Return what was heard since the last call."""
        with self._lock:
            news, self._news = self._news, News()
        return news

    def let_go(self) -> None:
        """Ask the thread to end, and do not wait for it; what it still hears is not told any more."""
        self._stop.set()

    def join(self) -> None:
        """Wait for the thread's end, for a moment."""
        self._thread.join(timeout=2)

    def _started(self) -> threading.Thread:
        self._retry_at = self._clock() + self._pause_s
        thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        established = False
        try:
            for changes in watchfiles.watch(
                os.fsdecode(self._root),
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                rust_timeout=_WAKE_MS,
                yield_on_timeout=True,
                stop_event=self._stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                self._failure, self._pause_s = None, _FIRST_PAUSE_S
                if not established:
                    established = True
                    self._ask_for_scan()  # what changed while the watch was being set up was not heard
                if changes:
                    self._hear(path for _, path in changes)
        except (OSError, RuntimeError, ValueError) as error:
            self._fail(error)

    def _hear(self, paths: Iterable[str]) -> None:
        heard = {os.fsencode(path) for path in paths}
        with self._lock:
            self._news.paths |= heard
            if len(self._news.paths) >= LARGE_BATCH:
                self._news.scan.add(self._root)
        self._wake.set()

    def _ask_for_scan(self) -> None:
        with self._lock:
            self._news.scan.add(self._root)
        self._wake.set()

    def _fail(self, error: Exception) -> None:
        self._failure = _reason(str(error))
        self._retry_at = self._clock() + self._pause_s
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
        self._ask_for_scan()


def _reason(said: str) -> str:
    if "watch limit reached" in said or "No space left" in said:
        return _WATCHES_HINT
    if "Too many open files" in said or "os error 24" in said:
        return _INSTANCES_HINT
    return f"the watcher stopped ({' '.join(said.split())[:200]}): looked at every 2 s instead"
