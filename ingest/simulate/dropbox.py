"""A folder of event files as a platform leaves them: growing JSONL that rotates, and single files renamed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final, Self

import orjson

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.simulate.stage import Event


class GrowingFile:
    """A JSONL file that is appended to in whole lines, and renamed to `.1`, `.2`, … when it has reached its size."""

    def __init__(self, path: Path, rotate_bytes: int) -> None:
        """Append to a file, which is made when the first line comes; a file that is there already grows on."""
        self._path: Final = path
        self._rotate_bytes: Final = rotate_bytes
        self._file: BinaryIO | None = None
        self._size = 0
        self._lines: list[bytes] = []

    def add(self, line: bytes) -> None:
        """Take a line (with its newline); rotate once the file has reached its size."""
        if self._file is None:
            self._file = self._path.open("ab", buffering=0)
            self._size = self._file.tell()
        self._lines.append(line)
        self._size += len(line)
        if self._size >= self._rotate_bytes:
            self._rotate()

    def flush(self) -> None:
        """Write the lines taken since the last time, at once."""
        if self._file is None or not self._lines:
            return
        rest = memoryview(b"".join(self._lines))
        self._lines.clear()
        while rest:
            rest = rest[self._file.write(rest) :]

    def close(self) -> None:
        """Write what is left and close the file."""
        self.flush()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _rotate(self) -> None:
        self.close()
        number = 1
        while (rotated := self._path.with_name(f"{self._path.name}.{number}")).exists():
            number += 1
        self._path.rename(rotated)


class DropBox:
    """Puts events into a folder: a growing file per machine, `identity/` and `content/` for single files."""

    def __init__(self, folder: Path, rotate_bytes: int) -> None:
        """Use a folder, which is made where it is missing.

        Raises:
            OSError: the folder cannot be made.
        """
        self._folder: Final = folder
        self._rotate_bytes: Final = rotate_bytes
        self._growing: Final[dict[str, GrowingFile]] = {}
        self._dropped = 0
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, event: Event) -> None:
        """Add an event to its machine's file; it is there after the next `flush`."""
        host: str = event["host"]
        growing = self._growing.get(host)
        if growing is None:
            growing = self._growing[host] = GrowingFile(self._folder / f"{host}.jsonl", self._rotate_bytes)
        growing.add(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))

    def drop(self, event: Event, into: str) -> None:
        """Write an event to a file of its own, under a name no reader takes, then rename it to `.json`."""
        folder = self._folder / into
        folder.mkdir(exist_ok=True)
        self._dropped += 1
        stamp = str(event["timestamp"]).replace("-", "").replace(":", "")
        final = folder / f"{stamp}-{self._dropped:06d}.json"
        unfinished = final.with_name(f"{final.name}.tmp")
        unfinished.write_bytes(orjson.dumps(event))
        unfinished.replace(final)

    def flush(self) -> None:
        """Write out what was appended."""
        for growing in self._growing.values():
            growing.flush()

    def close(self) -> None:
        """Write out what was appended and close every file."""
        for growing in self._growing.values():
            growing.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
