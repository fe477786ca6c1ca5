"""Which file is which: through rotation, compression, copies in the making, other disks, and inodes that come again."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from backports import zstd

from tests.ingest_place import Place, line

ABC = line("a") + line("b") + line("c")
Pack = Callable[[bytes], bytes]
BOTH = pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def pack_in_place(path: Path, suffix: str, pack: Pack) -> Path:
    """Compress a file as `gzip` and `zstd --rm` do."""
    packed = path.with_name(path.name + suffix)
    packed.write_bytes(pack(path.read_bytes()))
    path.unlink()
    return packed


@BOTH
@pytest.mark.parametrize("looks", [True, False])
def test_rotation_and_compression_repeat_nothing(place: Place, suffix: str, pack: Pack, *, looks: bool) -> None:
    path = place.write("app.jsonl", ABC)
    place.ingest()
    place.append("app.jsonl", line("late"))
    first = path.rename(place.folder / "app.jsonl.1")
    place.write("app.jsonl", line("second") + line("second"))
    if looks:
        place.ingest()
    second = first.rename(place.folder / "app.jsonl.2")
    pack_in_place(second, suffix, pack)
    place.ingest()
    assert place.messages() == ["a", "b", "c", "late", "second", "second"]
    assert place.ingest().events == 0


@BOTH
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize("seen_gone", [True, False])
def test_a_single_record_that_is_compressed_and_back_is_the_same(
    place: Place, suffix: str, pack: Pack, name: str, *, seen_gone: bool
) -> None:
    path = place.write(name, line("x"))
    place.ingest()
    packed = path.with_name(name + suffix)
    packed.write_bytes(pack(line("x")))
    if not seen_gone:
        place.ingest()
    path.unlink()
    place.ingest()
    path.write_bytes(line("x"))
    packed.unlink()
    place.ingest()
    assert place.messages() == ["x"]


@BOTH
def test_a_single_record_and_its_packed_twin_that_come_together_are_one(place: Place, suffix: str, pack: Pack) -> None:
    for name in ("a.json", "b.jsonl"):
        place.write(name, line("x"))
        place.write(name + suffix, pack(line("x")))
    place.write("c.json" + suffix, pack(line("x")))
    place.ingest()
    assert place.messages() == ["x", "x", "x"]


@BOTH
def test_a_compressed_copy_in_the_making_waits_for_its_end(place: Place, suffix: str, pack: Pack) -> None:
    data = b"".join(line(os.urandom(300).hex()) for _ in range(400))
    place.write("a.jsonl.1", data)
    place.ingest()
    packed = pack(data)
    for size in (0, 5, len(packed) // 2, len(packed) - 3):
        place.write("a.jsonl.1" + suffix, packed[:size])
        assert place.ingest().events == 0
    place.write("a.jsonl.1" + suffix, packed)
    assert place.ingest().events == 0
    (place.folder / "a.jsonl.1").unlink()
    assert place.ingest().events == 0
    assert len(place.messages()) == 400


@BOTH
def test_a_compressed_file_goes_on_where_the_plain_one_stood(place: Place, suffix: str, pack: Pack) -> None:
    path = place.write("a.jsonl", ABC)
    place.ingest()
    place.append("a.jsonl", line("d") + line("a"))
    pack_in_place(path, suffix, pack)
    assert place.ingest().events == 2
    [offset] = [row[0] for row in place.rows("SELECT byte_offset FROM event WHERE message = 'd'")]
    assert offset == len(ABC)


@BOTH
def test_copytruncate_with_compression_reads_what_only_the_copy_has(place: Place, suffix: str, pack: Pack) -> None:
    path = place.write("a.jsonl", ABC)
    place.ingest()
    place.append("a.jsonl", line("late"))
    place.write("a.jsonl.1" + suffix, pack(path.read_bytes()))
    place.write("a.jsonl", line("a"))
    assert place.ingest().events == 2
    assert place.messages() == ["a", "a", "b", "c", "late"]


def renumber_devices(place: Place) -> None:
    """Make all that is remembered of devices wrong, as a remount can."""
    with closing(sqlite3.connect(place.store)) as connection, connection:
        connection.execute("UPDATE source SET device = device + 7")
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            if "device" in columns and table != "source":
                connection.execute(f"UPDATE {table} SET device = device + 7")


def test_another_device_number_repeats_nothing(place: Place) -> None:
    fork = ABC + line("x")
    for name, data in {
        "one.json": line("one"),
        "two.json": line("one"),
        "many.jsonl": ABC,
        "list.json": b"[" + line("l") + b"," + line("l") + b"]",
        "packed.jsonl.gz": gzip.compress(ABC + line("p")),
        "fork.jsonl": fork,
    }.items():
        place.write(name, data)
        place.ingest()
    before = place.messages()
    place.append("many.jsonl", line("m"))
    renumber_devices(place)
    place.ingest()
    assert place.messages() == sorted([*before, "m"])
    place.append("fork.jsonl", line("f"))
    place.append("many.jsonl", line("m"))
    place.ingest()
    assert place.messages() == sorted([*before, "m", "m", "f"])


def test_forks_that_share_a_beginning_stay_apart(place: Place) -> None:
    shared = b"".join(line(f"shared {number}", text="x" * 100) for number in range(30))
    place.write("a.jsonl", shared)
    place.ingest()
    for name in "bcd":
        shutil.copy(place.folder / "a.jsonl", place.folder / f"{name}.jsonl")
    place.ingest()
    for name in "abcd":
        place.append(f"{name}.jsonl", line("own") + line(name))
    place.ingest()
    renumber_devices(place)
    for name in "abcd":
        place.append(f"{name}.jsonl", line("more"))
    place.ingest()
    own = [text for text in place.messages() if not text.startswith("shared")]
    assert own == sorted([*"abcd", *["own"] * 4, *["more"] * 4])
    assert len(place.messages()) == 30 + 12


def test_an_equal_small_file_on_a_used_inode_is_another(place: Place) -> None:
    path = place.write("one.json", line("x"))
    place.ingest()
    moved = path.rename(place.folder / "moved.json")
    assert place.ingest().events == 0
    moved.rename(place.folder / "two.json")
    os.utime(place.folder / "two.json", ns=(1, time.time_ns() + 1_000_000_000))
    assert place.ingest().events == 1


def test_a_file_that_could_not_be_read_at_first_may_be_a_copy(place: Place) -> None:
    place.write("a.jsonl", ABC)
    place.ingest()
    (place.folder / "b.jsonl").touch()
    place.ingest()
    place.append("b.jsonl", ABC)
    assert place.ingest().events == 0
    place.append("b.jsonl", line("own"))
    assert place.ingest().events == 1


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_a_copy_of_what_a_file_was_a_while_ago_adds_nothing_until_it_grows(place: Place, suffix: str) -> None:
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstd.compress}[suffix]
    known = b"".join(line(f"known {number}") for number in range(20))
    place.write("a.jsonl", known)
    place.ingest()
    place.append("a.jsonl", line("d"))
    place.write("b.jsonl" + suffix, pack(known))
    assert place.ingest().events == 1
    place.write("b.jsonl" + suffix, pack(known + line("d")))
    assert place.ingest().events == 1
    assert place.messages() == sorted(["d", "d", *(f"known {number}" for number in range(20))])


def test_a_rewritten_list_in_a_compressed_file_adds_only_new_elements(place: Place) -> None:
    one, two = orjson.loads(line("one")), orjson.loads(line("two"))
    place.replace("a.json.gz", gzip.compress(orjson.dumps([one, one])))
    place.ingest()
    place.replace("a.json.gz", gzip.compress(orjson.dumps([two, one, one, one])))
    assert place.ingest().events == 2


@pytest.mark.parametrize(("of", "to"), [("x", "y"), ("y", "x")])
@pytest.mark.parametrize(("count", "new"), [(3, 2), (1, 2), (3, 1), (1, 1)])
def test_a_document_that_was_moved_and_whose_place_was_taken_repeats_nothing(
    place: Place, of: str, to: str, count: int, new: int
) -> None:
    for name in (of, to):
        (place.folder / name).mkdir()
    path = place.write(f"{of}/a.json", orjson.dumps([orjson.loads(line(str(one))) for one in range(count)]))
    place.ingest()
    path.rename(place.folder / to / "a.json")
    place.write(f"{of}/a.json", orjson.dumps([orjson.loads(line(f"new {one}")) for one in range(new)]))
    assert place.ingest().events == new
    assert place.ingest().events == 0
    place.write(f"{to}/a.json", orjson.dumps([orjson.loads(line(str(one))) for one in range(count + 1)]))
    assert place.ingest().events == 1
