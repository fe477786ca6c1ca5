"""What lies in a folder and is no plain file: counted by kind, with the first of each by name."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from store.left_alone import PASSED_KINDS, PassedKind, PassedOver

_KINDS: Final[dict[int, PassedKind]] = {
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}


@dataclass(frozen=True, slots=True)
class Passed:
    """Things of one kind; `example` is the path of the first by name."""

    kind: PassedKind
    number: int
    example: bytes


class PassedCount:
    """Counts what is passed over in one folder, or in all below it."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._found: dict[PassedKind, Passed] = {}

    def look_at(self, entry: os.DirEntry[bytes]) -> None:
        """Count an entry that is neither a plain file nor a folder; one that is gone by now does not count."""
        try:
            kind = _KINDS.get(stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode))
        except OSError:
            return
        if kind is not None:
            self.add([Passed(kind, 1, entry.path)])

    def add(self, some: Iterable[Passed]) -> None:
        """Add what was counted elsewhere."""
        for one in some:
            so_far = self._found.get(one.kind, Passed(one.kind, 0, one.example))
            example = min(so_far.example, one.example)
            self._found[one.kind] = Passed(one.kind, so_far.number + one.number, example)

    def all(self) -> tuple[Passed, ...]:
        """Return what was counted, always in the same order."""
        return tuple(self._found[kind] for kind in PASSED_KINDS if kind in self._found)

    def below(self, root: bytes) -> tuple[PassedOver, ...]:
        """Return what was counted as the store keeps it, the examples as paths below `root`."""
        top = root.rstrip(b"/") + b"/"
        return tuple(
            PassedOver(one.kind, one.number, one.example.removeprefix(top).decode("utf-8", "backslashreplace"))
            for one in self.all()
        )
