"""A disk of a few megabytes for tests, which can be filled to its last byte and be given more room."""

from __future__ import annotations

import errno
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A mounted file system in memory."""

    def __init__(self, path: Path) -> None:
        """Use what is mounted at `path`."""
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Take all room but `leave` bytes, also where others write at the same moment."""
        with self._ballast.open("ab", buffering=0) as file:
            while (free := shutil.disk_usage(self.path).free - leave) > 0:
                try:
                    file.write(bytes(free))
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    return  # somebody took the last of it in between: it is full all the same

    def make_room(self) -> None:
        """Give back what was taken, and much more."""
        self._ballast.unlink(missing_ok=True)
        subprocess.run(["mount", "-o", "remount,size=200m", str(self.path)], check=True, capture_output=True)


@contextmanager
def small_disk(at: Path, megabytes: int = 3) -> Generator[SmallDisk]:
    """Mount a small disk at a folder, over what is in it; the test is skipped where nothing may be mounted."""
    at.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(at)]
    try:
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("A REALLY FULL DISK WAS NOT TESTED: only root may mount a small one")
    try:
        yield SmallDisk(at)
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True, capture_output=True)
