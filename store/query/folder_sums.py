"""What each named folder's files have given: a walk over all full rows, so never asked more often than it bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, case, func, literal, select
from sqlmodel import col

from store import dialect
from store.query.access import Access
from store.tables import Directory, Source


@dataclass(frozen=True, slots=True)
class FolderSums:
    """`pending_bytes` is what was not read when the files were last looked at; `last_us` None: nothing was stored."""

    files: int = 0
    events: int = 0
    duplicates: int = 0
    quarantined: int = 0
    redacted: int = 0
    pending_bytes: int = 0
    last_us: int | None = None
    formats: tuple[str, ...] = ()


def folder_sums(access: Access) -> dict[int, FolderSums]:
    """Return the sums by folder number. There can be a million files: do not ask more often than it bears."""
    sums: dict[int, FolderSums] = {}
    for folder_no, name, *values in [*access.fetch(_unsettled()), *access.fetch(_SETTLED)]:
        sums[folder_no] = _plus(sums.get(folder_no, FolderSums()), FolderSums(*values), name)
    return sums


_SETTLED: Final = select(
    col(Directory.folder_no), col(Directory.format), dialect.total(col(Directory.files)),
    dialect.total(col(Directory.events)), dialect.total(col(Directory.duplicates)), literal(0),
    dialect.total(col(Directory.redacted)), literal(0), func.max(col(Directory.last_us)),
).group_by(col(Directory.folder_no), col(Directory.format))  # fmt: skip


def _unsettled() -> Select[*tuple[Any, ...]]:
    left = col(Source.size) - col(Source.byte_offset)
    unread = case(
        (col(Source.generation).is_(None), 0), (col(Source.settled) == 1, 0), (left > 0, left), else_=0
    )  # fmt: skip
    summed = (Source.events, Source.duplicates, Source.quarantined, Source.redacted)
    return select(
        col(Source.folder_no),
        col(Source.format),
        func.count(),
        *(dialect.total(col(column)) for column in summed),
        dialect.total(unread),
        func.max(col(Source.last_us)),
    ).group_by(col(Source.folder_no), col(Source.format))


def _plus(one: FolderSums, other: FolderSums, format_name: str | None) -> FolderSums:
    last = [time for time in (one.last_us, other.last_us) if time is not None]
    return FolderSums(
        one.files + other.files,
        one.events + other.events,
        one.duplicates + other.duplicates,
        one.quarantined + other.quarantined,
        one.redacted + other.redacted,
        one.pending_bytes + other.pending_bytes,
        max(last) if last else None,
        one.formats if format_name is None else tuple(sorted({*one.formats, format_name})),
    )
