"""Files larger than anybody would write by hand, read by a process of its own whose memory is measured."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.ingest_place import Place, line

MIB: Final = 1 << 20
LARGE: Final = 256 * MIB
FLAT: Final = 120
"""MiB that a process may need for files read piece by piece; it needs about 65 of them for nothing."""
WHOLE: Final = 300
"""MiB for the largest document, for the process that reads it and the one that stores it together."""
ALMOST: Final = 64 * MIB - 1024
"""Bytes of a document that is nearly too large."""

MEASURED: Final = """
import os, resource, sys, threading
from pathlib import Path
from config.settings import IngestSettings
from ingest.service import ingest_once, ingest_stream

def resident(number, line):
    return int(Path(f"/proc/{number}/status").read_text().partition(line)[2].split()[0]) >> 10

def watch(ended, sums):
    me = os.getpid()
    while not ended.wait(0.02):
        try:
            children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
            sums.append(sum(resident(number, "VmRSS:") for number in [me, *children]))
        except (OSError, IndexError):  # one of them ends
            pass

ended, sums = threading.Event(), [0]
if sys.platform == "linux":
    threading.Thread(target=watch, args=(ended, sums), daemon=True).start()
if sys.argv[2] == "-":
    ingest_stream(Path(sys.argv[1]), 0, IngestSettings())
else:
    ingest_once(Path(sys.argv[1]), [os.fsencode(sys.argv[2])], IngestSettings())
ended.set()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)
if sys.platform == "linux":  # what is asked above begins with the memory of the process that started this one
    peak = max(resident("self", "VmHWM:"), *sums)
print(peak)
"""


def holes(size: int) -> Iterator[bytes]:
    """Yield NULs: a line without end, as a crash leaves it in a file that was sized in advance."""
    yield from (bytes(MIB) for _ in range(size // MIB))


def one_line(text: bytes) -> Callable[[], Iterator[bytes]]:
    """Return what yields one enormous line of this text between two ordinary ones."""

    def parts() -> Iterator[bytes]:
        yield line("before")
        yield from (text * (MIB // len(text)) for _ in range(LARGE // MIB))
        yield b"\n" + line("after")

    return parts


def many_bad_lines() -> Iterator[bytes]:
    """Yield lines just below the limit that nest without end."""
    yield line("before")
    yield from (b'{"event_type":' + b"[" * (MIB - 100) + b"\n" for _ in range(16))
    yield line("after")


def large_elements() -> Iterator[bytes]:
    """Yield an array of few records, each of which is kept whole."""
    yield b"["
    yield from (line("x" * 3 * MIB).rstrip() + b"," for _ in range(20))
    yield line("last") + b"]"


def many_elements() -> Iterator[bytes]:
    """Yield an array of events of some four hundred bytes, no two of which are alike."""
    size = 0
    yield b"["
    while size < ALMOST - 1_000:
        part = line(f"{size} " + "é" * 50 + "x" * 150, user_id=f"user_{size % 97}").rstrip() + b","
        size += len(part)
        yield part
    yield line("last") + b"]"


def one_object() -> Iterator[bytes]:
    """Yield one record that is nearly as large as a document may be."""
    yield b'{"message": "'
    yield from (b"\xf0\x9f\x98\x80" * (MIB // 4) for _ in range(63))
    yield b'", "event_type": "agent.message"}\n'


def too_large() -> Iterator[bytes]:
    """Yield a document beyond the limit."""
    yield b"["
    yield from holes(LARGE)


def peak_of(place: Place, data: Iterable[bytes] | None = None) -> int:
    """Ingest the folder, or data on standard input, and return the most memory that was ever held, in MiB."""
    what = str(place.folder) if data is None else "-"
    command = [sys.executable, "-c", MEASURED, str(place.store), what]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.writelines(data or ())
        process.stdin.close()
        return int(process.stdout.read())


def write(path: Path, parts: Iterator[bytes]) -> None:
    """Write a file, compressed if its name says so."""
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1) as packed:
                packed.writelines(parts)
        else:
            file.writelines(parts)


@pytest.mark.parametrize(
    ("name", "parts", "limit"),
    [
        ("a.jsonl", one_line(b"\x00"), FLAT),
        ("a.jsonl", one_line(b'{"a":['), FLAT),
        ("a.jsonl", many_bad_lines, FLAT),
        ("a.json", too_large, FLAT),
        ("a.json", one_object, FLAT + 40),
        ("a.json.gz", one_object, FLAT + 40),
        ("a.json", large_elements, WHOLE),
        pytest.param("a.json", many_elements, WHOLE, marks=pytest.mark.slow),
        pytest.param("a.json.gz", many_elements, WHOLE, marks=pytest.mark.slow),
    ],
    ids=[
        *("hole", "brackets", "nested", "too large", "object", "packed object", "large elements"),
        *("elements", "packed elements"),
    ],
)
def test_memory_stays_bounded(tmp_path: Path, name: str, parts: Callable[[], Iterator[bytes]], limit: int) -> None:
    place = Place(tmp_path)
    write(place.folder / name, parts())
    assert peak_of(place) < limit
    kept = set(place.messages())
    long_ones = [message for message in kept if message.endswith("was not kept: the limit is 4194304")]
    assert {"before", "after"} <= kept or "last" in kept or len(place.reasons()) == 1 or len(long_ones) == 1


@pytest.mark.slow
def test_a_document_on_standard_input_is_held_once(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert peak_of(place, many_elements()) < WHOLE
    assert "last" in place.messages()
