"""What the command line asks of ingest: read paths once, read standard input, or keep following.

A `pricer` says what tokens cost whose producer did not; None: the public prices. `detection` says which rules look at
what is stored, and who is told of alerts; None: the shipped rules, and nobody.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from config.alerts import DetectionSettings
from config.settings import IngestSettings
from ingest.containers.stream import read_stream
from ingest.detecting import catch_up, look_for_alerts
from ingest.fingerprint import new_lineage
from ingest.formats.protocol import FileContext
from ingest.handed_over import await_scanner, name_folder, since, tell, totals_at
from ingest.one_shot import OneShot
from ingest.pipeline import RecordPipeline
from ingest.scan.batcher import LONGEST_S, Batcher
from ingest.scan.loop import Scanner
from ingest.scan.tail import owner_name
from ingest.summary import PROGRESS_EVERY_S, OnProgress, Reporter, Summary
from ingest.tallies import KnownRecords
from ingest.telling import READ_ONCE_S, telling
from ingest.tools import record_tools
from ingest.writer.client import WriterLostError
from store.clock import now_us
from store.errors import StoreError
from store.lease import LeaseHeldError, ScannerLease
from store.pricing.pricer import Pricer
from store.store import Store

STREAM_PATH: Final = b"-"
"""The path under which standard input stands in the store."""

_LOOK_FOR_DAMAGE_S: Final = 0.2
"""Before the first word is written; whoever takes the lease looks for longer."""


def ingest_once(
    store_path: Path,
    paths: Sequence[bytes],
    settings: IngestSettings,
    on_progress: OnProgress | None = None,
    *,
    pricer: Pricer | None = None,
    detection: DetectionSettings | None = None,
) -> Summary:
    """Read files and folders into the store and return when everything in them is stored.

    Where a scanner feeds the store already, it is asked to read the paths, and its progress is shown.

    Raises:
        StoreError: the store cannot be used; what was stored before stays.
    """
    started = time.monotonic()
    with Store.open(store_path, pricer=pricer) as store:
        store.require_sound(_LOOK_FOR_DAMAGE_S)
        before = totals_at(store, paths)
        folders = [name_folder(store, path) for path in paths]
        lease = ScannerLease(store, "ingest")
        try:
            lease.acquire()
        except LeaseHeldError:
            handed = await_scanner(store, lease, folders, before, started=started, on_progress=on_progress)
            if handed is not None:
                return handed
        look_for_alerts(store, detection)
        try:
            with _reading(), telling(store, detection, READ_ONCE_S):
                return OneShot(store, settings, lease, started, on_progress).run(folders)
        finally:
            lease.release()


def ingest_stream(
    store_path: Path,
    descriptor: int,
    settings: IngestSettings,
    on_progress: OnProgress | None = None,
    *,
    pricer: Pricer | None = None,
    detection: DetectionSettings | None = None,
) -> Summary:
    """Read a stream (standard input) to its end; each run is a source of its own.

    Raises:
        StoreError: the store cannot be used.
        OSError: the stream cannot be read.
    """
    started = time.monotonic()
    with Store.open(store_path, pricer=pricer) as store, _reading():
        folder = store.sources.add_folder(STREAM_PATH, "stream", "once")
        lineage = new_lineage()
        source_no = store.sources.add_many([(folder.folder_no, STREAM_PATH, lineage)])[0]
        context = FileContext("-", now_us(), settings.user or owner_name(os.getuid()))
        pipeline = RecordPipeline(source_no, lineage, context, record_tools(settings))
        reporter = Reporter(started, on_progress)
        batcher = Batcher(store)
        line, in_document = 0, False
        for part in read_stream(descriptor, LONGEST_S):
            if part.broken is not None:
                pipeline.reject(part.broken, part.body or b"", 0, None, size=part.size)
            elif part.body is not None:
                line += pipeline.add_lines(part.body, part.offset, line)
            elif part.long_line is not None:
                line += 1
                pipeline.add_long_line(part.long_line, line)
            elif part.elements:
                if not in_document:
                    in_document = True
                    pipeline.begin(0, whole_document=True)
                pipeline.add_elements(part.elements, KnownRecords())
            batcher.add([batch for batch in pipeline.take() if batch.events or batch.rejected or batch.uncounted])
            batcher.flush_if_due()
            reporter.report(batcher, files=1)
        batcher.flush()
        store.sources.finish_folder(folder.folder_no)
        _look_at_stream(store, detection)
        return reporter.summary(batcher, files=1)


def follow(
    store_path: Path,
    paths: Sequence[bytes],
    settings: IngestSettings,
    on_progress: OnProgress | None,
    stop: threading.Event,
    *,
    pricer: Pricer | None = None,
    detection: DetectionSettings | None = None,
) -> Summary:
    """Watch paths until `stop` is set: in this process, or by the scanner that feeds the store already.

    Raises:
        StoreError: the store cannot be used any more.
    """
    started = time.monotonic()
    with Store.open(store_path, pricer=pricer) as store:
        before = totals_at(store, paths)
        folders = [name_folder(store, path, "watch") for path in paths]
        lease = ScannerLease(store, "ingest")
        while not stop.is_set():
            try:
                lease.acquire()
                break
            except LeaseHeldError:
                tell(on_progress, since(store, folders, before, started))
                stop.wait(1.0)
        if lease.held:
            look_for_alerts(store, detection)
            try:
                with _reading(), telling(store, detection):
                    _scan_here(Scanner(store, settings, lease, stop), stop, on_progress, started)
            finally:
                lease.release()
        return since(store, folders, before, started)


def _look_at_stream(store: Store, detection: DetectionSettings | None) -> None:
    """Have rules look at what was stored without a lease. A scanner that has it does so itself, within a second."""
    lease = ScannerLease(store, "ingest")
    with suppress(LeaseHeldError):
        lease.acquire()
        try:
            look_for_alerts(store, detection)
            with telling(store, detection, READ_ONCE_S):
                catch_up(store)
        finally:
            lease.release()


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
            gc.freeze()  # what is remembered now is no garbage either, and there is much of it
            gc.enable()


def _scan_here(scanner: Scanner, stop: threading.Event, on_progress: OnProgress | None, started: float) -> None:
    reporter = Reporter(started, on_progress)
    ended = threading.Event()

    def tell_on() -> None:
        while not ended.wait(PROGRESS_EVERY_S):
            reporter.report(scanner.batcher, files=0)
            if stop.is_set():
                scanner.wake()

    teller = threading.Thread(target=tell_on, name="ingest-progress", daemon=True)
    teller.start()
    try:
        scanner.run()
    finally:
        ended.set()
        teller.join()
