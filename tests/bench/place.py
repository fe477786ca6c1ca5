"""Where a benchmark works: a folder of its own, a home of its own, and the program started from this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT: Final = Path(__file__).resolve().parents[2]
AUDITAIL: Final = (sys.executable, "-c", "import sys; from cli.main import main; sys.exit(main())")
"""The program without the launcher script, which some environments do not have."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that is removed at the end."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """An environment in which nothing of the user's is seen or touched, on a terminal with all colours."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AUDITAIL_", "XDG_"))}
        frozen = {"HOME": str(self.folder / "home"), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        return {**kept, **frozen, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}

    def run(self, *command: str | Path) -> float:
        """Run a program to its end, its output thrown away; return the seconds that it took.

        Raises:
            subprocess.CalledProcessError: it failed; its error output is attached.
        """
        begin = time.perf_counter()
        subprocess.run(
            [*map(str, command)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=True,
        )
        return time.perf_counter() - begin

    def answer(self, *command: str | Path, told: str | None = None) -> str:
        """Run a program to its end and return its output; what it says on the side is passed through.

        `told` is its standard input; None: it has that of this process.
        """
        done = subprocess.run(
            [*map(str, command)],
            cwd=self.folder,
            env=self.environment,
            input=told,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        return done.stdout


@contextmanager
def a_place(parent: Path | None) -> Generator[Place]:
    """Make a place under `parent` (None: where temporary files go) and remove it afterwards."""
    with TemporaryDirectory(prefix="auditail-bench-", dir=parent) as folder:
        (Path(folder) / "home").mkdir()
        yield Place(Path(folder))
