"""Reading paths into the store from the command line: progress, and what to say at the end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cli.narration import narrate
from cli.places import require_paths
from cli.progress import Progress
from cli.wording import counted
from ingest import service

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from types import FrameType

    from config.settings import IngestSettings
    from ingest.summary import Summary


def read_paths(store: Path, paths: Sequence[str], settings: IngestSettings) -> list[Summary]:
    """Read every path to its end, standard input last; return what each part did.

    Raises:
        StoreError: the store cannot be used; what was stored before stays.
    """
    summaries: list[Summary] = []
    named = [os.fsencode(path) for path in paths if path != "-"]
    with Progress() as progress:
        if named:
            summaries.append(service.ingest_once(store, named, settings, lambda so_far: _show(progress, so_far)))
        if "-" in paths:
            if sys.stdin.isatty():
                narrate("reading events from the terminal, Ctrl-D ends")
            summaries.append(
                service.ingest_stream(store, sys.stdin.fileno(), settings, lambda so_far: _show(progress, so_far))
            )
    return summaries


def follow_paths(store: Path, paths: Sequence[str], settings: IngestSettings) -> list[Summary]:
    """Watch the paths until Ctrl-C or SIGTERM; return what was read until then.

    Raises:
        UsageProblem: a path does not exist.
        StoreError: the store cannot be used any more.
    """
    require_paths(paths)
    named = [os.fsencode(path) for path in paths]
    with Progress() as progress, _until_told() as stop:
        narrate(f"following {counted(len(paths), 'path')}, Ctrl-C ends")
        return [service.follow(store, named, settings, lambda so_far: _show(progress, so_far), stop)]


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


def _show(progress: Progress, summary: Summary) -> None:
    progress.show(_line(summary))


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
