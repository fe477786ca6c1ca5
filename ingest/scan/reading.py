"""One go at reading: from what the store says until told to stop, or until the store cannot be written."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Final

from config.settings import IngestSettings
from ingest.gaps.watch import GapWatch
from ingest.retry import Retrier
from ingest.scan.batcher import Batcher, Tally
from ingest.scan.folders import FolderReader
from ingest.scan.full_scans import SLICE_S, FullScans
from ingest.scan.hints import Hints
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.scan.pulse import Pulse
from ingest.scan.watchers import Identity, Watchers
from ingest.tools import record_tools
from store.lease import ScannerLease
from store.sources import Folder
from store.store import Store

_FOLDERS_EVERY_S: Final = 1.0
_POLL_EVERY_S: Final = 0.05
_HEARTBEAT_EVERY_S: Final = 1.0
_RETRY_EVERY_S: Final = 0.5
_OBSERVE_EVERY_S: Final = 1.0
_TIDY_EVERY_S: Final = 5.0
_TIDY_AGAIN_S: Final = 0.1


class Reading:
    """Reads what the store's folders hold and get. After a `StoreError` it is of no use any more: begin another one.

    What was read and not committed is in nobody's way: the store says how far each source is read, as after a kill.
    """

    def __init__(
        self,
        store: Store,
        settings: IngestSettings,
        lease: ScannerLease,
        *,
        stop: threading.Event,
        wake: threading.Event,
        pulse: Pulse,
        gaps: GapWatch,
        tally: Tally,
    ) -> None:
        """Load what the store knows.

        Raises:
            StoreError: the store cannot be read.
        """
        self._stop = stop
        self._wake = wake
        self._store = store
        self._pulse = pulse
        self._gaps = gaps
        rules = NameRules(settings.include, settings.exclude)
        self.batcher = Batcher(store, self._committed, lease, tally)
        tools = record_tools(settings)
        self._intake = Intake(store, tools, rules, self.batcher, after=settings.after)
        self._retrier = Retrier(store, tools, self._intake, self.batcher)
        self._reader = FolderReader(self._intake, rules, store.sources)
        self._watchers = Watchers(wake)
        self._scans = FullScans(self._reader, self._intake, settings, store.clock)
        self._hints = Hints(self._reader, self._intake, rules)
        self._folders: dict[bytes, Folder] = {}
        self._roots: dict[bytes, Identity] | None = None
        self._once: list[Folder] = []
        self._shown: deque[Iterator[bool]] = deque()
        self._folders_due = self._poll_due = self._beat_due = self._tidy_due = self._retry_due = 0.0
        self._observe_due = 0.0
        gaps.attach(self._intake, self.batcher)

    def run(self) -> None:
        """Work until `stop` is set, then store what was read.

        Raises:
            StoreError: the store could not take it; nothing that it has is wrong.
        """
        while not self._stop.is_set():
            self._turn()
        self.batcher.flush()

    def close(self) -> None:
        """End the watchers and the second process, which first carries out the append that it has, if any."""
        self._watchers.stop()
        self.batcher.close()

    def _committed(self, _tally: Tally) -> None:
        self._pulse.trouble = None

    def _turn(self) -> None:
        now = time.monotonic()
        if self._gaps.at_turn():
            self._scans.ask_at_once()
        if now >= self._folders_due:
            self._folders_due = now + _FOLDERS_EVERY_S
            self._refresh_folders()
        self._look_around(now)
        self._observe(now)
        self._read_a_slice()
        if self._intake.idle and not self._shown:
            self.batcher.flush()
            self._finish_once()
            self._retry(now)
            self._tidy(now)
        if now >= self._beat_due:
            self._beat_due = now + _HEARTBEAT_EVERY_S
            self._beat()
        if self._intake.idle and not self._scans.under_way and not self._shown:
            self._wake.wait(_POLL_EVERY_S)
            self._wake.clear()

    def _look_around(self, now: float) -> None:
        """Find out what there is to read: from the watchers, among what was active, and in the full scan."""
        self._watchers.revive()
        news = self._watchers.news()
        if news.scan:
            self._scans.ask(now)
        self._hints.follow(news.paths, self._folders, now)
        self._show_some()
        if self._reader.cut_short:
            self._reader.cut_short = False
            self._scans.ask(now)
        if now >= self._poll_due:
            self._poll_due = now + _POLL_EVERY_S
            self._hints.poll(self._folders, now)
        completed = self._scans.completed
        self._scans.advance(now, self._folders.values(), degraded=bool(self._watchers.polled))
        if self._scans.completed > completed:
            self._gaps.at_scan_end(self._scans.missed)

    def _show_some(self) -> None:
        """Have the files looked at of folders that were just named, as long as not plenty is at hand."""
        until = time.monotonic() + SLICE_S
        while self._shown and not self._intake.has_plenty and time.monotonic() < until:
            if next(self._shown[0], None) is None:
                self._shown.popleft()

    def _read_a_slice(self) -> None:
        until = time.monotonic() + SLICE_S
        while not self._intake.idle and time.monotonic() < until:
            self._intake.step()
        self._intake.take_quiet_ends()

    def _observe(self, now: float) -> None:
        """Have rules look at what others have stored, and at the clock. A second process does so with each append.

        Two that took turns would each have to read anew what the other has kept.
        """
        if now >= self._observe_due and not self.batcher.second_process_works:
            self._observe_due = now + (0.0 if self._store.observe_now() else _OBSERVE_EVERY_S)

    def _retry(self, now: float) -> None:
        """Read records in quarantine again that somebody has asked for."""
        if now >= self._retry_due:
            self._retry_due = now + (0.0 if self._retrier.step() else _RETRY_EVERY_S)

    def _tidy(self, now: float) -> None:
        """Do a little of what appends have put off, a few milliseconds at a time, so that news never waits long."""
        if now >= self._tidy_due:
            more = self._store.tidy()
            self._tidy_due = now + (_TIDY_AGAIN_S if more else _TIDY_EVERY_S)

    def _refresh_folders(self) -> None:
        """Take up folders that were named since, and notice roots that are not what they were."""
        folders = [folder for folder in self._store.sources.folders() if folder.kind != "stream"]
        for folder in folders:
            if not folder.done and all(one.folder_no != folder.folder_no for one in self._once):
                self._once.append(folder)
                self._shown.append(self._reader.show(folder))
        watched = {folder.path: folder for folder in folders if folder.mode == "watch"}
        found = {path: _identity(path) for path, folder in watched.items() if folder.kind == "folder"}
        roots = {path: identity for path, identity in found.items() if identity is not None}
        if roots != self._roots or watched.keys() != self._folders.keys():
            self._roots = roots
            self._watchers.watch(roots)
            self._scans.ask_at_once()
        self._folders = watched

    def _finish_once(self) -> None:
        """Close what was to be read one time: everything in it is read, so unfinished ends are taken as they are."""
        once, self._once = self._once, []
        for folder in once:
            self._intake.take_quiet_ends(below=folder.path)
            self.batcher.flush()
            self._store.sources.finish_folder(folder.folder_no)

    def _beat(self) -> None:
        if self._intake.idle and not self.batcher.pending and self._scans.completed:
            self._pulse.trouble = None
        folders = list(self._folders.values())
        caught_up = self._scans.completed > 0 and self._intake.idle and not self.batcher.pending
        self._gaps.at_beat(folders, self._reader.states, self._intake.unreadable, caught_up=caught_up)
        self._pulse.beat(self._watchers, self._scans, self._intake, self.batcher, folders)


def _identity(path: bytes) -> Identity | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino)
