"""One scanner for a store: who has it, and what is seen of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from store.errors import StoreBusyError
from store.lease import LeaseHeldError, ScannerLease, ScannerStats
from store.reader import StoreReader
from store.store import Store
from tests.conftest import ROOT
from tests.events import ARRIVED_US, SECOND, open_reader, open_store

STATS: Final = ScannerStats("inotify", None, 123.5, 40, 2, 900, ARRIVED_US)

_HOLDER: Final = """
import sys
from pathlib import Path
from store.lease import ScannerLease
from store.store import Store
lease = ScannerLease(Store.open(Path(sys.argv[1])))
lease.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_only_one_has_the_lease(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        first, second = ScannerLease(one), ScannerLease(two)
        first.acquire()
        for lease in (first, second):
            with pytest.raises(LeaseHeldError, match=f"pid {os.getpid()}") as caught:
                lease.acquire()
            assert caught.value.pid == os.getpid()
        assert (first.held, second.held) == (True, False)
        first.release()
        second.acquire()
        assert (first.held, second.held) == (False, True)
        first.release()
        with pytest.raises(LeaseHeldError):
            first.acquire()
        second.release()
    assert (tmp_path / "events.db.scanner.lock").stat().st_mode & 0o777 == 0o600


def test_a_killed_process_leaves_the_lease_free(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        command = [sys.executable, "-c", _HOLDER, str(store.path)]
        holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lease = ScannerLease(store)
        with pytest.raises(LeaseHeldError) as caught:
            lease.acquire()
        assert caught.value.pid == holder.pid
        holder.send_signal(signal.SIGKILL)
        holder.communicate(timeout=60)
        reader = open_reader(tmp_path)
        assert not reader.health().scanner.running
        lease.acquire()
        assert reader.health().scanner.pid == os.getpid()
        reader.close()
        lease.release()


def test_what_is_seen_of_a_scanner(tmp_path: Path) -> None:
    now = [ARRIVED_US]
    with Store.open(tmp_path / "events.db", clock=lambda: now[0]) as store:
        reader = StoreReader.open(store.path, clock=lambda: now[0])
        assert not reader.health().scanner.running
        lease = ScannerLease(store)
        lease.acquire()
        now[0] += SECOND
        lease.heartbeat(STATS)
        seen = reader.health().scanner
        assert (seen.running, seen.pid, seen.watcher, seen.events_per_second) == (True, os.getpid(), "inotify", 123.5)
        assert (seen.started_us, seen.heartbeat_us, seen.lag_ms) == (ARRIVED_US, ARRIVED_US + SECOND, 40)
        assert (seen.files_pending, seen.last_scan_us) == (2, ARRIVED_US)
        now[0] += 5 * SECOND
        assert not reader.health().scanner.running
        lease.heartbeat(STATS)
        assert reader.health().scanner.running
        lease.release()
        assert (reader.health().scanner.running, reader.health().scanner.watcher) == (False, "off")
        reader.close()


def test_a_locked_store_gives_no_lease_and_takes_it_back(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.connection.execute("PRAGMA busy_timeout = 1")
        other = sqlite3.connect(store.path, isolation_level=None)
        lease = ScannerLease(store)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            lease.acquire()
        assert not lease.held
        other.execute("ROLLBACK")
        lease.acquire()
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError):
            lease.heartbeat(STATS)
        assert lease.held
        with pytest.raises(StoreBusyError):
            lease.release()
        assert not lease.held
        other.execute("ROLLBACK")
        other.close()
        lease.acquire()
        lease.release()
