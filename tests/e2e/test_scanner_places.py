"""A real scanner whose folders vanish, come back, and are more than the watcher can tell."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.supervisor import start_scanner
from store.lease import lease_is_held
from store.store import Store
from tests.e2e.test_scanner_process import stored, until
from tests.ingest_place import Place, line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.settings = place.settings.model_copy(update={"scan_interval_s": 0.5, "degraded_scan_interval_s": 0.5})
    with Store.open(place.store) as store:
        store.sources.add_folder(os.fsencode(place.folder), "folder", "watch")
    return place


@pytest.fixture
def scanner(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    process = start_scanner(place.store, place.settings)
    until(lambda: lease_is_held(place.store))
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stderr):
        if pipe is not None:
            pipe.close()


def state(place: Place) -> str:
    return str(place.rows("SELECT state FROM folder")[0][0])


@pytest.mark.usefixtures("scanner")
def test_a_folder_that_vanishes_is_told_and_taken_up_again(place: Place) -> None:
    place.append("a.jsonl", line("a"))
    until(lambda: stored(place) == 1)
    away = place.folder.with_name("away")
    place.folder.rename(away)
    until(lambda: state(place) == "missing")
    place.folder.mkdir()
    place.append("b.jsonl", line("b"))
    until(lambda: stored(place) == 2)
    until(lambda: state(place) == "ok")
    place.append("b.jsonl", line("c"))
    until(lambda: stored(place) == 3)
    (away / "a.jsonl").rename(place.folder / "a.jsonl")
    place.append("a.jsonl", line("d"))
    until(lambda: stored(place) == 4)
    assert place.messages() == ["a", "b", "c", "d"]


def test_what_is_written_while_it_is_stopped_is_found(place: Place, scanner: subprocess.Popen[bytes]) -> None:
    place.append("a.jsonl", line("first"))
    until(lambda: stored(place) == 1)
    scanner.send_signal(signal.SIGSTOP)
    for folder in range(20):
        (place.folder / f"sub{folder}").mkdir()
        for number in range(25):
            place.write(f"sub{folder}/{number}.json", line(f"{folder} {number}"))
    scanner.send_signal(signal.SIGCONT)
    until(lambda: stored(place) == 501)
    assert len(set(place.messages())) == 501


@pytest.mark.usefixtures("scanner")
def test_a_broken_document_and_half_a_line_are_looked_at_once_they_are_quiet(place: Place) -> None:
    place.write("broken.json", b'[{"event_type": "agent.message"}')
    place.write("half.jsonl", line("half")[:20])
    until(lambda: len(place.reasons()) == 1)
    assert place.reasons()[0].startswith("cut off")
    place.write("broken.json", b'[{"event_type": "agent.message", "message": "mended"}]')
    place.append("half.jsonl", line("half")[20:])
    until(lambda: stored(place) == 2)
    assert place.messages() == ["half", "mended"]


def test_how_the_scanner_is_can_be_read_from_the_store(place: Place, scanner: subprocess.Popen[bytes]) -> None:
    until(lambda: place.rows("SELECT watcher FROM lease WHERE last_scan_us IS NOT NULL") != [])
    [(pid, watcher, reason, pending)] = place.rows("SELECT pid, watcher, watcher_reason, files_pending FROM lease")
    assert (pid, reason, pending) == (scanner.pid, None, 0)
    assert watcher in ("inotify", "fsevents")
