"""The life of real scanners: who takes over from whom, what ends them, and what is seen of one that stands still."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from ingest.exit_codes import EXIT_LEASE_HELD, EXIT_OK
from ingest.supervisor import start_scanner
from store.lease import lease_is_held
from store.reader import StoreReader
from tests.conftest import ROOT
from tests.ingest_place import Place, line
from tests.scanner_runs import own_words, running_scanner, second_process_of, stored, supervised, until, watch
from tests.small_disk import small_disk

BACKLOG: Final = 30_000

_DASHBOARD: Final = """
import sys
from pathlib import Path
from config.settings import IngestSettings
from ingest.supervisor import ScannerSupervisor
supervisor = ScannerSupervisor(Path(sys.argv[1]), IngestSettings())
supervisor.start()
sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    watch(place)
    return place


def lease_pid(place: Place) -> int:
    rows = place.rows("SELECT pid FROM lease WHERE released = 0")
    return int(rows[0][0]) if rows and lease_is_held(place.store) else 0


def test_a_killed_dashboard_is_followed_by_the_one_that_waits(place: Place) -> None:
    command = [sys.executable, "-c", _DASHBOARD, str(place.store)]
    first = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
    try:
        until(lambda: lease_pid(place) > 0)
        its_scanner = lease_pid(place)
        with supervised(place) as second:
            place.append("a.jsonl", line("one"))
            until(lambda: stored(place) == 1)
            assert second.pid is None
            first.kill()
            until(lambda: second.pid is not None and lease_pid(place) == second.pid)
            assert second.pid != its_scanner
            place.append("a.jsonl", line("two"))
            until(lambda: stored(place) == 2)
    finally:
        first.kill()
        first.communicate()
    assert place.messages() == ["one", "two"]


def test_nobody_takes_over_while_a_killed_scanners_append_is_under_way(place: Place) -> None:
    place.write("a.jsonl", b"".join(line(f"{number}") for number in range(BACKLOG)))
    with running_scanner(place) as scanner:
        writer = until(lambda: second_process_of(scanner.pid))
        assert writer is not None
        os.kill(writer, signal.SIGSTOP)
        try:
            scanner.kill()
            scanner.wait()
            assert lease_is_held(place.store)
            with running_scanner(place) as another:
                assert another.wait() == EXIT_LEASE_HELD
        finally:
            os.kill(writer, signal.SIGCONT)
        with supervised(place) as supervisor:
            until(lambda: stored(place) == BACKLOG)
            assert lease_pid(place) == supervisor.pid
    assert Counter(place.messages()).most_common(1)[0][1] == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, "parent"])
def test_told_to_end_in_the_middle_it_stores_what_it_read(place: Place, how: signal.Signals | str) -> None:
    place.write("a.jsonl", b"".join(line(f"{number}") for number in range(BACKLOG // 2)))
    with running_scanner(place) as scanner:
        until(lambda: stored(place) > 0)
        if isinstance(how, signal.Signals):
            scanner.send_signal(how)
        else:
            assert scanner.stdin is not None
            scanner.stdin.close()
        assert scanner.wait() == EXIT_OK
    assert place.rows("SELECT released FROM lease") == [(1,)]
    [(offset,)] = place.rows("SELECT byte_offset FROM source")
    assert offset == sum(len(line(f"{number}")) for number in range(stored(place)))


def test_one_that_stands_still_is_seen_to_and_goes_on(place: Place) -> None:
    place.append("a.jsonl", line("before"))
    with running_scanner(place) as scanner:
        until(lambda: stored(place) == 1 and place.rows("SELECT 1 FROM lease WHERE last_scan_us IS NOT NULL") != [])
        scanner.send_signal(signal.SIGSTOP)
        place.append("a.jsonl", line("meanwhile"))
        place.replace("b.json", line("meanwhile too"))
        [(beat_us,)] = place.rows("SELECT heartbeat_us FROM lease")
        later = StoreReader.open(place.store, clock=lambda: beat_us + 6_000_000)
        seen = later.health().scanner
        later.close()
        assert (seen.running, seen.heartbeat_us) == (False, beat_us)
        assert lease_is_held(place.store)  # so that nobody takes over: it may go on at any moment
        scanner.send_signal(signal.SIGCONT)
        until(lambda: stored(place) == 3)


def test_a_second_one_ends_with_a_line(place: Place) -> None:
    with running_scanner(place) as first:
        until(lambda: lease_pid(place) == first.pid)
        second = start_scanner(place.store, place.settings)
        _, said = second.communicate()
    assert second.returncode == EXIT_LEASE_HELD
    assert said.decode() == f"another scanner already feeds this store (pid {first.pid}): nothing to do\n"


def test_what_it_costs_and_how_its_folders_are_is_in_the_store(place: Place) -> None:
    place.append("a.jsonl", line("one"))
    with running_scanner(place):
        until(lambda: place.rows("SELECT 1 FROM folder WHERE lag_ms IS NOT NULL") != [])
        until(lambda: place.rows("SELECT 1 FROM lease WHERE scan_ms IS NOT NULL") != [])
        [(kind, cpu_us, memory, trouble)] = place.rows("SELECT kind, cpu_us, memory_bytes, trouble FROM lease")
        [(watcher, reason, pending)] = place.rows("SELECT watcher, watcher_reason, pending_bytes FROM folder")
    assert (kind, trouble, reason, pending) == ("dashboard", None, None, 0)
    assert cpu_us > 0
    assert memory > 1_000_000
    assert watcher in ("inotify", "fsevents")


def test_a_missing_folder_and_its_return_are_events(place: Place) -> None:
    with running_scanner(place):
        until(lambda: place.rows("SELECT 1 FROM lease WHERE last_scan_us IS NOT NULL") != [])
        away = place.folder.rename(place.folder.with_name("away"))
        until(lambda: len(own_words(place, "system.ingest_gap")) == 1)
        away.rename(place.folder)
        until(lambda: len(own_words(place, "system.source_resumed")) == 1)
        place.append("a.jsonl", line("after"))
        until(lambda: stored(place) == 1)
    assert own_words(place, "system.ingest_gap")[0].startswith(f"nothing can be read from {place.folder}: ")


@pytest.mark.parametrize("records", [1, 2])
def test_a_folder_that_is_mounted_over_is_taken_up_anew_and_so_is_what_was_under_it(place: Place, records: int) -> None:
    under = [f"under {number}" for number in range(records)]
    place.append("a.jsonl", b"".join(map(line, under)))
    with running_scanner(place):
        until(lambda: stored(place) == records)
        with small_disk(place.folder):
            place.append("a.jsonl", line("over"))
            until(lambda: stored(place) == records + 1)
            place.append("a.jsonl", line("over again"))
            until(lambda: stored(place) == records + 2)
        place.append("a.jsonl", line("under again"))
        until(lambda: stored(place) == records + 3)
    assert place.messages() == ["over", "over again", *under, "under again"]
    assert own_words(place, "system.ingest_gap") == []
