"""The second process that stores a backlog: it stores the same, fails as the store fails, and survives its parent."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import orjson
import pytest

from ingest.formats.native import NativeReader
from ingest.formats.protocol import FileContext
from ingest.scan.batcher import MOST_BYTES, MOST_EVENTS, Batcher
from ingest.simulate.platform import Platform
from ingest.supervisor import start_scanner
from ingest.writer.client import WriterLostError, WriterProcess
from store.batch import Rejected, SourceBatch
from store.errors import StoreError
from store.filters.model import Filter
from store.lease import ScannerLease, lease_is_held
from store.reader import StoreReader
from store.store import Store
from tests.ingest_place import Place, line
from tests.scanner_runs import second_process_of, until
from tests.scanner_runs import stored as stored_of_files

START_US = 1_790_000_000_000_000
BACKLOG = 70_000
MOST_KILLS = 12


def simulated(store: Store, number: int) -> SourceBatch:
    """Return events as the pipeline makes them, some with ids and calls, for a new source of the store."""
    folder = store.sources.add_folder(b"/events", "folder", "watch")
    source_no = store.sources.add_many([(folder.folder_no, b"/events/a.jsonl", b"l" * 16)])[0]
    batch = SourceBatch(source_no, 0, "native")
    reader, context = NativeReader(), FileContext("a.jsonl", 0)
    for place, (_, event) in enumerate(islice(Platform(5, START_US, 5.0), number)):
        raw = orjson.dumps(event)
        new = reader.read_usual_line(raw, lambda _: True) or reader.read(event, context)[0]
        new.digest, new.offset = place.to_bytes(10, "big"), place
        batch.events.append(new)
    return batch


def contents(path: Path) -> list[bytes]:
    reader = StoreReader.open(path)
    try:
        return reader.arrived_json(Filter(), 0)[0]
    finally:
        reader.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def lease(store: Store) -> Iterator[ScannerLease]:
    taken = ScannerLease(store)
    taken.acquire()
    yield taken
    taken.release()


def ready_writer(store: Store, lease: ScannerLease) -> WriterProcess:
    assert lease.descriptor is not None
    writer = WriterProcess(store.path, lease.descriptor)
    until(lambda: writer.ready)
    return writer


def test_it_stores_what_an_append_here_stores(store: Store, lease: ScannerLease, tmp_path: Path) -> None:
    with Store.open(tmp_path / "here.db") as here:
        here.append([simulated(here, 3_000)])
    batch = simulated(store, 3_000)
    with ready_writer(store, lease) as writer:
        packed = writer.pack([batch])
        assert packed is not None
        writer.send(packed)
        appended = writer.finish()
    assert appended.events == 3_000
    assert contents(store.path) == contents(tmp_path / "here.db")
    words = "SELECT count(*) FROM event_text WHERE event_text MATCH 'tokens'"
    assert store.connection.execute(words).fetchone()[0] > 0


def add_all(batcher: Batcher, parts: list[SourceBatch]) -> None:
    for part in parts:
        batcher.add([part])
    batcher.flush()


def test_what_was_sent_behind_a_failure_is_not_stored_before_it(store: Store, lease: ScannerLease) -> None:
    everything = simulated(store, 300)
    first = SourceBatch(everything.source_no, 0, "native", everything.events[:100], [Rejected("odd", b"{", 1, 0, 1)])
    behind = SourceBatch(everything.source_no, 0, "native", everything.events[100:])
    store.connection.execute("ALTER TABLE quarantine RENAME TO quarantine_away")
    with ready_writer(store, lease) as writer:
        packed = [writer.pack([first]), writer.pack([behind])]
        assert packed[0] is not None
        assert packed[1] is not None
        writer.send(packed[0])
        assert not writer.is_full
        writer.send(packed[1])
        assert writer.is_full
        with pytest.raises(StoreError, match="no such table"):
            writer.finish()
        assert not writer.under_way
        assert contents(store.path) == []
        store.connection.execute("ALTER TABLE quarantine_away RENAME TO quarantine")
        writer.send(packed[0])
        writer.send(packed[1])
        assert [writer.finish().events, writer.finish().events] == [100, 200]
    assert len(contents(store.path)) == 300


def test_an_answer_that_came_with_another_is_noticed(store: Store, lease: ScannerLease) -> None:
    everything = simulated(store, 20)
    with ready_writer(store, lease) as writer:
        lying = 0
        for events in (everything.events[:10], everything.events[10:]):
            packed = writer.pack([SourceBatch(everything.source_no, 0, "native", events)])
            assert packed is not None
            writer.send(packed)
            until(lambda before=lying: bytes_lying(writer) > before)
            lying = bytes_lying(writer)
        assert writer.finish().events == 10
        assert writer.has_answered
        assert writer.finish().events == 10
        assert not writer.has_answered


def bytes_lying(writer: WriterProcess) -> int:
    """Return how much of answers lies in the pipe."""
    pipe = writer._from.fileno()  # pyright: ignore[reportPrivateUsage]
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def test_what_failed_there_is_kept_here_and_stored_later(
    store: Store, lease: ScannerLease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.scan.batcher._IDLE_S", 600.0)  # however long its start takes here, it stays
    batcher = Batcher(store, lease=lease)
    batch = simulated(store, 6 * MOST_EVENTS)
    parts = [
        SourceBatch(batch.source_no, 0, "native", batch.events[start : start + MOST_EVENTS])
        for start in range(0, len(batch.events), MOST_EVENTS)
    ]
    for part in parts[:3]:
        batcher.add([part])
    until(lambda: batcher.second_process_is_ready)
    batcher.flush()
    store.connection.execute("ALTER TABLE event RENAME TO event_away")
    with pytest.raises(StoreError, match="no such table"):
        add_all(batcher, parts[3:5])  # sent ahead: that it failed shows later
    assert batcher.pending
    store.connection.execute("ALTER TABLE event_away RENAME TO event")
    batcher.flush()
    batcher.add([parts[5]])
    batcher.flush()
    batcher.close()
    offsets = store.connection.execute("SELECT byte_offset FROM event ORDER BY byte_offset").fetchall()
    assert offsets == [(place,) for place in range(6 * MOST_EVENTS)]


@pytest.mark.parametrize(
    ("events", "left", "started"), [(1_000, 4 * MOST_BYTES, True), (999, 4 * MOST_BYTES, False), (1_000, 1_000, False)]
)
def test_it_starts_where_much_of_a_file_is_left_behind_many_events(
    store: Store, lease: ScannerLease, monkeypatch: pytest.MonkeyPatch, events: int, left: int, *, started: bool
) -> None:
    monkeypatch.setattr("ingest.scan.batcher.LONGEST_S", 600.0)  # nothing is due, however long this takes here
    batcher = Batcher(store, lease=lease)
    batcher.add([simulated(store, events)])
    assert batcher.second_pid is None
    batcher.expect(left)
    assert (batcher.second_pid is not None) is started
    batcher.flush()
    batcher.close()
    assert len(contents(store.path)) == events


def test_a_lost_writer_is_said_to_be_lost(store: Store, lease: ScannerLease) -> None:
    with ready_writer(store, lease) as writer:
        os.kill(writer.pid, signal.SIGKILL)
        packed = writer.pack([simulated(store, 10)])
        assert packed is not None
        with suppress(WriterLostError):  # the pipe may still have room for it
            writer.send(packed)
        with pytest.raises(WriterLostError):
            writer.finish()


def has_opened(pid: int | None, store: Path) -> bool:
    """Return whether a process has a store open; where the system does not tell, whether there is a process."""
    if pid is None or not Path("/proc/self/fd").is_dir():
        return pid is not None
    with suppress(OSError):  # it has ended, or has just closed one of them
        return any(os.path.realpath(one) == os.path.realpath(store) for one in Path(f"/proc/{pid}/fd").iterdir())
    return False


def stores_by_two(place: Place, scanner: int, everything: int) -> bool:
    """Wait until a scanner's second process has taken over; False: all was stored before that."""
    until(lambda: has_opened(second_process_of(scanner), place.store) or stored(place) >= everything)
    before = stored(place)
    until(lambda: stored(place) > before or before >= everything)
    return second_process_of(scanner) is not None and stored(place) < everything


