"""Real scanner processes: killed, left alone, taken over from, and asked to stop."""

from __future__ import annotations

import gzip
import os
import random
import shutil
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.exit_codes import EXIT_OK, EXIT_STORE
from ingest.service import ingest_stream
from ingest.summary import Summary
from ingest.supervisor import ScannerSupervisor, start_scanner
from store.lease import lease_is_held
from store.store import Store
from tests.ingest_place import Place, line
from tests.scanner_runs import PATIENCE_S, until


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    with Store.open(place.store) as store:
        store.sources.add_folder(os.fsencode(place.folder), "folder", "watch")
    return place


@pytest.fixture
def scanners(place: Place) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(start_scanner(place.store, place.settings))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stderr):
            if pipe is not None:
                pipe.close()


def stored(place: Place) -> int:
    return int(place.rows("SELECT count(*) FROM event WHERE source_no != 0")[0][0])  # 0: the scanner's own words


@pytest.mark.parametrize("rounds", [10, pytest.param(40, marks=pytest.mark.slow)])
def test_ten_kills_lose_and_repeat_nothing(
    place: Place, scanners: Callable[[], subprocess.Popen[bytes]], rounds: int
) -> None:
    chance = random.Random(7)
    expected: Counter[str] = Counter()
    for kill in range(rounds):
        until(lambda: not lease_is_held(place.store))  # what a killed one had begun may still be stored
        so_far = stored(place)
        process = scanners()
        for part in range(12):
            texts = [chance.choice(["same", f"{kill}-{part}-{number}"]) for number in range(200)]
            expected.update(texts)
            place.append(f"{part % 3}.jsonl", b"".join(map(line, texts)))
            place.replace(f"{kill}-{part}.json", line(f"single {kill} {part}"))
            expected[f"single {kill} {part}"] += 1
        until(lambda before=so_far: stored(place) > before)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if kill % 3 == 0:
            (place.folder / "0.jsonl").rename(place.folder / f"0-{kill}.jsonl.1")
        if kill % 3 == 1:
            shutil.copy(place.folder / "1.jsonl", place.folder / f"1-{kill}.jsonl.1")
            os.truncate(place.folder / "1.jsonl", 0)
        if kill % 3 == 2:
            rotated = (place.folder / "2.jsonl").rename(place.folder / f"2-{kill}.jsonl.1")
            place.write(f"{rotated.name}.gz", gzip.compress(rotated.read_bytes()))
            rotated.unlink()
    until(lambda: not lease_is_held(place.store))
    scanners()
    until(lambda: stored(place) >= expected.total())
    assert Counter(place.messages()) == expected
    place.check_sums()


def test_what_arrives_while_it_runs_is_stored(place: Place, scanners: Callable[[], subprocess.Popen[bytes]]) -> None:
    scanners()
    until(lambda: lease_is_held(place.store))
    place.append("a.jsonl", line("one"))
    until(lambda: stored(place) == 1)
    place.append("a.jsonl", line("two") + line("three").rstrip())
    until(lambda: stored(place) == 3)
    (place.folder / "new/deep").mkdir(parents=True)
    place.replace("new/deep/b.json", line("four"))
    until(lambda: stored(place) == 4)
    odd = place.folder / os.fsdecode(b"\xff.jsonl")
    odd.write_bytes(line("five"))
    until(lambda: stored(place) == 5)
    place.append("a.jsonl", b"\n" + line("six"))
    until(lambda: stored(place) == 6)
    assert place.messages() == ["five", "four", "one", "six", "three", "two"]


def test_a_folder_named_later_is_taken_up(
    place: Place, tmp_path: Path, scanners: Callable[[], subprocess.Popen[bytes]]
) -> None:
    scanners()
    until(lambda: lease_is_held(place.store))
    other = Place(tmp_path / "other")
    other.write("a.jsonl", line("elsewhere"))
    with Store.open(place.store) as store:
        store.sources.add_folder(os.fsencode(other.folder), "folder", "watch")
    until(lambda: stored(place) == 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_well(
    place: Place, scanners: Callable[[], subprocess.Popen[bytes]], number: signal.Signals
) -> None:
    place.write("a.jsonl", b"".join(line(str(n)) for n in range(100)))
    process = scanners()
    until(lambda: stored(place) == 100)
    process.send_signal(number)
    assert process.wait(PATIENCE_S) == EXIT_OK
    assert not lease_is_held(place.store)
    assert place.rows("SELECT released FROM lease") == [(1,)]


def test_it_ends_when_its_parent_is_gone(place: Place, scanners: Callable[[], subprocess.Popen[bytes]]) -> None:
    process = scanners()
    until(lambda: lease_is_held(place.store))
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE_S) == EXIT_OK


