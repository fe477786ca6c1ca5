"""What the scanner says where the store itself cannot be written: a note in place of blanks in its lock file.

On a full disk, or while another process holds the store's lock, the heartbeat cannot be stored. The lock file has its
room from the start, and overwriting bytes that a file already has needs no new space. (A file system that never
overwrites in place, as btrfs or ZFS, may refuse even that when it is full; then only the heartbeat's age shows.)
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

_SIZE: Final = 2_048
_MOST_CHARACTERS: Final = 400
"""Of the text; with every character escaped it still fits."""


@dataclass(frozen=True, slots=True)
class LeaseNote:
    """The last note. `at_us`: UTC microseconds. `trouble`: one line that says what to do; None: all is well again."""

    pid: int
    at_us: int
    trouble: str | None


def lock_path(store_path: Path) -> Path:
    """Return the file whose lock is the right to scan for a store, and which holds the note."""
    return store_path.with_name(store_path.name + ".scanner.lock")


def write_note(descriptor: int, note: LeaseNote) -> bool:
    """Overwrite the note in the open lock file; return whether that was possible."""
    trouble = None if note.trouble is None else note.trouble[:_MOST_CHARACTERS]
    data = orjson.dumps({"pid": note.pid, "at_us": note.at_us, "trouble": trouble})
    with suppress(OSError):
        return os.pwrite(descriptor, data.ljust(_SIZE - 1) + b"\n", 0) == _SIZE
    return False


def read_note(store_path: Path) -> LeaseNote | None:
    """Return what the scanner of a store last noted; None: nothing that can be read."""
    try:
        with lock_path(store_path).open("rb") as file:
            found = orjson.loads(file.read(_SIZE))
        return LeaseNote(int(found["pid"]), int(found["at_us"]), found["trouble"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
