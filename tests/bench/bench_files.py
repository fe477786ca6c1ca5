"""How the scanner bears many small files: all at once, written behind its back, and a million old ones lying there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.bench.feeding import Feeding
from tests.bench.figures import print_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.place import Place

IDLE_S: Final = 60.0
RATE: Final = 1_000
ARRIVE_S: Final = 90
_PART: Final = 50_000


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
    with Feeding(place, place.folder / "at-once.db", folder) as feeding:
        feeding.await_scan()
        before = feeding.cpu_s()
        draft.rename(folder / "all")
        seconds = feeding.await_events(count)
        cpu = feeding.cpu_s() - before
        idle = feeding.cpu_share(IDLE_S)
    return _row(f"{count:,} files at once", seconds, feeding, idle, f"{cpu / count * 1e6:,.0f} us of CPU a file")


def behind_its_back(place: Place, count: int) -> list[str]:
    """Write files while the scanner is stopped: more than the system's queue of changes holds."""
    folder = place.folder / "stopped"
    folder.mkdir()
    with Feeding(place, place.folder / "stopped.db", folder) as feeding:
        feeding.await_scan()
        feeding.process.send_signal(signal.SIGSTOP)
        dropping(place, folder, count).wait()
        feeding.process.send_signal(signal.SIGCONT)
        seconds = feeding.await_events(count)
    return _row(f"{count:,} files while it was stopped", seconds, feeding, None, "")


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
        platform = dropping(place, folder, count, RATE)
        busy = feeding.cpu_share(ARRIVE_S)
        platform.wait()
        seconds = feeding.await_events(before + count)
    note = f"two scans {first_scan_s:.0f} s; {busy:.0%} of a core while they arrive"
    what = f"{RATE:,} files/s for {ARRIVE_S} s among {wanted.old:,} old ones"
    return _row(what, seconds, feeding, idle, note)


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
    header = ["", "all stored after (s)", "peak MiB", "idle, of a core", ""]
    print_table("Small files, one event each", header, rows)


def _row(what: str, seconds: float, feeding: Feeding, idle: float | None, note: str) -> list[str]:
    return [what, f"{seconds:.1f}", f"{feeding.peak_mib:,.0f}", "-" if idle is None else f"{idle:.1%}", note]
