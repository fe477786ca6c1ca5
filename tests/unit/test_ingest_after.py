"""The setting `ingest.after`: what becomes of a finished file, and that nothing goes that was not stored before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.errors import BadValueError
from config.loading import load
from config.settings import IngestSettings
from ingest.scan import afterwards
from ingest.scan.afterwards import Afterwards
from ingest.scan.batcher import Batcher
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.scan.opening import look_at
from ingest.tools import record_tools
from store.sources import Folder, FolderMode
from store.store import Store
from tests.ingest_place import Place, line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with Store.open(place.store) as opened:
        yield opened


class Reader:
    """Reads single files of one named folder, with what becomes of them."""

    def __init__(self, place: Place, store: Store, after: str, mode: FolderMode = "watch") -> None:
        """Name the place's folder."""
        self.folder = store.sources.add_folder(os.fsencode(place.folder), "folder", mode)
        self.intake = Intake(store, record_tools(IngestSettings()), NameRules(), Batcher(store), after=after)

    def read(self, *paths: Path) -> None:
        """Read files to their end, and let them rest."""
        for path in map(os.fsencode, paths):
            facts = look_at(path)
            assert facts is not None
            self.intake.notice(path, self.folder.folder_no, facts)
        while not self.intake.idle:
            self.intake.step()
        self.intake.take_quiet_ends(below=self.folder.path)


