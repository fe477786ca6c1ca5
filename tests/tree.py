"""The project's own files, for the tests that look at the house itself."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

MADE: Final = frozenset({"__pycache__", "build", "dist"})
"""Folders that tools make; so are all whose name begins with a dot, except `.ci`."""
MADE_FILES: Final = (".pyc", ".db", ".db-wal", ".db-shm", "snapshot_report.html")


def project() -> dict[str, Any]:
    """Return what `pyproject.toml` says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def packages() -> list[str]:
    """Return the names of the packages that are shipped."""
    return project()["tool"]["uv"]["build-backend"]["module-name"]


def files(*tops: str) -> Iterator[Path]:
    """Walk the project's files below the named folders, or all where none is named; absolute paths, no order."""
    for top in [ROOT / name for name in tops] or [ROOT]:
        for folder, below, names in os.walk(top):
            below[:] = [name for name in below if name not in MADE and (name == ".ci" or not name.startswith("."))]
            yield from (Path(folder, name) for name in names if not name.endswith(MADE_FILES))
