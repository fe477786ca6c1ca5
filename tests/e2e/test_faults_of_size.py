"""Files larger than anybody would write by hand, read by a process of its own whose memory is measured."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.ingest_place import Place, line

MIB: Final = 1 << 20
LARGE: Final = 256 * MIB
FLAT: Final = 120
"""MiB that a process may need for files read piece by piece; it needs about 65 of them for nothing."""
WHOLE: Final = 700
"""MiB for one document of nearly the largest size, all of whose elements have to be held at once."""

MEASURED: Final = """
import os, resource, sys
from pathlib import Path
from config.settings import IngestSettings
from ingest.service import ingest_once
ingest_once(Path(sys.argv[1]), [os.fsencode(sys.argv[2])], IngestSettings())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10)
if sys.platform == "linux":  # what is asked above begins with the memory of the process that started this one
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) >> 10
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


def many_elements() -> Iterator[bytes]:
    """Yield an array of more than fifty megabytes."""
    element = line("x" * 200).rstrip() + b","
    yield b"["
    yield from (element * 1_000 for _ in range(50 * MIB // len(element) // 1_000))
    yield line("last") + b"]"


def too_large() -> Iterator[bytes]:
    """Yield a document beyond the limit."""
    yield b"["
    yield from holes(LARGE)


def peak_of(place: Place) -> int:
    """Ingest the folder in a new process and return the most memory that it ever held, in MiB."""
    command = [sys.executable, "-c", MEASURED, str(place.store), str(place.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    return int(done.stdout)


@pytest.mark.parametrize(
    ("name", "parts", "limit"),
    [
        ("a.jsonl", one_line(b"\x00"), FLAT),
        ("a.jsonl", one_line(b'{"a":['), FLAT),
        ("a.jsonl", many_bad_lines, FLAT),
        ("a.json", too_large, FLAT),
        pytest.param("a.json", many_elements, WHOLE, marks=pytest.mark.slow),
    ],
    ids=["hole", "brackets", "nested", "too large", "elements"],
)
def test_memory_stays_bounded(tmp_path: Path, name: str, parts: Callable[[], Iterator[bytes]], limit: int) -> None:
    place = Place(tmp_path)
    with (place.folder / name).open("wb") as file:
        file.writelines(parts())
    assert peak_of(place) < limit
    kept = set(place.messages())
    assert {"before", "after"} <= kept or "last" in kept or len(place.reasons()) == 1
