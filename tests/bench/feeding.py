"""A scanner under measurement: its process, what it has stored, and what it costs (Linux: read from /proc)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from config.settings import IngestSettings
from store.store import Store

if TYPE_CHECKING:
    from tests.bench.place import Place

_TICK: Final = os.sysconf("SC_CLK_TCK")
_LOOK_EVERY_S: Final = 0.1
_MIB: Final = 1 << 10


class Feeding:
    """A scanner that feeds one store from one watched folder; use it with `with`."""

    def __init__(self, place: Place, store: Path, folder: Path) -> None:
        """Name the folder in the store, and start the scanner."""
        with Store.open(store) as opened:
            opened.sources.add_folder(os.fsencode(folder.resolve()), "folder", "watch")
        self._store = store
        command = [sys.executable, "-P", "-m", "ingest.scanner", str(store), IngestSettings().model_dump_json(), "[]"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, env=place.environment, cwd=place.folder)
        self.peak_mib = 0.0
        """The most memory that the scanner's own process has had."""
        self.writer_peak_mib = 0.0
        """The most that a process which writes for it has had; 0: there was none."""

    def stored(self) -> int:
        """Return how many events are stored."""
        return self._ask("SELECT value FROM counter WHERE name = 'seq'")

    def scanned_us(self) -> int:
        """Return when the last full scan ended, in UTC microseconds; 0: none yet."""
        return self._ask("SELECT coalesce(max(last_scan_us), 0) FROM lease")

    def await_scan(self) -> None:
        """Wait until a full scan has ended that began after now."""
        for _ in range(2):
            before = self.scanned_us()
            while self.scanned_us() == before:
                self._look()

    def await_events(self, count: int) -> float:
        """Wait until so many events are stored; return the seconds that took."""
        begin = time.monotonic()
        while self.stored() < count:
            self._look()
        return time.monotonic() - begin

    def cpu_s(self) -> float:
        """Return the processor seconds of the scanner and its writing process so far."""
        return sum(_cpu_s(pid) for pid in (self.process.pid, *_children(self.process.pid)))

    def cpu_share(self, seconds: float) -> float:
        """Return which share of one core is used while so many seconds pass."""
        begin, before = time.monotonic(), self.cpu_s()
        while time.monotonic() - begin < seconds:
            self._look()
        return (self.cpu_s() - before) / (time.monotonic() - begin)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let it end."""
        self.process.communicate()

    def _look(self) -> None:
        self._note_memory()
        time.sleep(_LOOK_EVERY_S)

    def _note_memory(self) -> None:
        if self.process.poll() is not None:
            raise SystemExit(f"the scanner ended with {self.process.returncode}")
        self.peak_mib = max(self.peak_mib, _peak_mib(self.process.pid))
        writers = [_peak_mib(child) for child in _children(self.process.pid)]
        self.writer_peak_mib = max(self.writer_peak_mib, *writers, 0.0)

    def _ask(self, sql: str) -> int:
        with closing(sqlite3.connect(self._store)) as connection:
            return int(connection.execute(sql).fetchone()[0])


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / _TICK


def _peak_mib(pid: int) -> float:
    """Return the most memory that a process has had so far, 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / _MIB for line in lines if line.startswith("VmHWM:")), default=0.0)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
