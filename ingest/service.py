"""What the command line asks of ingest: read paths once, read standard input, or keep following."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from config.settings import IngestSettings
from ingest.containers.stream import read_stream
from ingest.fingerprint import new_lineage
from ingest.formats.protocol import FileContext
from ingest.pipeline import RecordPipeline
from ingest.retry import Retrier
from ingest.scan.batcher import LONGEST_S, Batcher
from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from ingest.scan.loop import Scanner
from ingest.scan.names import NameRules
from ingest.scan.tail import owner_name
from ingest.tools import record_tools
from ingest.writer.client import WriterLostError
from store.clock import now_us
from store.errors import StoreError
from store.lease import LeaseHeldError, ScannerLease
from store.sources import Folder, FolderTotals
from store.store import Store

STREAM_PATH: Final = b"-"
"""The path under which standard input stands in the store."""

_WATCH_HANDED_S: Final = 0.2
_LOOK_FOR_DAMAGE_S: Final = 0.2
"""Before the first word is written; whoever takes the lease looks for longer."""
_PROGRESS_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Summary:
    """What an ingest did, or has done so far."""

    files: int = 0
    events: int = 0
    duplicates: int = 0
    quarantined: int = 0
    redacted: int = 0
    unreadable: int = 0
    """Paths that could not be read."""
    seconds: float = 0.0
    unfinished: int = 0
    """Files whose last record is not complete yet; it is read when the rest has come."""
    problems: tuple[str, ...] = ()
    """One line for each unreadable path (at most 100)."""


OnProgress = Callable[[Summary], None]


def ingest_once(
    store_path: Path, paths: Sequence[bytes], settings: IngestSettings, on_progress: OnProgress | None = None
) -> Summary:
    """Read files and folders into the store and return when everything in them is stored.

    Where a scanner feeds the store already, it is asked to read the paths, and its progress is shown.

    Raises:
        StoreError: the store cannot be used; what was stored before stays.
    """
    started = time.monotonic()
    with Store.open(store_path) as store:
        store.require_sound(_LOOK_FOR_DAMAGE_S)
        before = _totals_at(store, paths)
        folders = [_name_folder(store, path) for path in paths]
        lease = ScannerLease(store, "ingest")
        try:
            lease.acquire()
        except LeaseHeldError:
            handed = _await_scanner(store, lease, folders, before, started=started, on_progress=on_progress)
            if handed is not None:
                return handed
        try:
            with _reading():
                return _OneShot(store, settings, lease, started, on_progress).run(folders)
        finally:
            lease.release()


def ingest_stream(
    store_path: Path, descriptor: int, settings: IngestSettings, on_progress: OnProgress | None = None
) -> Summary:
    """Read a stream (standard input) to its end; each run is a source of its own.

    Raises:
        StoreError: the store cannot be used.
        OSError: the stream cannot be read.
    """
    started = time.monotonic()
    with Store.open(store_path) as store, _reading():
        folder = store.sources.add_folder(STREAM_PATH, "stream", "once")
        lineage = new_lineage()
        source_no = store.sources.add_many([(folder.folder_no, STREAM_PATH, lineage)])[0]
        context = FileContext("-", now_us(), settings.user or owner_name(os.getuid()))
        pipeline = RecordPipeline(source_no, lineage, context, record_tools(settings))
        reporter = _Reporter(started, on_progress)
        batcher = Batcher(store)
        line = 0
        for part in read_stream(descriptor, LONGEST_S):
            if part.broken is not None:
                pipeline.reject(part.broken, part.body or b"", 0, None)
            elif part.body is not None:
                line += pipeline.add_lines(part.body, part.offset, line)
            elif part.long_line is not None:
                line += 1
                pipeline.add_long_line(part.long_line, line)
            elif part.elements:
                pipeline.begin(0, whole_document=True)
                pipeline.add_elements(part.elements, skip=Counter())
            batcher.add([batch for batch in pipeline.take() if batch.events or batch.rejected or batch.uncounted])
            batcher.flush_if_due()
            reporter.report(batcher, files=1)
        batcher.flush()
        store.sources.finish_folder(folder.folder_no)
        return reporter.summary(batcher, files=1)


def follow(
    store_path: Path,
    paths: Sequence[bytes],
    settings: IngestSettings,
    on_progress: OnProgress | None,
    stop: threading.Event,
) -> Summary:
    """Watch paths until `stop` is set: in this process, or by the scanner that feeds the store already.

    Raises:
        StoreError: the store cannot be used any more.
    """
    started = time.monotonic()
    with Store.open(store_path) as store:
        before = _totals_at(store, paths)
        folders = [_name_folder(store, path, "watch") for path in paths]
        lease = ScannerLease(store, "ingest")
        while not stop.is_set():
            try:
                lease.acquire()
                break
            except LeaseHeldError:
                _tell(on_progress, _since(store, folders, before, started))
                stop.wait(1.0)
        if lease.held:
            try:
                with _reading():
                    _scan_here(Scanner(store, settings, lease, stop), stop, on_progress, started)
            finally:
                lease.release()
        return _since(store, folders, before, started)


class _OneShot:
    """Reads named paths to their end, in this process."""

    def __init__(
        self,
        store: Store,
        settings: IngestSettings,
        lease: ScannerLease,
        started: float,
        on_progress: OnProgress | None,
    ) -> None:
        rules = NameRules(settings.include, settings.exclude)
        self._sources = store.sources
        self._batcher = Batcher(store, lease=lease)
        tools = record_tools(settings)
        self._intake = Intake(store, tools, rules, self._batcher, take_turns=False)
        self._retrier = Retrier(store, tools, self._intake, self._batcher, patience_s=0.0)
        self._folders = FolderReader(self._intake, rules, store.sources)
        self._reporter = _Reporter(started, on_progress)

    def run(self, folders: Sequence[Folder]) -> Summary:
        """Read the folders to their end and return what that gave."""
        try:
            self._read_all(folders)
        finally:
            self._batcher.close()
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


class _Reporter:
    """Tells how far an ingest has come, at most ten times a second."""

    def __init__(self, started: float, on_progress: OnProgress | None) -> None:
        self._started = started
        self._on_progress = on_progress
        self._due = 0.0

    def report(self, batcher: Batcher, *, files: int) -> None:
        now = time.monotonic()
        if self._on_progress is not None and now >= self._due:
            self._due = now + _PROGRESS_EVERY_S
            self._on_progress(self.summary(batcher, files=files))

    def summary(
        self,
        batcher: Batcher,
        *,
        files: int,
        unreadable: int = 0,
        unfinished: int = 0,
        problems: tuple[str, ...] = (),
    ) -> Summary:
        tally = batcher.tally
        return Summary(
            files=files,
            events=tally.events,
            duplicates=tally.duplicates,
            quarantined=tally.quarantined,
            redacted=tally.redacted,
            unreadable=unreadable,
            seconds=time.monotonic() - self._started,
            unfinished=unfinished,
            problems=problems,
        )


_MOST_PENDING: Final = 20_000
_MOST_PROBLEMS: Final = 100


@contextmanager
def _reading() -> Generator[None]:
    """Spare the cyclic garbage collector while events stream through: they form no cycles.

    Raises:
        StoreError: the writing process was lost.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    except WriterLostError as error:
        raise StoreError(str(error)) from error
    finally:
        if enabled:
            gc.enable()


