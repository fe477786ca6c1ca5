"""Real scanner processes for tests: started, asked for, and always ended."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final, TypeVar

from ingest.supervisor import ScannerSupervisor, start_scanner
from store.lease import lease_is_held
from store.store import Store
from tests.ingest_place import Place

PATIENCE_S: Final = 60.0
"""Far more than anything takes, also on a machine that has much else to do."""

T = TypeVar("T")


def until(what: Callable[[], T]) -> T:
    """Wait for something to come true, or to be there, and return it; fail loudly where it does not."""
    give_up = time.monotonic() + PATIENCE_S
    while not (found := what()):
        assert time.monotonic() < give_up, "it did not come true"
        time.sleep(0.02)
    return found


def watch(place: Place) -> None:
    """Have the place's folder watched by whoever scans its store."""
    with Store.open(place.store) as store:
        store.sources.add_folder(os.fsencode(place.folder), "folder", "watch")


@contextmanager
def running_scanner(place: Place) -> Generator[subprocess.Popen[bytes]]:
    """Give a scanner process that has the lease; it is killed at the end."""
    process = start_scanner(place.store, place.settings)
    try:
        until(lambda: lease_is_held(place.store) or process.poll() is not None)
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe is not None:
                pipe.close()


@contextmanager
def supervised(place: Place) -> Generator[ScannerSupervisor]:
    """Give what an open dashboard has: a supervisor that keeps a scanner alive, or waits for its turn."""
    supervisor = ScannerSupervisor(place.store, place.settings)
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.close()


def second_process_of(pid: int) -> int | None:
    """Return the number of a scanner's writing process; None: it has none now."""
    listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    found = [row.split()[0] for row in listed.stdout.splitlines() if "ingest.writer" in row]
    return int(found[0]) if found else None


def stored(place: Place) -> int:
    """Return how many events of files the store has; the scanner's own words are left out."""
    return int(place.rows("SELECT count(*) FROM event WHERE source_no != 0")[0][0])


def own_words(place: Place, kind: str) -> list[str]:
    """Return the messages of a type of event that the scanner made itself, in order of arrival."""
    return [
        row[0]
        for row in place.rows(
            "SELECT message FROM event JOIN name ON name.id = type_no"
            f" WHERE source_no = 0 AND text = '{kind}' ORDER BY seq"
        )
    ]