def test_kills_in_the_middle_of_a_backlog_lose_and_repeat_nothing(tmp_path: Path) -> None:
    place = Place(tmp_path)
    with Store.open(place.store) as store:
        store.sources.add_folder(os.fsencode(place.folder), "folder", "watch")
    expected: Counter[str] = Counter()
    met = kill = 0
    while met < 2:
        assert kill < MOST_KILLS, "no second process is met: the backlog is too small"
        kill += 1
        texts = ["same" if number % 3 else f"{kill}-{number}" for number in range(BACKLOG)]
        place.append("backlog.jsonl", b"".join(map(line, texts)))
        expected.update(texts)
        until(lambda: not lease_is_held(place.store))  # what a killed one had begun may still be stored
        process = start_scanner(place.store, place.settings)
        try:
            met += stores_by_two(place, process.pid, expected.total())
        finally:
            end(process)
    until(lambda: not lease_is_held(place.store))
    process = start_scanner(place.store, place.settings)
    try:
        until(lambda: stored(place) >= expected.total() and stored_of_files(place) >= expected.total())
    finally:
        end(process)
    assert Counter(place.messages()) == expected
    place.check_sums()


def stored(place: Place) -> int:
    """Return how many events there are, with the scanner's own words."""
    return int(place.rows("SELECT value FROM counter WHERE name = 'seq'")[0][0])


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stderr):
        if pipe is not None:
            pipe.close()


def test_one_that_is_still_starting_is_not_waited_for(tmp_path: Path) -> None:
    with Store.open(tmp_path / "events.db") as store:
        lease = ScannerLease(store)
        lease.acquire()
        assert lease.descriptor is not None
        writer = WriterProcess(store.path, lease.descriptor)
        writer.close()
        assert writer._process.returncode == -signal.SIGKILL  # pyright: ignore[reportPrivateUsage]
        lease.release()
        assert not lease_is_held(store.path)
