"""Gaps as a scanner finds them, on real files and a real store, with the wall clock set by hand."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import watchfiles

from config.settings import IngestSettings
from ingest.scan.loop import Scanner
from store.clock import now_us
from store.lease import ScannerLease
from store.store import Store
from tests.events import BASE_US, MINUTE
from tests.ingest_place import Place, line
from tests.scanner_runs import own_words, stored, until, watch

HOUR: Final = 60 * MINUTE
SETTINGS: Final = IngestSettings(scan_interval_s=0.5, degraded_scan_interval_s=0.5)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path, SETTINGS)
    watch(place)
    return place


@contextmanager
def scanning(place: Place, clock: Callable[[], int]) -> Generator[None]:
    """Scan in a thread, by this wall clock."""
    stop = threading.Event()
    with Store.open(place.store, clock=clock) as store:
        lease = ScannerLease(store)
        lease.acquire()
        scanner = Scanner(store, place.settings, lease, stop)
        thread = threading.Thread(target=scanner.run)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            lease.release()


def beaten(place: Place, at_us: int) -> bool:
    """Return whether a scanner has caught up and has beaten at this time."""
    return place.rows(f"SELECT 1 FROM lease WHERE heartbeat_us = {at_us} AND last_scan_us IS NOT NULL") != []


def gaps(place: Place) -> list[dict[str, Any]]:
    """Return the figures of all gaps, in order of arrival."""
    asked = (
        "SELECT metadata FROM event JOIN name ON name.id = type_no"
        " WHERE source_no = 0 AND text = 'system.ingest_gap' ORDER BY seq"
    )
    return [orjson.loads(row[0]) for row in place.rows(asked)]


def test_a_time_without_a_scanner_is_told_once_where_something_happened(place: Place) -> None:
    place.append("a.jsonl", line("first"))
    with scanning(place, lambda: BASE_US):
        until(lambda: stored(place) == 1 and beaten(place, BASE_US))
    assert gaps(place) == []
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        place.append(name, line(f"meanwhile {name}") * 2)
    with scanning(place, lambda: BASE_US + HOUR):
        until(lambda: len(gaps(place)) == 1)
    [gap] = gaps(place)
    assert (gap["reason"], gap["events"], gap["files"]) == ("not_running", 6, 3)
    assert (gap["from"], gap["to"]) == ("2026-11-22T14:02:06Z", "2026-11-22T15:02:06Z")
    with scanning(place, lambda: BASE_US + 2 * HOUR):
        until(lambda: beaten(place, BASE_US + 2 * HOUR))
    assert len(gaps(place)) == 1


def test_a_one_time_run_is_no_capturing(place: Place) -> None:
    with scanning(place, lambda: BASE_US):
        until(lambda: beaten(place, BASE_US))
    with Store.open(place.store, clock=lambda: BASE_US + HOUR // 2) as store:
        lease = ScannerLease(store, "ingest")
        lease.acquire()
        lease.release()
    place.append("a.jsonl", line("meanwhile"))
    with scanning(place, lambda: BASE_US + HOUR):
        until(lambda: len(gaps(place)) == 1)
    assert gaps(place)[0]["from"] == "2026-11-22T14:02:06Z"


def test_a_clock_that_is_set_while_it_runs_stalls_nothing_and_is_told(place: Place) -> None:
    now = [BASE_US]
    with scanning(place, lambda: now[0]):
        until(lambda: beaten(place, BASE_US))
        for jump, word in ((-HOUR, "set back by "), (48 * HOUR, "set forward by ")):
            told, known = len(own_words(place, "system.clock_jump")), stored(place)
            now[0] += jump
            until(lambda told=told: len(own_words(place, "system.clock_jump")) == told + 1)
            assert word in own_words(place, "system.clock_jump")[-1]
            place.append("a.jsonl", line("goes on"))
            until(lambda known=known: stored(place) == known + 1)
            until(lambda: beaten(place, now[0]))
    assert len(own_words(place, "system.clock_jump")) == 2


def test_a_clock_that_was_set_back_while_nobody_looked_is_told(place: Place) -> None:
    with scanning(place, lambda: BASE_US):
        until(lambda: beaten(place, BASE_US))
    with scanning(place, lambda: BASE_US - HOUR):
        until(lambda: len(own_words(place, "system.clock_jump")) == 1)
    assert "set back by 1 h" in own_words(place, "system.clock_jump")[0]


def test_a_time_far_ahead_is_kept_and_told(place: Place) -> None:
    place.append("a.jsonl", line("future", timestamp="2090-01-01T00:00:00Z") + line("usual"))
    with scanning(place, lambda: BASE_US):
        until(lambda: len(own_words(place, "system.time_ahead")) == 1)
    assert place.messages() == ["future", "usual"]
    assert place.rows("SELECT count(*) FROM event WHERE ts_us = 3786912000000000") == [(1,)]


def test_half_a_record_that_was_cut_off_is_told_with_its_bytes(place: Place) -> None:
    whole = line("whole")
    place.append("a.jsonl", whole + line("half")[:30])
    with scanning(place, lambda: BASE_US):
        until(lambda: stored(place) == 1)
        place.write("a.jsonl", line("n"))
        until(lambda: len(gaps(place)) == 1)
    [gap] = gaps(place)
    assert gap["reason"] == "unread_bytes"
    assert (gap["from_byte"], gap["to_byte"], gap["bytes"]) == (len(whole), len(whole) + 30, 30)
    assert gap["path"] == os.fspath(place.folder / "a.jsonl")


def test_half_a_record_that_lives_on_in_a_copy_has_lost_nothing(place: Place) -> None:
    place.append("a.jsonl", line("one") + line("two") + line("half")[:30])
    now = [BASE_US]
    with scanning(place, lambda: now[0]):
        until(lambda: stored(place) == 2)
        shutil.copy(place.folder / "a.jsonl", place.folder / "a.jsonl.1")
        os.truncate(place.folder / "a.jsonl", 0)
        place.append("a.jsonl", line("three"))
        until(lambda: stored(place) == 3)
        scanned = place.rows("SELECT last_scan_us FROM lease")
        for _ in range(3):
            now[0] += 1_000_000
            until(lambda: beaten(place, now[0]) and place.rows("SELECT last_scan_us FROM lease") != scanned)
    assert gaps(place) == []


def test_changes_that_the_watcher_never_told_of_are_counted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(*_: Any, stop_event: threading.Event, **__: Any) -> Generator[set[tuple[int, str]]]:
        while not stop_event.wait(0.05):
            yield set()

    monkeypatch.setattr(watchfiles, "watch", deaf)
    ahead_us = 10_000_000  # what is written now has been there for long enough to be known
    with scanning(place, lambda: now_us() + ahead_us):
        until(lambda: place.rows("SELECT 1 FROM lease WHERE last_scan_us IS NOT NULL") != [])
        for number in range(5):
            place.replace(f"{number}.json", line(f"unheard of {number}"))
        until(lambda: sum(gap.get("changes", 0) for gap in gaps(place)) > 0)
        until(lambda: stored(place) == 5)
    assert {gap["reason"] for gap in gaps(place)} == {"watcher_missed"}


def test_what_lay_in_a_folder_before_it_was_named_was_not_missed(place: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "other", SETTINGS)
    other.store = place.store
    for number in range(5):
        other.write(f"{number}.json", line(f"older {number}"))
    ahead_us = 10_000_000  # what was written is old by the scanner's clock
    with scanning(place, lambda: now_us() + ahead_us):
        until(lambda: place.rows("SELECT 1 FROM lease WHERE last_scan_us IS NOT NULL") != [])
        watch(other)
        until(lambda: stored(place) == 5)
        [(scanned,)] = place.rows("SELECT last_scan_us FROM lease")
        until(lambda: place.rows("SELECT last_scan_us FROM lease")[0][0] > scanned)
    assert gaps(place) == []
