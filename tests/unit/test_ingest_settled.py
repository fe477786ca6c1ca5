"""Files of one event that are done with: known again from hashes and small rows, whatever happens to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import IngestSettings
from ingest.scan import walk
from ingest.scan.batcher import Batcher
from ingest.scan.folders import FolderReader
from ingest.scan.hashes import HashSet, NumbersByHash
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.tools import record_tools
from store.sources import Folder
from store.store import Store
from tests.ingest_place import Place, line

LONG_AGO = 1_000_000_000


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def settled(place: Place) -> int:
    """Return how many sources have settled and are there."""
    return place.rows("SELECT count(*) FROM settled WHERE gone_us IS NULL")[0][0]


def full_rows(place: Place) -> int:
    """Return how many sources have a full row."""
    return place.rows("SELECT count(*) FROM source")[0][0]


def test_files_of_one_event_settle_and_are_known_again(place: Place) -> None:
    for number in range(50):
        place.write(f"{number}.json", line(str(number)))
    place.write("one.jsonl", line("one"))
    place.write("two.jsonl", line("a") + line("b"))
    assert place.ingest().events == 53
    assert (settled(place), full_rows(place)) == (51, 1)
    assert place.ingest().events == 0
    assert (settled(place), full_rows(place)) == (51, 1)


def test_a_settled_document_that_is_rewritten_gives_what_is_new(place: Place) -> None:
    place.write("a.json", line("a"))
    place.ingest()
    place.write("a.json", b"[" + line("a") + b"," + line("b") + b"]")
    assert place.ingest().events == 1
    place.write("a.json", line("c"))
    assert place.ingest().events == 1
    assert place.messages() == ["a", "b", "c"]


def test_a_rewrite_of_the_same_size_is_noticed_though_its_time_was_put_back(place: Place) -> None:
    path = place.write("a.json", line("a"))
    place.ingest()
    before = path.stat()
    place.write("a.json", line("b"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert place.ingest().events == 1
    assert place.messages() == ["a", "b"]


def test_a_settled_line_file_grows_on(place: Place) -> None:
    place.write("a.jsonl", line("a").rstrip())
    place.ingest()
    assert settled(place) == 1
    place.append("a.jsonl", b"\n" + line("a") + b'{"event_type": "agent.message", "message": "no time"}\n')
    assert place.ingest().events == 2
    assert place.messages() == ["a", "a", "no time"]
    [(_, first), (_, last)] = place.rows("SELECT DISTINCT message, ts_us FROM event ORDER BY message")
    assert first == last, "a record without a time takes that of the one before it, also across a nap"


def test_a_settled_line_file_that_is_truncated_begins_anew(place: Place) -> None:
    place.write("a.jsonl", line("aa"))
    place.ingest()
    place.write("a.jsonl", line("b"))
    assert place.ingest().events == 1
    place.write("a.jsonl", line("b") + line("aa"))
    assert place.ingest().events == 1
    assert place.messages() == ["aa", "aa", "b"]


def test_a_settled_file_that_is_renamed_or_moved_adds_nothing(place: Place) -> None:
    place.write("a.json", line("a"))
    place.ingest()
    (place.folder / "sub").mkdir()
    (place.folder / "a.json").rename(place.folder / "sub" / "b.json")
    assert place.ingest().events == 0
    [(path,)] = place.rows(
        "SELECT CAST(d.path || '/' || s.name AS BLOB) FROM settled s JOIN directory d USING (directory_no)"
    )
    assert path == os.fsencode(place.folder / "sub" / "b.json")


def test_a_settled_file_that_was_rotated_leaves_its_name_to_a_new_source(place: Place) -> None:
    place.write("a.json", line("same"))
    place.ingest()
    (place.folder / "a.json").rename(place.folder / "a.json.1")
    place.write("a.json", line("same"))
    assert place.ingest().events == 1
    assert place.ingest().events == 0
    assert place.messages() == ["same", "same"]


def test_a_settled_file_that_is_replaced_goes_on_as_the_same_source(place: Place) -> None:
    place.write("a.json", line("a"))
    place.ingest()
    place.replace("a.json", line("a"))
    assert place.ingest().events == 0
    place.replace("a.json", line("b"))
    assert place.ingest().events == 1
    assert place.messages() == ["a", "b"]


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with Store.open(place.store) as opened:
        yield opened


class Scans:
    """Full scans of one place within one process."""

    def __init__(self, place: Place, store: Store) -> None:
        """Name the place's folder."""
        rules = NameRules()
        self.folder: Folder = store.sources.add_folder(os.fsencode(place.folder.resolve()), "folder", "watch")
        self.batcher = Batcher(store)
        self.intake = Intake(store, record_tools(IngestSettings()), rules, self.batcher)
        self.reader = FolderReader(self.intake, rules, store.sources)
        self.number = 0

    def scan(self) -> None:
        """Look at everything that a full scan looks at, and read it."""
        self.number += 1
        for _ in self.reader.show(self.folder, self.number):
            pass
        self.intake.lose_unseen(self.number, {self.folder.folder_no})
        while not self.intake.idle:
            self.intake.step()
        self.intake.take_quiet_ends(below=self.folder.path)
        self.batcher.flush()


