"""The scanner: reads on and on, waits where the store cannot be written, and then begins anew from what it says."""

from __future__ import annotations

import threading
import time
from typing import Final

from config.settings import IngestSettings
from ingest.gaps.watch import GapWatch
from ingest.scan.batcher import Batcher, Tally
from ingest.scan.pulse import Pulse
from ingest.scan.reading import Reading
from store.errors import StoreBusyError, StoreError, StoreFullError
from store.lease import ScannerLease
from store.store import Store

STORE_PATIENCE_S: Final = 1.0
"""How long a statement waits for another process's lock, so that a signal or a parent's death is heeded in time."""
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 4.0


class Scanner:
    """Feeds one store until it is told to stop. The caller holds the lease."""

    def __init__(self, store: Store, settings: IngestSettings, lease: ScannerLease, stop: threading.Event) -> None:
        """Load what the store knows.

        Raises:
            StoreError: the store cannot be used.
        """
        store.set_patience(STORE_PATIENCE_S)
        self._store = store
        self._settings = settings
        self._lease = lease
        self._stop = stop
        self._wake = threading.Event()
        self._pulse = Pulse(lease, time.monotonic)
        self._gaps = GapWatch(store, lease)
        self._pause_s = _FIRST_PAUSE_S
        self._reading = self._begin(Tally())

    @property
    def batcher(self) -> Batcher:
        """What stores the events, with the running tally."""
        return self._reading.batcher

    def run(self) -> None:
        """Work until `stop` is set, then store what was read.

        A full disk and a store that another process keeps locked are waited out, and said to be.

        Raises:
            StoreError: the store cannot be used any more.
            WriterLostError: the second process is gone.
        """
        try:
            while not self._stop.is_set():
                try:
                    self._reading.run()
                except (StoreFullError, StoreBusyError) as error:
                    self._wait_out(error)
        finally:
            self._reading.close()

    def wake(self) -> None:
        """Look at once whether there is something to do, or to stop."""
        self._wake.set()

    def _begin(self, tally: Tally) -> Reading:
        return Reading(
            self._store,
            self._settings,
            self._lease,
            stop=self._stop,
            wake=self._wake,
            pulse=self._pulse,
            gaps=self._gaps,
            tally=tally,
        )

    def _wait_out(self, error: StoreError) -> None:
        """Wait until the store can be written again, and begin anew; told to stop, what was read is read again later.

        That a heartbeat can be stored does not mean that there is room for an append: pauses grow until there was one.
        """
        tally = self.batcher.tally
        self._reading.close()
        self._pause_s = _FIRST_PAUSE_S if self._pulse.trouble is None else min(self._pause_s * 2, _LONGEST_PAUSE_S)
        self._pulse.say(str(error))
        until = time.monotonic() + self._pause_s
        while not self._stop.wait(_FIRST_PAUSE_S):
            try:
                self._pulse.try_to_beat()
                if time.monotonic() >= until:
                    self._reading = self._begin(tally)
                    return
            except (StoreFullError, StoreBusyError) as again:
                self._pulse.say(str(again))
