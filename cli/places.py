"""Checks of the paths that a person names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cli.problems import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence


def require_paths(paths: Sequence[str]) -> None:
    """Check that what shall be watched is there: a misspelt path would be watched in vain.

    Raises:
        UsageProblem: one is not, or cannot be read.
    """
    for path in paths:
        if not Path(path).exists():
            raise UsageProblem(f"there is no {path}: create it, or correct the path")
        if not os.access(path, os.R_OK):
            raise UsageProblem(f"{path} cannot be read: give yourself permission, or name another path")
