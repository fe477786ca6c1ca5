"""When everything is looked at, whatever the watchers said: at start, now and then, and after trouble."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from config.settings import IngestSettings
from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from store.sources import Folder

SLICE_S: Final = 0.02
"""How long a scan works before something else gets its turn."""
_SHARE: Final = 20
"""At most one part in so many of the time goes into scanning."""
_WATCHERS_TAKE_NS: Final = 2_000_000_000
"""A change that a watcher tells of is known after this time, however busy the system is."""
_MS_PER_S: Final = 1_000


class FullScans:
    """Scans all folders in slices. Times are monotonic seconds, but for `scanned_us`."""

    def __init__(
        self, reader: FolderReader, intake: Intake, settings: IngestSettings, clock_us: Callable[[], int]
    ) -> None:
        """Begin with a scan as soon as `advance` is called; `clock_us` is the wall clock."""
        self._reader = reader
        self._intake = intake
        self._settings = settings
        self._clock_us = clock_us
        self._running: Iterator[None] | None = None
        self._scan_no = 0
        self._due = 0.0
        self._cost_s = 0.0
        self._began = 0.0
        self._found_before = 0
        self._counts = False
        self._other_folders = False
        self.completed = 0
        """How many scans have come to their end."""
        self.scanned_us: int | None = None
        """When the last one ended, in UTC microseconds; None: none did yet."""
        self.scan_ms: int | None = None
        """How long the last one took."""
        self.missed = 0
        """Changes that only the last one has found, though watchers should have told of them."""

    @property
    def under_way(self) -> bool:
        """Whether one has begun and not ended."""
        return self._running is not None

    def ask(self, now: float) -> None:
        """Scan soon, but not more often than scanning may cost."""
        self._due = min(self._due, now + self._cost_s * _SHARE)

    def ask_at_once(self) -> None:
        """Scan as soon as possible: the folders are not what they were."""
        self._due = 0.0
        self._other_folders = True

    def advance(self, now: float, folders: Iterable[Folder], *, degraded: bool) -> None:
        """Do a slice of the scan that is under way or due; `degraded`: only scans notice changes in some folder.

        Raises:
            StoreError: the store could not take what was found.
        """
        if self._running is None:
            if now < self._due:
                return
            self._begin(now, list(folders), degraded=degraded)
        if self._intake.has_plenty:
            return
        assert self._running is not None
        started = time.monotonic()
        for _ in self._running:
            if time.monotonic() - started > SLICE_S or self._intake.has_plenty:
                self._cost_s += time.monotonic() - started
                return
        self._cost_s += time.monotonic() - started
        self._end(degraded=degraded)

    def _begin(self, now: float, folders: list[Folder], *, degraded: bool) -> None:
        self._scan_no += 1
        self._cost_s = 0.0
        self._began = now
        self._due = float("inf")
        # What lay in a folder before it was named, nobody could have told of.
        self._counts = self.completed > 0 and not degraded and not self._other_folders
        self._other_folders = False
        self._found_before = self._intake.found_by_scan
        self._intake.told_until_ns = self._clock_us() * 1_000 - _WATCHERS_TAKE_NS
        self._running = self._scan(folders)

    def _end(self, *, degraded: bool) -> None:
        now = time.monotonic()
        self._running = None
        self.completed += 1
        self.scanned_us = self._clock_us()
        self.scan_ms = round((now - self._began) * _MS_PER_S)
        self.missed = self._intake.found_by_scan - self._found_before if self._counts else 0
        usual = self._settings.degraded_scan_interval_s if degraded else self._settings.scan_interval_s
        self._due = min(self._due, now + max(usual, _SHARE * self._cost_s))

    def _scan(self, folders: list[Folder]) -> Iterator[None]:
        scan_no = self._scan_no
        listed: set[int] = set()
        for folder in folders:
            complete = True
            for complete in self._reader.show(folder, scan_no):  # noqa: B007 (the last answer is what counts)
                yield
            if complete and folder.kind == "folder":
                listed.add(folder.folder_no)
        self._intake.lose_unseen(scan_no, listed)
