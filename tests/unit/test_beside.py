"""Where a file went whose place another one took: one listing answers for many, and an old answer is never believed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.scan import beside
from ingest.scan.beside import Beside
from ingest.scan.names import NameRules
from store.store import Store
from tests.ingest_place import Place, line
from tests.unit.test_left_alone import Scans

Listed = list[bytes]


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Listed:
    """Return the folders that are listed from now on."""
    folders: Listed = []
    scandir: Callable[[bytes], object] = os.scandir

    def scan(folder: bytes) -> object:
        folders.append(folder)
        return scandir(folder)

    monkeypatch.setattr(beside.os, "scandir", scan)
    return folders


def replaced(folder: Path, name: str, *, kept_as: str | None = None) -> tuple[bytes, int]:
    """Replace a file, which may stay under another name; return where it was and its inode."""
    path = folder / name
    path.write_text("old")
    inode = path.stat().st_ino
    path.rename(folder / (kept_as or "elsewhere.tmp"))
    path.write_text("new")
    return os.fsencode(path), inode


def test_one_listing_answers_for_all_that_were_replaced(tmp_path: Path, listed: Listed) -> None:
    where = Beside(NameRules())
    asked = [replaced(tmp_path, f"{number}.json", kept_as=f"{number}.json.1") for number in range(9)]
    for path, inode in asked:
        where.expect(path, inode)
    assert [where.find(path, inode) for path, inode in asked] == [path + b".1" for path, _ in asked]
    assert len(listed) == 1


def test_what_was_replaced_after_the_listing_is_looked_for_anew(tmp_path: Path, listed: Listed) -> None:
    where = Beside(NameRules())
    for number in range(3):
        path, inode = replaced(tmp_path, "a.json", kept_as=f"b{number}.json")
        where.expect(path, inode)
        assert where.find(path, inode) == os.fsencode(tmp_path / f"b{number}.json")
    assert len(listed) == 3


def test_an_answer_that_is_not_true_any_more_is_not_given(tmp_path: Path) -> None:
    where = Beside(NameRules())
    path, inode = replaced(tmp_path, "a.json", kept_as="b.json")
    where.expect(path, inode)
    assert where.find(path, inode) == os.fsencode(tmp_path / "b.json")
    (tmp_path / "b.json").rename(tmp_path / "c.json")
    assert where.find(path, inode) == os.fsencode(tmp_path / "c.json")
    (tmp_path / "c.json").unlink()
    assert where.find(path, inode) is None


def test_nobody_is_found_under_a_name_that_is_not_read_nor_in_a_folder_that_is_gone(tmp_path: Path) -> None:
    where = Beside(NameRules())
    path, inode = replaced(tmp_path, "a.json")
    where.expect(path, inode)
    assert where.find(path, inode) is None
    assert where.find(os.fsencode(tmp_path / "gone/a.json"), inode) is None


def test_another_file_at_the_same_place_is_another_question(tmp_path: Path) -> None:
    where = Beside(NameRules())
    first = replaced(tmp_path, "a.json", kept_as="b.json")
    where.expect(*first)
    assert where.find(*first) == os.fsencode(tmp_path / "b.json")
    second = replaced(tmp_path, "a.json", kept_as="c.json")
    assert where.find(*second) == os.fsencode(tmp_path / "c.json")
    where.drop(first[0])
    assert where.find(*first) == os.fsencode(tmp_path / "b.json")


@pytest.mark.parametrize("records", [1, 2])
def test_a_scan_lists_a_folder_once_for_all_files_that_were_replaced(
    tmp_path: Path, listed: Listed, records: int
) -> None:
    place = Place(tmp_path)
    with Store.open(place.store) as store:
        scans = Scans(place, store)
        for number in range(60):
            place.write(f"{number}.json", b"[" + b",".join([line(f"old {number}")] * records) + b"]")
            place.write(f"{number}.jsonl", line(f"line {number}") * records)
        scans.scan()
        for number in range(60):
            place.replace(f"{number}.json", b"[" + b",".join([line(f"new {number}")] * records) + b"]")
            place.replace(f"{number}.jsonl", line(f"more {number}") * records)
        listed.clear()
        scans.scan()
    assert len(place.messages()) == 60 * 4 * records
    assert len(listed) == 2  # by the scan itself, and to see where files went
