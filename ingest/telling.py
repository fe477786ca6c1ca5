"""Tells people of alerts beside the reading: in threads of their own, over a connection of their own.

`start` returns at once and `close` waits but briefly, so that neither a slow address nor a store that cannot be written
holds the scanner up. What could not be told by then waits in the store for whoever reads next.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from detect.notify.delivery import Delivery, sender_of
from store.alerts.notice_queue import NoticeQueue
from store.errors import StoreError
from store.store import Store

if TYPE_CHECKING:
    from config.alerts import DetectionSettings, NotifyTarget

_AGAIN_S: Final = 5.0
"""After so long a store that could not be used is tried again."""
_TIDY_EVERY_S: Final = 3_600.0
_KEPT_US: Final = 30 * 86_400 * 1_000_000
"""For so long it can be seen who was told of an alert."""
LEAVING_S: Final = 2.0
"""So long a scanner takes at most to end; whoever has started it waits for some seconds."""
READ_ONCE_S: Final = 10.0
"""And what has read something once: whoever reads next may come tomorrow."""


@contextmanager
def telling(store: Store, detection: DetectionSettings | None, patience_s: float = LEAVING_S) -> Generator[None]:
    """Tell people of alerts until the end of the block. The caller holds the scanner's lease: one process tells.

    None: nobody is told, and what waits goes on waiting. Where the settings name nobody, what waits is given up. At the
    end what is due is told, as far as that takes no longer than `patience_s`.
    """
    if detection is None:
        yield
    elif not detection.notify:
        with suppress(StoreError):  # the scanner itself says what is wrong with the store
            NoticeQueue(store).give_up_others((), store.clock())
        yield
    else:
        teller = Telling(store.path, detection.notify)
        teller.start()
        try:
            yield
        finally:
            teller.close(patience_s)


class Telling:
    """The threads that tell the targets of one store. One process should do so at a time; more do no harm."""

    def __init__(self, store_path: Path, targets: Sequence[NotifyTarget]) -> None:
        """Prepare; `start` begins. What waits for other targets than these is given up."""
        self._path = store_path
        self._targets = tuple(targets)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._last_s = 0.0
        """When the last try may begin, once it is over."""

    def start(self) -> None:
        """Begin in threads of its own, and return at once."""
        self._thread = threading.Thread(target=self._keep_on, name="telling", daemon=True)
        self._thread.start()

    def close(self, patience_s: float) -> None:
        """Tell what is due and end, waiting for so many seconds at most.

        A try that takes longer is left to itself; whether it was told or not, it is tried again by whoever reads next.
        """
        self._last_s = time.monotonic() + patience_s
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=patience_s)

    def _keep_on(self) -> None:
        while True:
            try:
                with Store.open(self._path, create=False) as store:
                    self._tell(store)
                    return
            except StoreError:
                if self._stop.wait(_AGAIN_S):
                    return

    def _tell(self, store: Store) -> None:
        """Tell until it is over. Raises `StoreError` where the store cannot be used before anything was told."""
        queue = NoticeQueue(store)
        queue.give_up_others({target.identity for target in self._targets}, store.clock())
        threads = [
            threading.Thread(target=self._tell_one, args=(target, queue), name=f"telling-{number}", daemon=True)
            for number, target in enumerate(self._targets, start=1)
        ]
        for thread in threads:
            thread.start()
        while not self._stop.is_set():
            self._when_possible(lambda: queue.forget_done(store.clock() - _KEPT_US))
            self._stop.wait(_TIDY_EVERY_S)
        for thread in threads:
            thread.join()

    def _tell_one(self, target: NotifyTarget, queue: NoticeQueue) -> None:
        delivery = Delivery(target, queue, sender_of(target))
        while not self._stop.is_set():
            pause_s = self._when_possible(delivery.step)
            self._stop.wait(_AGAIN_S if pause_s is None else pause_s)
        while time.monotonic() < self._last_s and self._when_possible(delivery.step) == 0.0:
            pass

    @staticmethod
    def _when_possible(work: Callable[[], float]) -> float | None:
        """Return what `work` returns, None where the store cannot be used now."""
        try:
            return work()
        except StoreError:
            return None