def names(folder: Path) -> list[str]:
    """Return what lies below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_finished_document_is_deleted_once_it_is_stored(place: Place, store: Store) -> None:
    reader = Reader(place, store, "delete")
    reader.read(place.write("a.json", line("a")), place.write("b.json", b"[" + line("b") + b"," + line("c") + b"]"))
    assert names(place.folder) == []
    assert place.messages() == ["a", "b", "c"]
    reader.read(place.write("a.json", line("a")), place.write("d.json", line("d")))
    assert place.messages() == ["a", "b", "c", "d"], "the same file again adds nothing"


def test_nothing_goes_before_what_it_gave_is_on_the_disk(
    place: Place, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def see_off(*_: object) -> str:
        done.append("file")
        return "it stays"

    monkeypatch.setattr(Afterwards, "see_off", see_off)
    store.connection.set_trace_callback(done.append)
    Reader(place, store, "delete").read(place.write("a.json", line("a")))
    store.connection.set_trace_callback(None)
    event = next(at for at, what in enumerate(done) if what.startswith("INSERT INTO event "))
    full = done.index("PRAGMA synchronous = FULL")
    committed = done.index("COMMIT", full)
    assert event < full < committed < done.index("file")


def test_files_are_moved_with_the_folders_they_lay_in(tmp_path: Path, place: Place, store: Store) -> None:
    target = tmp_path / "done"
    (place.folder / "sub").mkdir()
    reader = Reader(place, store, f"move {target}")
    reader.read(place.write("a.json", line("a")), place.write("sub/a.json", line("b")))
    assert (names(place.folder), names(target)) == ([], ["a.json", "sub/a.json"])
    assert (target / "a.json").read_bytes() == line("a")


def test_a_move_never_overwrites(tmp_path: Path, place: Place, store: Store) -> None:
    target = tmp_path / "done"
    target.mkdir()
    (target / "a.json").write_text("mine")
    (target / "a.json.1").symlink_to(tmp_path / "elsewhere")
    Reader(place, store, f"move {target}").read(place.write("a.json", line("a")))
    assert (target / "a.json").read_text() == "mine"
    assert (target / "a.json.2").read_bytes() == line("a")
    assert not (tmp_path / "elsewhere").exists()


def test_across_disks_a_file_is_copied_whole(
    tmp_path: Path, place: Place, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(afterwards.os, "link", no_link)
    target = tmp_path / "done"
    target.mkdir()
    (target / "a.json").write_text("mine")
    Reader(place, store, f"move {target}").read(place.write("a.json", line("a")))
    assert names(place.folder) == []
    assert [(target / name).read_bytes() for name in names(target)] == [b"mine", line("a")]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jsonl", line("a"), "it is not deleted: lines may still be added to it"),
        ("b.jsonl", line("a") + line("b"), "it is not deleted: lines may still be added to it"),
        ("c.json", b"[" + line("a") + b", 7]", "it is not deleted: records of it are in the quarantine"),
    ],
)
def test_what_is_not_finished_stays_and_says_why(
    place: Place, store: Store, name: str, data: bytes, reason: str
) -> None:
    Reader(place, store, "delete").read(place.write(name, data))
    assert names(place.folder) == [name]
    assert place.rows("SELECT state, reason FROM source") == [("ok", reason)]


@pytest.mark.parametrize("change", ["replaced", "appended to"])
def test_a_file_that_changed_since_it_was_read_stays(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(line("a"))
    facts = look_at(os.fsencode(path))
    assert facts is not None
    if change == "replaced":
        path.unlink()
    with path.open("ab") as file:
        file.write(line("b"))
    folder = Folder(1, os.fsencode(tmp_path), "folder", "watch", done=False)
    why = Afterwards("delete").see_off(os.fsencode(path), facts, folder, [folder])
    assert why == "it is not deleted: it has changed since it was read"
    assert names(tmp_path) == ["a.json"]


@pytest.mark.parametrize("taken_again", [False, True])
def test_a_file_that_is_replaced_at_the_last_moment_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, taken_again: bool
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(line("a"))
    facts = look_at(os.fsencode(path))
    assert facts is not None
    rename = os.rename

    def replace_then_rename(one: bytes, other: bytes) -> None:
        path.unlink()
        path.write_bytes(line("new"))
        rename(one, other)
        if taken_again:
            path.write_bytes(line("newer"))

    monkeypatch.setattr(afterwards.os, "rename", replace_then_rename)
    folder = Folder(1, os.fsencode(tmp_path), "folder", "watch", done=False)
    assert Afterwards("delete").see_off(os.fsencode(path), facts, folder, [folder]) is not None
    monkeypatch.undo()
    contents = sorted(one.read_bytes() for one in tmp_path.iterdir())
    assert contents == sorted([line("new")] + [line("newer")] * taken_again)
    assert all(NameRules().reads(os.fsencode(name)) for name in names(tmp_path)), "whatever is left is read"


def test_only_what_lies_in_a_watched_folder_goes(tmp_path: Path, place: Place, store: Store) -> None:
    Reader(place, store, "delete", mode="once").read(place.write("a.json", line("a")))
    assert names(place.folder) == ["a.json"]
    path = place.write("b.json", line("b"))
    facts = look_at(os.fsencode(path))
    assert facts is not None
    for folder in (
        Folder(1, os.fsencode(path), "file", "watch", done=False),
        Folder(1, os.fsencode(tmp_path / "other"), "folder", "watch", done=False),
    ):
        assert Afterwards("delete").see_off(os.fsencode(path), facts, folder, [folder])
    assert path.exists()


def test_files_are_not_moved_into_what_is_watched(place: Place, store: Store) -> None:
    (place.folder.parent / "way").symlink_to(place.folder)
    Reader(place, store, f"move {place.folder.parent}/way/done").read(place.write("a.json", line("a")))
    assert names(place.folder) == ["a.json"]


def test_a_target_that_cannot_be_used_leaves_the_file_where_it_was(tmp_path: Path, place: Place, store: Store) -> None:
    (tmp_path / "done").write_text("a file, no folder")
    Reader(place, store, f"move {tmp_path}/done").read(place.write("a.json", line("a")))
    assert names(place.folder) == ["a.json"]
    assert place.messages() == ["a"]


@pytest.mark.parametrize("value", ["Delete", "move", "move done", "remove", "keep it"])
def test_other_words_are_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadValueError, match=r"must be keep, delete, or move and a whole path"):
        load(environ={"HOME": str(tmp_path), "AUDITAIL_INGEST__AFTER": value}, cwd=tmp_path)


def test_home_may_be_written_short_and_a_project_cannot_set_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    found = load(environ={"HOME": str(tmp_path), "AUDITAIL_INGEST__AFTER": "move ~/done"}, cwd=tmp_path)
    assert found.settings.ingest.after == f"move {tmp_path}/done"
    project = tmp_path / "services" / "logging"
    project.mkdir(parents=True)
    (project / "config.yaml").write_text("ingest: {after: delete}\nlogging: {retention_days: null}\n")
    assert load(environ={"HOME": str(tmp_path)}, cwd=tmp_path).settings.ingest.after == "keep"
