"""The files that rules are in: where they are, and whether they are what they were."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

import config
from detect.rules.load import load_folders, rule_paths
from detect.rules.model import RuleSet

SHIPPED: Final = Path(config.__file__).parent / "rules"
"""The folder of the rules that come with the program."""

_Print = tuple[tuple[str, int, int, int], ...]


def rule_folders(own: str | None) -> tuple[Path, ...]:
    """Return the folders that rules are read from; `own` is the folder of one's own rules, None: there is none."""
    return (SHIPPED,) if own is None else (SHIPPED, Path(own))


class RuleFiles:
    """The rules of some folders, read again where a file was changed."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Nothing is read yet."""
        self._folders: Final = tuple(folders)
        self._print: _Print | None = None

    def changed(self) -> bool:
        """Return whether `read` would give something else than the last time, as far as the files' times tell."""
        return self._print != _print_of(self._folders)

    def read(self) -> RuleSet:
        """Return the rules as they are now, and what is wrong with the others."""
        self._print = _print_of(self._folders)
        return _loaded(self._folders, self._print)


@lru_cache(maxsize=4)
def _loaded(folders: tuple[Path, ...], print_: _Print) -> RuleSet:  # noqa: ARG001 (other files, other rules)
    return load_folders(folders)


def _print_of(folders: Sequence[Path]) -> _Print:
    """Return what changes when a rule file does: path, inode, size and time of the last change in nanoseconds."""
    found: list[tuple[str, int, int, int]] = []
    for folder in folders:
        paths: list[Path] = []
        with suppress(OSError):
            paths = rule_paths(folder)
        # A link that leads nowhere must not hide the files after it.
        for path in paths:
            with suppress(OSError):
                facts = path.stat()
                found.append((str(path), facts.st_ino, facts.st_size, facts.st_mtime_ns))
    return tuple(found)