def _name_folder(store: Store, path: bytes, mode: Literal["watch", "once"] = "once") -> Folder:
    """Register a path under its real name: a link that is named is followed, links inside folders are not."""
    real = os.path.realpath(path)
    return store.sources.add_folder(real, "folder" if Path(os.fsdecode(real)).is_dir() else "file", mode)


def _totals_at(store: Store, paths: Sequence[bytes]) -> list[FolderTotals]:
    """Return what the paths have given so far. Ask before they are named: a running scanner reads them at once."""
    known = {folder.path: folder.folder_no for folder in store.sources.folders()}
    never_named = 0
    return [store.sources.totals(known.get(os.path.realpath(path), never_named)) for path in paths]


def _await_scanner(
    store: Store,
    lease: ScannerLease,
    folders: Sequence[Folder],
    before: Sequence[FolderTotals],
    *,
    started: float,
    on_progress: OnProgress | None,
) -> Summary | None:
    """Wait until the running scanner has read the folders; None: it ended before, and `lease` is held now."""
    numbers = {folder.folder_no for folder in folders}
    while any(folder.folder_no in numbers and not folder.done for folder in store.sources.folders()):
        _tell(on_progress, _since(store, folders, before, started))
        time.sleep(_WATCH_HANDED_S)
        with suppress(LeaseHeldError):
            lease.acquire()
            return None
    return _since(store, folders, before, started)


def _since(store: Store, folders: Sequence[Folder], before: Sequence[FolderTotals], started: float) -> Summary:
    now = [store.sources.totals(folder.folder_no) for folder in folders]
    pairs = list(zip(now, before, strict=True))
    return Summary(
        files=sum(new.files for new in now),
        events=sum(new.events - old.events for new, old in pairs),
        duplicates=sum(new.duplicates - old.duplicates for new, old in pairs),
        quarantined=sum(new.quarantined - old.quarantined for new, old in pairs),
        redacted=sum(new.redacted - old.redacted for new, old in pairs),
        unreadable=sum(new.unreadable for new in now),
        seconds=time.monotonic() - started,
    )


def _scan_here(scanner: Scanner, stop: threading.Event, on_progress: OnProgress | None, started: float) -> None:
    reporter = _Reporter(started, on_progress)
    ended = threading.Event()

    def tell() -> None:
        while not ended.wait(_PROGRESS_EVERY_S):
            reporter.report(scanner.batcher, files=0)
            if stop.is_set():
                scanner.wake()

    teller = threading.Thread(target=tell, name="ingest-progress", daemon=True)
    teller.start()
    try:
        scanner.run()
    finally:
        ended.set()
        teller.join()


def _tell(on_progress: OnProgress | None, summary: Summary) -> None:
    if on_progress is not None:
        on_progress(summary)
