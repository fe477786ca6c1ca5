"""What is left alone is told: links, pipes and the like are counted by kind, and finished files say why they stay."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import IngestSettings
from ingest.scan.batcher import Batcher
from ingest.scan.folders import FolderReader
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.scan.opening import look_at
from ingest.tools import record_tools
from store.health import SourceHealth
from store.left_alone import PassedOver, Staying
from store.quarantine import QuarantineDesk
from store.reader import StoreReader
from store.sources import Folder
from store.store import Store
from tests.ingest_place import Place, line
from tests.pilot.states_of_health import source
from tui.left_alone import left_alone

LONG_AGO = (1, 1)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with Store.open(place.store) as opened:
        yield opened


def health_of(place: Place) -> SourceHealth:
    """Return how the store says that the place's folder is."""
    reader = StoreReader.open(place.store)
    [found] = reader.health().sources
    reader.close()
    return found


class Scans:
    """Full scans of the place's folder, one after the other."""

    def __init__(self, place: Place, store: Store, *, after: str = "keep", exclude: tuple[str, ...] = ()) -> None:
        """Name the folder; nothing was looked at yet."""
        self.folder: Folder = store.sources.add_folder(os.fsencode(place.folder), "folder", "watch")
        rules = NameRules((), exclude)
        self._batcher = Batcher(store)
        self.intake = Intake(store, record_tools(IngestSettings()), rules, self._batcher, after=after)
        self._reader = FolderReader(self.intake, rules, store.sources)
        self._number = 0

    def scan(self) -> None:
        """Look at everything, and read what there is to its end."""
        self._number += 1
        for _ in self._reader.show(self.folder, self._number):
            pass
        while not self.intake.idle:
            self.intake.step()
        self.intake.take_quiet_ends(below=self.folder.path)
        self._batcher.flush()


def test_links_pipes_sockets_and_devices_are_counted_by_kind_with_one_of_each(place: Place) -> None:
    place.write("a.jsonl", line("a"))
    (place.folder / "sub").mkdir()
    (place.folder / "sub/link.jsonl").symlink_to(place.folder / "a.jsonl")
    (place.folder / "loop").symlink_to(place.folder)
    (place.folder / "dangling.json").symlink_to("nowhere")
    os.mkfifo(place.folder / "sub/pipe.jsonl")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place.folder / "socket"))
    assert place.ingest().events == 1
    assert health_of(place).passed_over == (
        PassedOver("link", 3, "dangling.json"),
        PassedOver("pipe", 1, "sub/pipe.jsonl"),
        PassedOver("socket", 1, "socket"),
    )


def test_a_device_is_one_of_them(place: Place) -> None:
    try:
        os.mknod(place.folder / "null.json", 0o20600, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root may make a device")
    place.ingest()
    assert health_of(place).passed_over == (PassedOver("device", 1, "null.json"),)


def test_a_name_that_is_not_utf8_can_be_told(place: Place) -> None:
    os.mkfifo(os.fsencode(place.folder) + b"/\xff.json")
    place.ingest()
    assert health_of(place).passed_over == (PassedOver("pipe", 1, "\\xff.json"),)


def test_what_nobody_would_expect_to_be_read_is_not_worth_a_word(place: Place, store: Store) -> None:
    for name in (".hidden.json", "made.json.tmp", "latest.json"):
        (place.folder / name).symlink_to("nowhere")
    Scans(place, store, exclude=("latest*",)).scan()
    assert health_of(place).passed_over == ()


def test_a_folder_that_needs_no_listing_keeps_its_count(place: Place, store: Store) -> None:
    for name in ("old", "new"):
        (place.folder / name).mkdir()
        (place.folder / name / "link.json").symlink_to("nowhere")
    for folder in (place.folder / "old", place.folder):
        os.utime(folder, LONG_AGO)
    scans = Scans(place, store)
    scans.scan()
    scans.scan()
    assert health_of(place).passed_over == (PassedOver("link", 2, "new/link.json"),)
    (place.folder / "new/link.json").unlink()
    scans.scan()
    assert health_of(place).passed_over == (PassedOver("link", 1, "old/link.json"),)
    (place.folder / "old/link.json").unlink()
    Scans(place, store).scan()  # a process that starts anew corrects what the one before said
    assert health_of(place).passed_over == ()


def test_an_unchanged_count_is_written_once(place: Place, store: Store) -> None:
    (place.folder / "link.json").symlink_to("nowhere")
    Scans(place, store).scan()
    said: list[str] = []
    store.connection.set_trace_callback(said.append)
    Scans(place, store).scan()
    store.connection.set_trace_callback(None)
    assert any("FROM passed_over" in statement for statement in said)
    assert not any(statement.startswith(("INSERT INTO passed_over", "DELETE FROM passed_over")) for statement in said)


def test_files_that_stay_are_counted_by_reason_with_one_of_each(place: Place, store: Store) -> None:
    for name in ("b.jsonl", "a.jsonl"):
        place.write(name, line(name))
    place.write("c.json", b"[" + line("c") + b", 7]")
    place.write("gone.json", line("gone"))
    Scans(place, store, after="delete").scan()
    assert not (place.folder / "gone.json").exists()
    assert health_of(place).staying == (
        Staying("it is not deleted: lines may still be added to it", 2, "a.jsonl"),
        Staying("it is not deleted: records of it are in the quarantine", 1, "c.json"),
    )


def test_a_file_goes_once_its_records_have_left_the_quarantine(place: Place, store: Store) -> None:
    file = place.write("c.json", b"[" + line("c") + b", 7]")
    scans = Scans(place, store, after="delete")
    scans.scan()
    assert file.exists()
    assert QuarantineDesk(store).discard([1], "of no use") == 1
    scans.scan()
    assert not file.exists()
    assert health_of(place).staying == ()


def test_where_files_are_kept_there_is_nothing_to_say(place: Place, store: Store) -> None:
    place.write("a.jsonl", line("a"))
    Scans(place, store, after="delete").scan()
    assert len(health_of(place).staying) == 1
    Scans(place, store).scan()
    assert health_of(place).staying == ()
    assert look_at(os.fsencode(place.folder / "a.jsonl")) is not None


def test_in_words() -> None:
    told = replace(
        source("./events"),
        passed_over=(PassedOver("link", 1_204, "latest"), PassedOver("pipe", 1, "in.json")),
        staying=(Staying("it is not deleted: why", 1, "a.jsonl"), Staying("it is not moved: why", 2_000, "b.json")),
    )
    assert list(left_alone(told)) == [
        "only plain files are read, passed over: 1,204 links (such as latest), 1 named pipe (in.json)",
        "a.jsonl: it is not deleted: why",
        "2,000 files stay, such as b.json: it is not moved: why",
    ]
    assert list(left_alone(source("./events"))) == []