def test_settled_files_are_no_objects_in_memory(place: Place, store: Store) -> None:
    for number in range(20):
        place.write(f"{number}.json", line(str(number)))
    scans = Scans(place, store)
    scans.scan()
    assert (len(scans.intake.book), len(scans.intake.book.settled)) == (0, 20)
    shown = scans.reader.seen
    scans.scan()
    assert scans.reader.seen == shown


def test_a_settled_file_that_goes_is_noticed_and_known_when_it_comes_back(place: Place, store: Store) -> None:
    kept = place.write("a.json", line("a")).read_bytes()
    (place.folder / "sub").mkdir()
    place.write("sub/b.json", line("b"))
    scans = Scans(place, store)
    scans.scan()
    (place.folder / "a.json").unlink()
    (place.folder / "sub" / "b.json").unlink()
    (place.folder / "sub").rmdir()
    scans.scan()
    assert (settled(place), len(scans.intake.book.settled)) == (0, 0)
    place.write("other.json", line("other"))  # as likely as not with the inode of one that went
    scans.scan()
    place.write("a.json", kept)
    scans.scan()
    assert place.messages() == ["a", "b", "other"]


def test_a_source_that_goes_before_it_has_settled_costs_no_more_either(place: Place, store: Store) -> None:
    scans = Scans(place, store)
    path = place.write("a.json", line("a"))
    for _ in scans.reader.show(scans.folder, 1):
        pass
    while not scans.intake.idle:
        scans.intake.step()
    path.unlink()
    scans.scan()
    scans.intake.take_quiet_ends(below=scans.folder.path)
    assert len(scans.intake.book) == 0
    place.write("a.json", line("a"))
    scans.scan()
    assert place.messages() == ["a"]


def test_among_many_settled_files_a_quiet_folder_is_looked_at_rarely(
    place: Place, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "FEW", 0)
    place.write("a.json", line("a"))
    place.write("log.jsonl", line("x") + line("y"))
    scans = Scans(place, store)
    os.utime(place.folder, ns=(LONG_AGO, LONG_AGO))
    scans.scan()
    scans.number += next(step for step in range(20) if not walk.is_due_to_be_looked_at(scans.folder.path, step + 2))
    place.write("a.json", line("b"))
    place.append("log.jsonl", line("z"))
    scans.scan()
    assert place.messages() == ["a", "x", "y", "z"], "what has not settled is looked at by every scan"
    place.write("new.json", line("new"))
    scans.scan()
    assert "new" in place.messages(), "a new name changes the folder, so it is listed"
    for _ in range(walk.WHOLE_EVERY):
        scans.scan()
    assert place.messages() == ["a", "b", "new", "x", "y", "z"]


def test_sets_of_hashes() -> None:
    entries = [hash((b"name", number)) for number in range(1000)]
    found = HashSet()
    for entry in entries[::2]:
        found.add(entry)
    for entry in entries[::4]:
        found.discard(entry)
    found.discard(entries[1])
    assert [entry in found for entry in entries] == [number % 4 == 2 for number in range(1000)]


def test_numbers_by_hash() -> None:
    entries = [hash((b"name", number)) for number in range(1000)]
    numbers = NumbersByHash()
    for number, entry in enumerate(entries):
        numbers.add(entry, number)
        numbers.add(entry, number + 2**31)
    numbers.discard(entries[7], 7)
    numbers.discard(entries[7], 8)
    assert all(number in numbers.find(entry) for number, entry in enumerate(entries) if number != 7)
    assert numbers.find(entries[7]) == [7 + 2**31]
    assert numbers.find(hash(b"never seen")) == []
