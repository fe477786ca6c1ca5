"""What happens to files around the reading of them: names taken over, inodes used again, bytes that change."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.ingest_place import Place, line


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("data", [b"", line("b"), line("b") + line("c") + line("d"), line("a")])
@pytest.mark.parametrize("name", ["new.jsonl", "old.jsonl"])
def test_a_file_with_the_inode_of_another_that_is_gone_is_read_from_its_start(
    place: Place, name: str, data: bytes
) -> None:
    path = place.write("old.jsonl", line("a") + line("a"))
    place.ingest()
    inode = path.stat().st_ino
    path.rename(place.folder / name).write_bytes(data)  # what a file system does that gives a free inode to the next
    assert (place.folder / name).stat().st_ino == inode
    place.ingest()
    place.append(name, line("grown"))
    place.ingest()
    found = [text for text in ("b", "c", "d") if line(text) in data] + ["a"] * (2 + data.count(line("a")))
    assert place.messages() == sorted([*found, "grown"])


def test_a_file_that_is_replaced_again_and_again_while_it_is_read_gives_each_line_once(place: Place) -> None:
    """Each version begins with the one before; a reader that mixes two of them would repeat or lose lines."""
    lines = [line(str(number), text="x" * 2_000) for number in range(1_500)]
    ended = threading.Event()

    def write() -> None:
        for count in range(100, len(lines) + 1, 100):
            place.replace("a.jsonl", b"".join(lines[:count]))
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not ended.is_set():
        place.ingest()
    writer.join()
    place.ingest()
    assert place.messages() == sorted(str(number) for number in range(1_500))