def test_a_file_that_is_no_store_is_refused(place: Place, scanners: Callable[[], subprocess.Popen[bytes]]) -> None:
    place.store.write_bytes(b"this is no database at all" * 10)
    process = scanners()
    assert process.wait(PATIENCE_S) == EXIT_STORE
    assert process.stderr is not None
    said = process.stderr.read()
    assert said.count(b"\n") == 1
    assert b"not an auditail store" in said


def test_one_shot_ingest_asks_the_running_scanner(
    place: Place, tmp_path: Path, scanners: Callable[[], subprocess.Popen[bytes]]
) -> None:
    scanners()
    until(lambda: lease_is_held(place.store))
    other = Place(tmp_path / "other")
    other.store = place.store
    other.write("a.jsonl", line("one") + b"bad\n" + line("two").rstrip())
    summary = other.ingest()
    assert (summary.files, summary.events, summary.quarantined) == (1, 2, 1)
    assert other.ingest().events == 0


def test_a_supervisor_starts_its_scanner_again(place: Place) -> None:
    supervisor = ScannerSupervisor(place.store, place.settings)
    supervisor.start()
    try:
        until(lambda: supervisor.pid is not None and lease_is_held(place.store))
        first = supervisor.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: supervisor.pid not in (None, first) and lease_is_held(place.store))
        place.append("a.jsonl", line("x"))
        until(lambda: stored(place) == 1)
    finally:
        supervisor.close()
    until(lambda: not lease_is_held(place.store))


def test_a_supervisor_takes_over_from_another_scanner(
    place: Place, scanners: Callable[[], subprocess.Popen[bytes]]
) -> None:
    other = scanners()
    until(lambda: lease_is_held(place.store))
    supervisor = ScannerSupervisor(place.store, place.settings)
    supervisor.start()
    try:
        other.terminate()
        other.wait()
        until(lambda: supervisor.pid is not None and lease_is_held(place.store))
    finally:
        supervisor.close()


def through_a_pipe(place: Place, *parts: bytes) -> Summary:
    """Ingest what a pipe brings, part by part."""
    reading, writing = os.pipe()

    def write() -> None:
        for part in parts:
            os.write(writing, part)
        os.close(writing)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return ingest_stream(place.store, reading, place.settings)
    finally:
        writer.join()
        os.close(reading)


def test_standard_input_is_read_to_its_end(place: Place) -> None:
    data = line("a") + line("a") + b"bad\n" + line("end").rstrip()
    summary = through_a_pipe(place, data[:30], data[30:95], data[95:])
    assert (summary.files, summary.events, summary.quarantined) == (1, 3, 1)
    assert place.rows("SELECT line, byte_offset FROM quarantine") == [(3, 2 * len(line("a")))]
    assert through_a_pipe(place, data).events == 3


@pytest.mark.parametrize(
    "data",
    [
        b"[\n" + line("a") + b",\n" + line("b") + b"]",
        b'{"events": [' + line("a") + b"," + line("b") + b"]}",
        b'{\n"logs": [' + line("a") + b"," + line("b") + b"]\n}\n",
        b"\xef\xbb\xbf" + line("a") + line("b"),
    ],
)
def test_standard_input_may_be_a_document(place: Place, data: bytes) -> None:
    assert through_a_pipe(place, data[:9], data[9:]).events == 2
    assert place.messages() == ["a", "b"]


def test_an_over_long_line_on_standard_input_leaves_a_marker(place: Place) -> None:
    long = line("y" * (1 << 20))
    assert through_a_pipe(place, line("a"), long, line("b")).events == 3
    assert len(place.rows("SELECT 1 FROM event WHERE message LIKE 'a record of%'")) == 1


def test_an_idle_scanner_tidies_what_appends_have_put_off(
    place: Place, scanners: Callable[[], subprocess.Popen[bytes]]
) -> None:
    def segments() -> int:
        return int(place.rows("SELECT count(DISTINCT segid) FROM event_text_idx")[0][0])

    for number in range(12):
        place.write(f"{number}.jsonl", line(str(number)))
        place.ingest(f"{number}.jsonl")
    assert segments() >= 12
    scanners()
    until(lambda: segments() < 12)
    assert stored(place) == 12
