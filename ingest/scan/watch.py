"""The watcher: a hint that something changed, never the truth. It may miss anything; the scan finds it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import watchfiles

LARGE_BATCH: Final = 4_000
"""A batch of so many changes means that the system's queue may have overflowed."""

_DEBOUNCE_MS: Final = 40
_STEP_MS: Final = 10
_WAKE_MS: Final = 500
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
_LIMIT_HINT: Final = (
    "the system's limit of watched folders is reached: raise it with sysctl fs.inotify.max_user_watches=524288"
)


@dataclass(slots=True)
class News:
    """What the watcher has heard. `scan` means that it may have missed something."""

    paths: set[bytes] = field(default_factory=set[bytes])
    scan: bool = False


class Watcher:
    """Watches folders in a thread. A watcher that died is started again after a growing pause."""

    def __init__(self, wake: threading.Event) -> None:
        """Set `wake` whenever there is news."""
        self._wake = wake
        self._lock = threading.Lock()
        self._news = News()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._roots: tuple[str, ...] = ()
        self._failure: str | None = None
        self._retry_at = 0.0
        self._pause_s = _FIRST_PAUSE_S

    @property
    def name(self) -> str:
        """How changes are noticed at present: the system's own way, `polling`, or `off` where nothing is watched."""
        if not self._roots and self._failure is None:
            return "off"
        if self._failure is not None or self._thread is None or not self._thread.is_alive():
            return "polling"
        return "fsevents" if sys.platform == "darwin" else "inotify"

    @property
    def reason(self) -> str | None:
        """Why it is not watching, in one line; None: all is well."""
        return self._failure

    @property
    def degraded(self) -> bool:
        """Whether only scans notice changes."""
        return self.name == "polling"

    def watch(self, roots: Sequence[bytes]) -> None:
        """Watch exactly these folders from now on."""
        self.stop()
        self._pause_s = _FIRST_PAUSE_S
        names = [os.fsdecode(root) for root in roots]
        self._roots = tuple(name for name in names if _is_text(name))
        self._failure = None if len(names) == len(self._roots) else "a folder's name is not UTF-8"
        self._start()

    def revive(self) -> None:
        """Start again a watcher that died, once its pause is over."""
        died = self._thread is not None and not self._thread.is_alive()
        if died and self._roots and time.monotonic() >= self._retry_at:
            self._start()

    def news(self) -> News:
        """Return what was heard since the last call."""
        with self._lock:
            news, self._news = self._news, News()
        return news

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        self._thread = None

    def _start(self) -> None:
        if not self._roots:
            return
        self._stop = threading.Event()
        arguments = (self._roots, self._stop)
        self._thread = threading.Thread(target=self._run, args=arguments, name="watcher", daemon=True)
        self._thread.start()

    def _run(self, roots: tuple[str, ...], stop: threading.Event) -> None:
        try:
            for changes in watchfiles.watch(
                *roots,
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                rust_timeout=_WAKE_MS,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                self._failure, self._pause_s = None, _FIRST_PAUSE_S
                if changes:
                    self._hear(path for _, path in changes)
        except (OSError, RuntimeError, ValueError) as error:
            self._fail(error)

    def _hear(self, paths: Iterable[str]) -> None:
        heard = {os.fsencode(path) for path in paths}
        with self._lock:
            self._news.paths |= heard
            self._news.scan |= len(self._news.paths) >= LARGE_BATCH
        self._wake.set()

    def _fail(self, error: Exception) -> None:
        limit = "limit reached" in str(error) or "No space left" in str(error)
        self._failure = _LIMIT_HINT if limit else f"the watcher stopped ({error}); scanning instead"
        self._retry_at = time.monotonic() + self._pause_s
        self._pause_s = min(self._pause_s * 2, _LONGEST_PAUSE_S)
        with self._lock:
            self._news.scan = True
        self._wake.set()


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
