"""Reading paths into the store from the command line: progress, and what to say at the end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cli.detecting import detection_of
from cli.narration import narrate
from cli.places import require_paths
from cli.progress import Progress
from cli.wording import counted
from ingest import service
from store.pricing.choosing import pricer_of

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import FrameType

    from config.loading import Loaded
    from ingest.summary import OnProgress, Summary


def read_paths(store: Path, paths: Sequence[str], loaded: Loaded) -> list[Summary]:
    """Read every path to its end, standard input last; return what each part did.

    Raises:
        StoreError: the store cannot be used; what was stored before stays.
    """
    summaries: list[Summary] = []
    settings, detection = loaded.settings, detection_of(loaded)
    pricer = pricer_of(settings)
    named = [os.fsencode(path) for path in paths if path != "-"]
    with Progress() as progress:
        show = _shown_on(progress)
        if named:
            done = service.ingest_once(store, named, settings.ingest, show, pricer=pricer, detection=detection)
            summaries.append(done)
        if "-" in paths:
            if sys.stdin.isatty():
                narrate("reading events from the terminal, Ctrl-D ends")
            stream = sys.stdin.fileno()
            done = service.ingest_stream(store, stream, settings.ingest, show, pricer=pricer, detection=detection)
            summaries.append(done)
    return summaries


def follow_paths(store: Path, paths: Sequence[str], loaded: Loaded) -> list[Summary]:
    """Watch the paths until Ctrl-C or SIGTERM; return what was read until then.

    Raises:
        UsageProblem: a path does not exist.
        StoreError: the store cannot be used any more.
    """
    require_paths(paths)
    settings, detection = loaded.settings, detection_of(loaded)
    named = [os.fsencode(path) for path in paths]
    with Progress() as progress, _until_told() as stop:
        narrate(f"following {counted(len(paths), 'path')}, Ctrl-C ends")
        show, pricer = _shown_on(progress), pricer_of(settings)
        return [service.follow(store, named, settings.ingest, show, stop, pricer=pricer, detection=detection)]


def report(summaries: Sequence[Summary]) -> bool:
    """Say what was done, one line for each thing that needs attention; return whether anything does."""
    for problem in [problem for summary in summaries for problem in summary.problems]:
        narrate(f"auditail: {problem}")
    for summary in summaries:
        narrate(_line(summary))
    quarantined = sum(summary.quarantined for summary in summaries)
    if quarantined:
        narrate(f"{quarantined:,} in quarantine: `auditail quarantine list` says why")
    return quarantined > 0 or any(summary.unreadable for summary in summaries)


def _shown_on(progress: Progress) -> OnProgress:
    return lambda so_far: progress.show(_line(so_far))


def _line(summary: Summary) -> str:
    rate = summary.events / summary.seconds if summary.seconds > 0 else 0.0
    parts = [
        counted(summary.files, "file"),
        counted(summary.events, "event"),
        counted(summary.duplicates, "duplicate"),
        f"{summary.quarantined:,} quarantined",
        f"{summary.redacted:,} redacted",
        f"{rate:,.0f} events/s",
    ]
    if summary.unreadable:
        parts.insert(1, f"{summary.unreadable:,} unreadable")
    if summary.unfinished:
        parts.append(f"{summary.unfinished:,} with an unfinished last record")
    return ", ".join(parts)


@contextmanager
def _until_told() -> Generator[threading.Event]:
    """Give an event that Ctrl-C and SIGTERM set, so that what was read is stored before the end."""
    stop = threading.Event()

    def heard(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, heard) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
