"""The scanner's loop: full scans find what is true, the watcher says where to look first."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from typing import Final

from config.settings import IngestSettings
from ingest.scan.batcher import Batcher
from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules, base_name
from ingest.scan.opening import look_at
from ingest.scan.watch import Watcher
from ingest.tools import record_tools
from store.clock import now_us
from store.errors import StoreBusyError, StoreFullError
from store.lease import ScannerLease, ScannerStats
from store.sources import Folder
from store.store import Store

_FOLDERS_EVERY_S: Final = 1.0
_POLL_EVERY_S: Final = 0.05
_HEARTBEAT_EVERY_S: Final = 1.0
_SLICE_S: Final = 0.02
_ACTIVE_S: Final = 10.0
_MOST_POLLED: Final = 64
_SCAN_SHARE: Final = 20
"""At most one part in so many of the time goes into scanning."""
_AGAIN_S: Final = 0.5
"""A new folder is looked at once more after so long: what came before the watch on it is not reported."""
_TIDY_EVERY_S: Final = 5.0
_TIDY_AGAIN_S: Final = 0.1
_STORE_PAUSE_S: Final = 1.0


class Scanner:
    """Feeds one store until it is told to stop. The caller holds the lease."""

    def __init__(self, store: Store, settings: IngestSettings, lease: ScannerLease, stop: threading.Event) -> None:
        """Load what the store knows.

        Raises:
            StoreError: the store cannot be used.
        """
        self._settings = settings
        self._sources = store.sources
        self._lease = lease
        self._stop = stop
        self._wake = threading.Event()
        self._rules = NameRules(settings.include, settings.exclude)
        self._store = store
        self.batcher = Batcher(store, lease=lease)
        self._intake = Intake(store, record_tools(settings), self._rules, self.batcher)
        self._reader = FolderReader(self._intake, self._rules, store.sources)
        self._watcher = Watcher(self._wake)
        self._folders: dict[bytes, Folder] = {}
        self._roots: dict[bytes, tuple[int, int] | None] = {}
        self._scan: Iterator[None] | None = None
        self._scan_no = 0
        self._scan_due = 0.0
        self._scanned_us: int | None = None
        self._scan_cost_s = 0.0
        self._once: list[Folder] = []
        self._subtrees: dict[bytes, float] = {}
        self._folders_due = self._poll_due = self._beat_due = self._tidy_due = 0.0
        self._beaten = (time.monotonic(), 0)
        self._trouble: str | None = None

    def run(self) -> None:
        """Work until `stop` is set, then store what was read.

        Raises:
            StoreError: the store cannot be used any more; a full disk and a locked store are waited out instead.
        """
        try:
            while not self._stop.is_set():
                try:
                    self._turn()
                    self._trouble = None
                except (StoreFullError, StoreBusyError) as error:
                    self._trouble = str(error)
                    self._stop.wait(_STORE_PAUSE_S)
            self.batcher.flush()
        finally:
            self._watcher.stop()
            self.batcher.close()

    def wake(self) -> None:
        """Look at once whether there is something to do, or to stop."""
        self._wake.set()

    def _turn(self) -> None:
        now = time.monotonic()
        if now >= self._folders_due:
            self._folders_due = now + _FOLDERS_EVERY_S
            self._refresh_folders()
        self._watcher.revive()
        self._follow_news(now)
        if now >= self._poll_due:
            self._poll_due = now + _POLL_EVERY_S
            self._poll(now)
        self._advance_scan(now)
        until = time.monotonic() + _SLICE_S
        while not self._intake.idle and time.monotonic() < until:
            self._intake.step()
        self._intake.take_quiet_ends()
        if self._intake.idle:
            self.batcher.flush()
            self._finish_once()
            self._tidy(now)
        if now >= self._beat_due:
            self._beat_due = now + _HEARTBEAT_EVERY_S
            self._beat(now)
        if self._intake.idle and self._scan is None:
            self._wake.wait(_POLL_EVERY_S)
            self._wake.clear()

    def _tidy(self, now: float) -> None:
        """Do a little of what appends have put off, a few milliseconds at a time, so that news never waits long."""
        if now >= self._tidy_due:
            more = self._store.tidy()
            self._tidy_due = now + (_TIDY_AGAIN_S if more else _TIDY_EVERY_S)

    def _refresh_folders(self) -> None:
        """Take up folders that were named since, and notice roots that are not what they were."""
        folders = [folder for folder in self._sources.folders() if folder.kind != "stream"]
        for folder in folders:
            if not folder.done and all(one.folder_no != folder.folder_no for one in self._once):
                self._once.append(folder)
                for _ in self._reader.show(folder):
                    pass
        watched = {folder.path: folder for folder in folders if folder.mode == "watch"}
        roots = {path: _identity(path) for path, folder in watched.items() if folder.kind == "folder"}
        if roots != self._roots:
            self._roots = roots
            self._watcher.watch([path for path, identity in roots.items() if identity is not None])
            self._scan_due = 0.0
        self._folders = watched

    def _finish_once(self) -> None:
        """Close what was to be read one time: everything in it is read, so unfinished ends are taken as they are."""
        once, self._once = self._once, []
        for folder in once:
            self._intake.take_quiet_ends(below=folder.path)
            self.batcher.flush()
            self._sources.finish_folder(folder.folder_no)

    def _follow_news(self, now: float) -> None:
        news = self._watcher.news()
        if news.scan:
            self._scan_due = min(self._scan_due, now + self._scan_cost_s * _SCAN_SHARE)
        for path in news.paths:
            facts = look_at(path)
            folder = self._folder_of(path)
            if folder is None:
                continue
            if facts is None:
                if os.path.isdir(path) and not os.path.islink(path):
                    self._subtrees[path] = now + _AGAIN_S
                    self._reader.show_below(folder, path)
            elif self._rules.reads(base_name(path)):
                self._intake.notice(path, folder.folder_no, facts)
        for path in [path for path, due in self._subtrees.items() if due <= now]:
            del self._subtrees[path]
            folder = self._folder_of(path)
            if folder is not None:
                self._reader.show_below(folder, path)

    def _folder_of(self, path: bytes) -> Folder | None:
        """Return the watched folder that holds a path, None where a part below it starts with a dot."""
        for root, folder in self._folders.items():
            inside = path[len(root.rstrip(b"/")) :]
            if path == root or (path.startswith(root.rstrip(b"/") + b"/") and b"/." not in inside):
                return folder
        return None

    def _poll(self, now: float) -> None:
        """Look at the files that have just been active, and at files that were named themselves."""
        active = self._intake.active
        for tracked in [one for one, last in active.items() if now - last > _ACTIVE_S or one.gone]:
            del active[tracked]
        for tracked in sorted(active, key=lambda one: -active[one])[:_MOST_POLLED]:
            facts = look_at(tracked.path)
            if facts is not None:
                self._intake.notice(tracked.path, tracked.folder_no, facts)
        for folder in self._folders.values():
            if folder.kind == "file":
                for _ in self._reader.show(folder):
                    pass

    def _advance_scan(self, now: float) -> None:
        if self._scan is None:
            if now < self._scan_due:
                return
            self._scan_no += 1
            self._scan = self._full_scan()
            self._scan_cost_s = 0.0
        started = time.monotonic()
        for _ in self._scan:
            if time.monotonic() - started > _SLICE_S:
                break
        else:
            self._scan = None
            self._scanned_us = now_us()
            degraded = self._watcher.degraded
            usual = self._settings.degraded_scan_interval_s if degraded else self._settings.scan_interval_s
            self._scan_due = now + max(usual, _SCAN_SHARE * self._scan_cost_s)
        self._scan_cost_s += time.monotonic() - started

    def _full_scan(self) -> Iterator[None]:
        scan_no = self._scan_no
        listed: set[int] = set()
        for folder in list(self._folders.values()):
            complete = True
            for complete in self._reader.show(folder, scan_no):  # noqa: B007 (the last answer is what counts)
                yield
            if complete and folder.kind == "folder":
                listed.add(folder.folder_no)
        self._intake.lose_unseen(scan_no, listed)

    def _beat(self, now: float) -> None:
        last, events = self._beaten
        tally = self.batcher.tally
        rate = (tally.events - events) / max(now - last, 0.001)
        self._beaten = (now, tally.events)
        self._lease.heartbeat(
            ScannerStats(
                watcher=self._watcher.name,
                watcher_reason=self._trouble or self._watcher.reason,
                events_per_second=rate,
                lag_ms=tally.lag_ms,
                files_pending=self._intake.files_pending,
                pending_bytes=self._intake.pending_bytes(),
                last_scan_us=self._scanned_us,
            ),
        )
        if not rate:
            gc.collect(1)


def _identity(path: bytes) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
