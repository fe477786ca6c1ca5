"""Reads named paths to their end in this process: every file that is there, unfinished ends as they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from config.settings import IngestSettings
from ingest.detecting import catch_up
from ingest.retry import Retrier
from ingest.scan.batcher import Batcher
from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.summary import OnProgress, Reporter, Summary
from ingest.tools import record_tools
from store.lease import ScannerLease
from store.sources import Folder
from store.store import Store

_MOST_PENDING: Final = 20_000
_MOST_PROBLEMS: Final = 100


class OneShot:
    """Reads named paths to their end, in this process."""

    def __init__(
        self,
        store: Store,
        settings: IngestSettings,
        lease: ScannerLease,
        started: float,
        on_progress: OnProgress | None,
    ) -> None:
        """Prepare; the caller holds the lease. `started` is monotonic, in seconds."""
        rules = NameRules(settings.include, settings.exclude)
        self._store = store
        self._sources = store.sources
        self._batcher = Batcher(store, lease=lease)
        tools = record_tools(settings)
        self._intake = Intake(store, tools, rules, self._batcher, take_turns=False)
        self._retrier = Retrier(store, tools, self._intake, self._batcher, patience_s=0.0)
        self._folders = FolderReader(self._intake, rules, store.sources)
        self._reporter = Reporter(started, on_progress)

    def run(self, folders: Sequence[Folder]) -> Summary:
        """Read the folders to their end and return what that gave.

        Raises:
            StoreError: the store cannot be used; what was stored before stays.
        """
        try:
            self._read_all(folders)
        finally:
            self._batcher.close()
        catch_up(self._store)
        reasons = {**self._folders.reasons, **self._intake.unreadable}
        problems = tuple(f"{os.fsdecode(path)}: {reason}" for path, reason in sorted(reasons.items()))
        return self._reporter.summary(
            self._batcher,
            files=self._read_files(),
            unreadable=len(problems),
            unfinished=len(self._intake.unfinished),
            problems=problems[:_MOST_PROBLEMS],
        )

    def _read_all(self, folders: Sequence[Folder]) -> None:
        for folder in folders:
            for _ in self._folders.show(folder):
                if self._intake.files_pending > _MOST_PENDING:
                    self._work()
        self._work()
        for folder in folders:
            self._intake.take_quiet_ends(below=folder.path)
        self._work()
        self._batcher.flush()
        while self._retrier.step():
            self._work()
            self._batcher.flush()
        for folder in folders:
            self._sources.finish_folder(folder.folder_no)

    def _work(self) -> None:
        while not self._intake.idle:
            self._intake.step()
            self._reporter.report(self._batcher, files=self._read_files())

    def _read_files(self) -> int:
        return max(0, self._folders.seen - self._intake.files_pending)
