"""A disk that is really full: what was read waits, it is said why, and nothing is lost or repeated afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from ingest.scan.batcher import Batcher
from ingest.scan.loop import Scanner
from store.batch import SourceBatch
from store.errors import StoreFullError
from store.lease import ScannerLease
from store.lease_note import read_note
from store.reader import StoreReader
from store.store import Store
from tests import events
from tests.conftest import ROOT
from tests.ingest_place import Place, line
from tests.scanner_runs import running_scanner, stored, until, watch
from tests.small_disk import SmallDisk, small_disk

EVENTS: Final = 4_000
LONG: Final = "x" * 500


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def place(tmp_path: Path, disk: SmallDisk) -> Place:
    place = Place(tmp_path / "place")
    place.store = disk.path / "store.db"
    watch(place)
    return place


def trouble(place: Place) -> str:
    note = read_note(place.store)
    return (note.trouble if note is not None else None) or ""


def lines(start: int, end: int) -> bytes:
    return b"".join(line(f"{number} {LONG}") for number in range(start, end))


def test_a_scanner_waits_says_so_and_goes_on(place: Place, disk: SmallDisk) -> None:
    place.write("a.jsonl", lines(0, 10))
    with running_scanner(place) as scanner:
        until(lambda: stored(place) == 10)
        disk.fill()
        place.append("a.jsonl", lines(10, EVENTS))
        place.replace("b.json", line("a single one"))
        until(lambda: trouble(place).startswith("no space left"))
        reader = StoreReader.open(place.store)
        assert (reader.health().scanner.trouble or "").startswith("no space left")
        reader.close()
        assert scanner.poll() is None
        disk.make_room()
        until(lambda: stored(place) == EVENTS + 1)
        until(lambda: not trouble(place) and place.rows("SELECT trouble FROM lease") == [(None,)])
        assert scanner.poll() is None
    assert len(set(place.messages())) == EVENTS + 1
    assert place.rows("PRAGMA quick_check") == [("ok",)]


def test_what_the_second_process_could_not_store_is_stored_later(
    place: Place, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.scan.batcher._IDLE_S", 600.0)  # however long its start takes here, it stays

    def part(start: int) -> SourceBatch:
        made = [events.line(f"{number} {LONG}") for number in range(start, start + 1_500)]
        return events.batch(source, *made)

    with Store.open(place.store) as store:
        lease = ScannerLease(store)
        lease.acquire()
        source = events.add_source(store)
        batcher = Batcher(store, lease=lease)
        disk.make_room()
        for start in (0, 1_500, 3_000):
            batcher.add([part(start)])
            until(lambda: _is_taken(batcher))
        until(lambda: batcher.second_process_is_ready)
        batcher.flush()
        disk.fill()
        batcher.add([part(4_500)])
        until(lambda: _is_taken(batcher))  # sent ahead: that it failed shows with the next
        with pytest.raises(StoreFullError):
            batcher.flush()
        assert batcher.pending
        disk.make_room()
        batcher.flush()
        batcher.close()
        assert store.connection.execute("SELECT count(DISTINCT message), count(*) FROM event").fetchone() == (
            6_000,
            6_000,
        )
        lease.release()


def _is_taken(batcher: Batcher) -> bool:
    batcher.flush_if_due()
    return not batcher.fills


def run_ingest(place: Place) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", "ingest", "--store", str(place.store), str(place.folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("leave", [0, 600_000], ids=["not even room for the log", "room for a part"])
def test_one_shot_ingest_says_so_and_another_run_completes(place: Place, disk: SmallDisk, leave: int) -> None:
    place.write("a.jsonl", lines(0, EVENTS))
    place.write("b.jsonl", lines(EVENTS, EVENTS + 10))
    disk.fill(leave)
    full = run_ingest(place)
    assert full.returncode == 3
    assert [row for row in full.stderr.splitlines() if "no space left" in row] == full.stderr.splitlines()[-1:]
    disk.make_room()
    again = run_ingest(place)
    assert (again.returncode, stored(place)) == (0, EVENTS + 10)
    assert Counter(place.messages()).most_common(1)[0][1] == 1


def test_a_scanner_whose_store_may_not_grow_waits_and_goes_on(tmp_path: Path) -> None:
    """The same without a disk of its own: the driver's own quota."""
    place = Place(tmp_path)
    place.write("a.jsonl", lines(0, EVENTS))
    stop = threading.Event()
    with Store.open(place.store) as store:
        store.sources.add_folder(os.fsencode(place.folder), "folder", "watch")
        lease = ScannerLease(store)
        lease.acquire()
        scanner = Scanner(store, place.settings, lease, stop)
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages}")
        thread = threading.Thread(target=scanner.run)
        thread.start()
        try:
            until(lambda: trouble(place).startswith("no space left"))
            assert stored(place) == 0
            with store.lock:
                store.connection.execute("PRAGMA max_page_count = 1000000")
            until(lambda: stored(place) == EVENTS)
            until(lambda: not trouble(place))
        finally:
            stop.set()
            thread.join()
        lease.release()
    assert len(set(place.messages())) == EVENTS
