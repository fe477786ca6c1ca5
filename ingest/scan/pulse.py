"""What the scanner says of itself about once a second: in the lease, and of each folder."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ingest.own_cost import cpu_us, memory_bytes
from ingest.scan.batcher import Batcher, FolderTally
from ingest.scan.full_scans import FullScans
from ingest.scan.intake import Intake
from ingest.scan.watch import OFF, WatchState
from ingest.scan.watchers import Watchers
from store.lease import FolderStats, ScannerLease, ScannerStats
from store.sources import Folder


class Pulse:
    """Beats for one scanner, however often it must begin anew. Times are monotonic seconds."""

    def __init__(self, lease: ScannerLease, clock: Callable[[], float]) -> None:
        """Nothing was said yet."""
        self._lease = lease
        self._clock = clock
        self._beaten = (clock(), 0)
        self._told: dict[int, FolderStats] = {}
        self._stats = ScannerStats(OFF, None, 0.0, None, 0, 0, None)
        self.trouble: str | None = None
        """What keeps the scanner from storing, in one line; None: nothing."""

    def beat(
        self,
        watchers: Watchers,
        scans: FullScans,
        intake: Intake,
        batcher: Batcher,
        folders: Iterable[Folder],
    ) -> None:
        """Say how everything is.

        Raises:
            StoreError: the store cannot be written now.
        """
        now, tally = self._clock(), batcher.tally
        last, events = self._beaten
        rate = (tally.events - events) / max(now - last, 0.001)
        self._beaten = (now, tally.events)
        pending = intake.pending_bytes()
        state = watchers.overall
        stats = self._stats = ScannerStats(
            watcher=state.name,
            watcher_reason=state.reason,
            events_per_second=rate,
            lag_ms=tally.lag_ms,
            files_pending=intake.files_pending,
            pending_bytes=sum(pending.values()),
            last_scan_us=scans.scanned_us,
            scan_ms=scans.scan_ms,
            cpu_us=cpu_us(batcher.second_pid),
            memory_bytes=memory_bytes(batcher.second_pid),
            trouble=self.trouble,
        )
        now_so = {one.folder_no: _stats_of(one, watchers, tally.folders, pending) for one in folders}
        self._lease.heartbeat(stats, [one for number, one in now_so.items() if self._told.get(number) != one])
        self._told = now_so
        if not rate:
            gc.collect(1)

    def say(self, trouble: str) -> None:
        """Say what keeps the scanner from storing, beside the store: the store itself may not take a word."""
        self.trouble = trouble
        self._lease.note(trouble)

    def try_to_beat(self) -> None:
        """Say in the store that the scanner lives and still has its trouble.

        Raises:
            StoreError: the store still cannot be written.
        """
        self._lease.heartbeat(replace(self._stats, events_per_second=0.0, trouble=self.trouble))


def _stats_of(
    folder: Folder, watchers: Watchers, tallies: Mapping[int, FolderTally], pending: Mapping[int, int]
) -> FolderStats:
    # A file that was named itself is looked at 20 times a second: there is nothing to watch.
    state = watchers.state_of(folder.path) if folder.kind == "folder" else WatchState(OFF)
    tally = tallies.get(folder.folder_no)
    return FolderStats(
        folder.folder_no, state.name, state.reason, tally.lag_ms if tally else None, pending.get(folder.folder_no, 0)
    )
