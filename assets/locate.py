"""Finds shipped files beside this package, wherever it is installed; never through the current directory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve().parent


def find(name: str) -> Path:
    """Return the path of a shipped file, `tcss/base.tcss`; raises `FileNotFoundError` where none has that name."""
    path = _HERE / name
    if not path.is_file():
        raise FileNotFoundError(f"auditail is not installed completely: assets/{name} is missing; install it again")
    return path


def names(folder: str, suffix: str) -> tuple[str, ...]:
    """Return the names (as `find` takes them) of the files in a shipped folder, sorted; empty where there is none."""
    return tuple(sorted(f"{folder}/{path.name}" for path in (_HERE / folder).glob(f"*{suffix}")))
