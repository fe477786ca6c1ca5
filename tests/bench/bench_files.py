"""How the scanner bears many small files: all at once, written behind its back, and a million old ones lying there.

While they are read, a dashboard on the same store answers keys.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.bench.feeding import Feeding
from tests.bench.figures import percentile, print_table
from tests.bench.pressing import pressing

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.bench.place import Place
    from tests.bench.pressing import Pressed

IDLE_S: Final = 60.0
RATE: Final = 1_000
ARRIVE_S: Final = 90
_PART: Final = 50_000
_FIRST: Final = 50
"""Files that are there before the dashboard opens, so that it has rows to move in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many files there shall be in each trial; `kept` is where the old ones are, or are to be made, and stay."""

    at_once: int = 100_000
    stopped: int = 30_000
    old: int = 1_000_000
    kept: Path | None = None


def dropping(place: Place, folder: Path, count: int, rate: int | None = None) -> subprocess.Popen[bytes]:
    """Start a platform that drops files into the folder."""
    command = [sys.executable, "-m", "tests.bench.drops", str(folder), str(count), *([str(rate)] if rate else [])]
    return subprocess.Popen(command, env=place.environment, cwd=place.folder)


def at_once(place: Place, count: int) -> list[str]:
    """Let a folder full of files appear before a running scanner."""
    draft, folder = place.folder / "draft", place.folder / "at-once"
    for made in (draft, folder):
        made.mkdir()
    dropping(place, draft, count).wait()
    store = place.folder / "at-once.db"
    with _fed(place, store, folder) as feeding:
        with pressing(place, store) as pressed:
            before = feeding.cpu_s()
            draft.rename(folder / "all")
            seconds = feeding.await_events(_FIRST + count)
            cpu = feeding.cpu_s() - before
        idle = feeding.cpu_share(IDLE_S)
    note = f"{cpu / count * 1e6:,.0f} us of CPU a file"
    return _row(f"{count:,} files at once", seconds, feeding, pressed, idle=idle, note=note)


def behind_its_back(place: Place, count: int) -> list[str]:
    """Write files while the scanner is stopped: more than the system's queue of changes holds."""
    folder = place.folder / "stopped"
    folder.mkdir()
    store = place.folder / "stopped.db"
    with _fed(place, store, folder) as feeding, pressing(place, store) as pressed:
        feeding.process.send_signal(signal.SIGSTOP)
        dropping(place, folder, count).wait()
        feeding.process.send_signal(signal.SIGCONT)
        seconds = feeding.await_events(_FIRST + count)
    return _row(f"{count:,} files while it was stopped", seconds, feeding, pressed)


def old_ones(place: Place, wanted: Wanted) -> list[str]:
    """Let events arrive as files where a million settled ones lie."""
    kept = wanted.kept or place.folder / "kept"
    folder, store = kept / "old", kept / "old.db"
    folder.mkdir(parents=True, exist_ok=True)
    with os.scandir(folder) as entries:
        there = sum(1 for _ in entries)
    for number in range(there, wanted.old, _PART):
        print(f"files: writing old ones, {number:,} of {wanted.old:,}", file=sys.stderr)
        dropping(place, folder, min(_PART, wanted.old - number)).wait()
    with Feeding(place, store, folder) as feeding:
        print("files: reading the old ones", file=sys.stderr)
        feeding.await_events(max(there, wanted.old))
    with Feeding(place, store, folder) as feeding:
        begin = time.monotonic()
        feeding.await_scan()
        first_scan_s = time.monotonic() - begin
        idle = feeding.cpu_share(IDLE_S)
        before, count = feeding.stored(), RATE * ARRIVE_S
        with pressing(place, store) as pressed:
            platform = dropping(place, folder, count, RATE)
            busy = feeding.cpu_share(ARRIVE_S)
            platform.wait()
            seconds = feeding.await_events(before + count)
    note = f"two scans {first_scan_s:.0f} s; {busy:.0%} of a core while they arrive"
    what = f"{RATE:,} files/s for {ARRIVE_S} s among {wanted.old:,} old ones"
    return _row(what, seconds, feeding, pressed, idle=idle, note=note)


def bench(place: Place, wanted: Wanted) -> None:
    """Print what each trial took."""
    rows: list[list[str]] = []
    if wanted.at_once:
        print("files: all at once", file=sys.stderr)
        rows.append(at_once(place, wanted.at_once))
    if wanted.stopped:
        print("files: behind its back", file=sys.stderr)
        rows.append(behind_its_back(place, wanted.stopped))
    if wanted.old:
        rows.append(old_ones(place, wanted))
    header = ["", "all stored after (s)", "keys p95 (ms)", "peak MiB, scanner + writer", "idle, of a core", ""]
    print_table("Small files, one event each; keys wanted within 50 ms", header, rows)


@contextmanager
def _fed(place: Place, store: Path, folder: Path) -> Generator[Feeding]:
    """Let a scanner feed a new store from the folder; the first few files are in."""
    dropping(place, folder, _FIRST).wait()
    with Feeding(place, store, folder) as feeding:
        feeding.await_events(_FIRST)
        feeding.await_scan()
        yield feeding


def _row(
    what: str, seconds: float, feeding: Feeding, pressed: Pressed, *, idle: float | None = None, note: str = ""
) -> list[str]:
    for line in pressed.missed:
        print(f"never came: {line}")
    taken = pressed.everything
    return [
        what,
        f"{seconds:.1f}",
        f"{percentile(taken, 95) * 1000:,.0f} ({len(taken)})" if taken else "-",
        f"{feeding.peak_mib:,.0f} + {feeding.writer_peak_mib:,.0f}",
        "-" if idle is None else f"{idle:.1%}",
        note,
    ]
