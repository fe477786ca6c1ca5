"""Compressed files give what they hold, once: whole, growing, cut off, damaged, or made to fill a disk."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from backports import zstd

from ingest.containers.content import FREE_SIZE, PackedContent
from ingest.containers.lines import LINE_LIMIT
from store.store import Store
from tests.ingest_place import Place, line

ABC = line("a") + line("b") + line("c")
Pack = Callable[[bytes], bytes]
BOTH = pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".zst", zstd.compress)])


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def noise(count: int) -> bytes:
    """Return records that hardly can be compressed."""
    return b"".join(line(os.urandom(400).hex()) for _ in range(count))


def content_of(path: Path, suffix: str) -> tuple[int, PackedContent]:
    descriptor = os.open(path, os.O_RDONLY)
    return descriptor, PackedContent(descriptor, suffix.encode())


@BOTH
def test_a_compressed_file_gives_what_it_holds_once(place: Place, suffix: str, pack: Pack) -> None:
    place.write("a.jsonl" + suffix, pack(ABC + b"bad\n") + pack(b"") + pack(line("d")))
    assert place.ingest().events == 4
    assert place.ingest().events == 0
    assert place.messages() == ["a", "b", "c", "d"]
    places = dict(place.rows("SELECT message, byte_offset FROM event"))
    assert places == {name: n * len(line("a")) + (4 if name == "d" else 0) for n, name in enumerate("abcd")}
    assert place.rows("SELECT byte_offset, line FROM quarantine") == [(len(ABC), 4)]
    [known] = list(Store.open(place.store).sources.known())
    assert known.checkpoint is not None
    assert known.checkpoint.settled


@BOTH
@pytest.mark.parametrize("shape", ["array", "events", "lines", "object"])
def test_a_compressed_document_is_read_whole(place: Place, suffix: str, pack: Pack, shape: str) -> None:
    records = [orjson.loads(line(text)) for text in ("ä", "b")]
    data = {
        "array": orjson.dumps(records, option=orjson.OPT_INDENT_2),
        "events": b"\xef\xbb\xbf" + orjson.dumps({"events": records}),
        "lines": line("ä") + line("b"),
        "object": orjson.dumps(records[0], option=orjson.OPT_INDENT_2),
    }[shape]
    place.write("a.json" + suffix, pack(data))
    assert place.ingest().events == (1 if shape == "object" else 2)
    assert place.ingest().events == 0
    place.write("a.json" + suffix, pack(orjson.dumps([*records, orjson.loads(line("new"))])))
    if shape in {"array", "events"}:
        assert place.ingest().events == 1


@BOTH
def test_many_chunks_are_read_in_turns(place: Place, suffix: str, pack: Pack) -> None:
    for number in range(6):
        records = b"".join(line(f"{number} {each}", text="x" * 900) for each in range(1400))
        place.write(f"{number}.jsonl{suffix}", pack(records))
    assert place.ingest().events == 6 * 1400
    assert len(set(place.messages())) == 6 * 1400


@BOTH
def test_a_file_that_is_still_written_waits_and_is_named(place: Place, suffix: str, pack: Pack) -> None:
    last = pack(line("end"))
    whole = pack(noise(50)) + last
    place.write("a.jsonl" + suffix, whole[: -len(last) // 2])
    summary = place.ingest()
    assert summary.events == 50
    assert summary.unreadable == 1
    assert "still being written, or was cut off" in summary.problems[0]
    place.write("a.jsonl" + suffix, whole)
    summary = place.ingest()
    assert (summary.events, summary.unreadable, summary.quarantined) == (1, 0, 0)


@BOTH
def test_a_cut_off_document_waits_and_is_named(place: Place, suffix: str, pack: Pack) -> None:
    whole = pack(b"[" + noise(20).replace(b"\n", b",") + line("end") + b"]")
    place.write("a.json" + suffix, whole[:-20])
    summary = place.ingest()
    assert (summary.events, summary.unreadable, summary.quarantined) == (0, 1, 0)
    place.write("a.json" + suffix, whole)
    assert place.ingest().events == 21


@pytest.mark.parametrize("tail", [b"this is no gzip", bytes(range(1, 60))])
def test_what_stands_before_a_fault_is_kept_and_the_fault_told_once(place: Place, tail: bytes) -> None:
    path = place.write("a.jsonl.gz", gzip.compress(ABC + line("half")[:20]) + tail)
    summary = place.ingest()
    assert (summary.events, summary.quarantined) == (3, 1)
    assert place.reasons()[0].startswith("the compressed file is damaged before its byte")
    assert place.rows("SELECT byte_offset, line, raw FROM quarantine") == [(len(ABC), 4, line("half")[:20])]
    path.rename(place.folder / "a.jsonl.1.gz")
    assert (place.ingest().events, len(place.reasons())) == (0, 1)


def test_damage_in_the_middle_keeps_what_was_whole(place: Place) -> None:
    first, second = noise(3000), noise(3000)
    data = bytearray(gzip.compress(first) + gzip.compress(second))
    data[-4] ^= 0xFF
    place.write("a.jsonl.gz", bytes(data))
    summary = place.ingest()
    assert summary.quarantined == 1
    assert summary.events >= 3000


@BOTH
def test_a_name_that_promises_too_much_is_told(place: Place, suffix: str, pack: Pack) -> None:
    place.write("a.jsonl" + suffix, ABC)
    place.write("b.json" + suffix, b'{"a": 1}')
    assert pack(b"") != b""
    summary = place.ingest()
    assert (summary.events, summary.quarantined) == (0, 2)
    assert all(f"it is no {suffix} data" in reason for reason in place.reasons())


@BOTH
def test_a_bomb_is_one_entry_in_quarantine(place: Place, suffix: str, pack: Pack) -> None:
    zeros = pack(b"\0" * (FREE_SIZE >> 3))
    place.write("a.jsonl" + suffix, pack(ABC) + zeros * 12)
    place.write("b.json" + suffix, zeros * 12)
    summary = place.ingest()
    assert (summary.events, summary.quarantined) == (3, 2)
    assert sorted(reason[:20] for reason in place.reasons()) == ["it unpacks to more t", "larger than 64 MiB: "]
    assert place.ingest().quarantined == 0


@BOTH
def test_little_is_held_of_what_unpacks_to_much(tmp_path: Path, suffix: str, pack: Pack) -> None:
    path = tmp_path / "a"
    path.write_bytes(pack(b"\0" * (FREE_SIZE >> 3)) * 12)
    descriptor, content = content_of(path, suffix)
    offset = 0
    while data := content.read(1 << 20, offset):
        offset += len(data)
        assert content.held < (1 << 20) * 3
    os.close(descriptor)
    assert content.fault is not None
    assert FREE_SIZE <= offset < FREE_SIZE + (1 << 20)


@BOTH
def test_an_over_long_line_leaves_a_marker(place: Place, suffix: str, pack: Pack) -> None:
    long = line("y" * (3 * LINE_LIMIT))
    place.write("a.jsonl" + suffix, pack(line("a") + long + line("b")))
    assert place.ingest().events == 3
    [(metadata, offset)] = place.rows("SELECT metadata, byte_offset FROM event WHERE message LIKE 'a record of%'")
    assert orjson.loads(metadata)["size"] == len(long) - 1
    assert offset == len(line("a"))


@BOTH
def test_a_stream_that_members_are_added_to_is_followed(place: Place, suffix: str, pack: Pack) -> None:
    place.write("a.jsonl" + suffix, pack(ABC))
    place.ingest()
    place.append("a.jsonl" + suffix, pack(line("a")) + b"\0" * 70_000)
    assert place.ingest().events == 1
    assert place.messages() == ["a", "a", "b", "c"]


@BOTH
def test_bytes_are_read_by_place_forwards_and_backwards(tmp_path: Path, suffix: str, pack: Pack) -> None:
    body = os.urandom(700_000)
    path = tmp_path / "a"
    path.write_bytes(pack(body[:1000]) + pack(body[1000:]))
    descriptor, content = content_of(path, suffix)
    for start, size in ((0, 10), (650_000, 9000), (649_500, 100), (20, 500_000), (0, 1024), (699_999, 50)):
        assert content.read(size, start) == body[start : start + size]
    os.close(descriptor)
