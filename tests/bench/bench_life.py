"""How soon a scanner ends with its dashboard, and how soon another dashboard takes over: processes that are killed."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final, Self

from store.lease import lease_is_held
from store.store import Store
from tests.bench.figures import middle, print_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.place import Place

ROUNDS: Final = 10
BACKLOG: Final = 100_000
"""Lines that are being read when the parent dies: more than are read before that is done."""
KILLED_AFTER: Final = (0, 20_000, 40_000)
"""So many events are stored by then, in turn: at the beginning the second process is only starting."""
TAKEOVER_AIM_S: Final = 5.0
END_AIM_S: Final = 2.0

_GIVE_UP_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.005
_DASHBOARD: Final = """
import sys
from pathlib import Path
from config.settings import IngestSettings
from ingest.supervisor import ScannerSupervisor
supervisor = ScannerSupervisor(Path(sys.argv[1]), IngestSettings())
supervisor.start()
sys.stdin.read()
"""
"""What an open dashboard does for its scanner, without a screen."""


class Life:
    """A store with one watched folder, and the dashboards that are open on it; use it with `with`."""

    def __init__(self, place: Place, number: int) -> None:
        """Make both; nothing is open yet."""
        self.folder = place.folder / f"life-{number}"
        self.folder.mkdir()
        self._store = place.folder / f"life-{number}.db"
        self._place = place
        self._open: list[subprocess.Popen[bytes]] = []
        with Store.open(self._store) as store:
            store.sources.add_folder(os.fsencode(self.folder.resolve()), "folder", "watch")

    def dashboard(self) -> subprocess.Popen[bytes]:
        """Open one; it is closed at the end."""
        command = [sys.executable, "-c", _DASHBOARD, str(self._store)]
        process = subprocess.Popen(
            command, env=self._place.environment, cwd=self._place.folder, stdin=subprocess.PIPE
        )  # fmt: skip
        self._open.append(process)
        return process

    def scanner(self) -> int:
        """Return the process that has the lease and has scanned everything, 0 where there is none."""
        return self.ask("SELECT coalesce(max(pid), 0) FROM lease WHERE released = 0 AND last_scan_us IS NOT NULL")

    def holder(self) -> int:
        """Return the process that took the lease last, 0 where none ever did."""
        return self.ask("SELECT coalesce(max(pid), 0) FROM lease")

    def stored(self) -> int:
        """Return how many events of files are stored."""
        return self.ask("SELECT count(*) FROM event WHERE source_no != 0")

    def read_up_to(self) -> int:
        """Return the byte up to which the only file was read, as committed."""
        return self.ask("SELECT coalesce(max(byte_offset), 0) FROM source")

    def is_fed(self) -> bool:
        """Return whether a scanner, or the writing process of one, still has the store."""
        return lease_is_held(self._store)

    def ask(self, sql: str) -> int:
        """Return the one number that a statement gives."""
        with closing(sqlite3.connect(self._store)) as connection:
            return int(connection.execute(sql).fetchone()[0])

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is still open and wait until nobody has the store."""
        for process in self._open:
            process.kill()
            process.communicate()
        wait_for(lambda: not self.is_fed())


def wait_for_all(*what: Callable[[], bool]) -> list[float]:
    """Wait until each of these has come true; return for each the seconds that took."""
    begin = time.monotonic()
    taken: dict[int, float] = {}
    while len(taken) < len(what):
        for number, one in enumerate(what):
            if number not in taken and one():
                taken[number] = time.monotonic() - begin
        if time.monotonic() - begin > _GIVE_UP_S:
            raise SystemExit("life: it did not come true within a minute")
        time.sleep(_LOOK_EVERY_S)
    return [taken[number] for number in range(len(what))]


def wait_for(what: Callable[[], bool]) -> float:
    """Wait for something to come true; return the seconds that took."""
    return wait_for_all(what)[0]


def event(number: int) -> bytes:
    """Return an event as one line."""
    return b'{"timestamp":"2026-01-27T10:30:00Z","event_type":"agent.message","message":"%d"}\n' % number


def taken_over(life: Life) -> tuple[float, float]:
    """Kill a dashboard while another one is open; return when that has the lease, and when an event is stored."""
    first = life.dashboard()
    wait_for(lambda: life.scanner() > 0)
    life.dashboard()
    before = life.scanner()
    time.sleep(2.0)  # the second one has seen by then that there is nothing for it to do
    first.kill()
    (life.folder / "after.jsonl").write_bytes(event(1))
    held, stored = wait_for_all(lambda: life.holder() != before, lambda: life.stored() == 1)
    return held, stored


def ended_idle(life: Life) -> float:
    """Kill the only dashboard where all is read; return when its scanner has given up the store."""
    only = life.dashboard()
    wait_for(lambda: life.scanner() > 0)
    only.kill()
    return wait_for(lambda: not life.is_fed())


def ended_reading(life: Life, after: int) -> float:
    """Kill the only dashboard in a backlog, once more than `after` events are stored.

    Returns when its scanner has stored what it read and ended.
    """
    file = life.folder / "backlog.jsonl"
    file.write_bytes(b"".join(map(event, range(BACKLOG))))
    only = life.dashboard()
    wait_for(lambda: life.stored() > after)
    only.kill()
    seconds = wait_for(lambda: not life.is_fed())
    read = file.read_bytes()[: life.read_up_to()].count(b"\n")
    if not 0 < life.stored() == read < BACKLOG:
        raise SystemExit(f"life: {life.stored()} events are stored of {read} lines read, of {BACKLOG} in all")
    return seconds


def bench(place: Place, rounds: int) -> None:
    """Print the median and the worst of some rounds."""
    held: list[float] = []
    stored: list[float] = []
    idle: list[float] = []
    reading: list[float] = []
    for number in range(rounds):
        print(f"life: round {number + 1} of {rounds}", file=sys.stderr)
        with Life(place, 3 * number) as life:
            one, other = taken_over(life)
            held.append(one)
            stored.append(other)
        with Life(place, 3 * number + 1) as life:
            idle.append(ended_idle(life))
        with Life(place, 3 * number + 2) as life:
            reading.append(ended_reading(life, KILLED_AFTER[number % len(KILLED_AFTER)]))
    rows = [
        _row("another dashboard has the lease", held, TAKEOVER_AIM_S),
        _row("an event written at the kill is stored, by either scanner", stored, None),
        _row("its scanner has ended, all was read", idle, END_AIM_S),
        _row("its scanner has stored what it read and ended, in a backlog", reading, END_AIM_S),
    ]
    print_table(f"After a dashboard is killed (kill -9), {rounds} rounds", ["", "median s", "worst s", "aim s"], rows)


def _row(what: str, seconds: list[float], aim_s: float | None) -> list[str]:
    return [what, f"{middle(seconds):.2f}", f"{max(seconds):.2f}", "" if aim_s is None else f"{aim_s:.0f}"]
