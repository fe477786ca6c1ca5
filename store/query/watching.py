"""What is to be read all the time, and which single files cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlmodel import col

from store.query.access import Access
from store.tables import Folder, Source

_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Watching:
    """How many folders and files are watched, and the files in them that cannot be read."""

    watched: int
    unreadable: int
    reasons: tuple[tuple[str, str], ...]
    """Path and reason of some of the unreadable files (at most 20), by path; empty in a limited scope."""


def watching(access: Access) -> Watching:
    """Return what is watched, asked of the store.

    Raises:
        StoreError: the store cannot be read.
    """
    watched = access.fetch(select(func.count()).select_from(Folder).where(col(Folder.mode) == "watch"))[0][0]
    bad = (col(Source.state) == "unreadable", col(Source.gone) == 0)
    number = access.fetch(select(func.count()).select_from(Source).where(*bad))[0][0]
    reasons: tuple[tuple[str, str], ...] = ()
    if number and not access.scope.limited:
        asked = select(col(Source.path), col(Source.reason)).where(*bad).order_by(col(Source.path)).limit(_NAMED)
        reasons = tuple(
            (path.decode("utf-8", "backslashreplace"), reason or "it cannot be read")
            for path, reason in access.fetch(asked)
        )
    return Watching(watched, number, reasons)
