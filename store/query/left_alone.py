"""What named folders hold that is never read, and which finished files stay though they should go."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import func, select
from sqlmodel import col

from store.left_alone import PassedOver, Staying, as_passed_over
from store.query.access import Access
from store.tables import Folder, Source
from store.tables import PassedOver as Row


def passed_over(access: Access) -> dict[int, tuple[PassedOver, ...]]:
    """Return what is passed over, by folder number; folders without any are left out."""
    found: defaultdict[int, list[PassedOver]] = defaultdict(list)
    asked = select(col(Row.folder_no), col(Row.kind), col(Row.number), col(Row.example)).order_by(col(Row.id))
    for folder_no, kind, number, example in access.fetch(asked):
        found[folder_no].append(as_passed_over(kind, number, example))
    return {folder_no: tuple(some) for folder_no, some in found.items()}


def staying(access: Access) -> dict[int, tuple[Staying, ...]]:
    """Return which files stay and why, by folder number, the most frequent reason first.

    It looks at every full row: do not ask more often than it bears.
    """
    number = func.count()
    kept = (col(Source.state) == "ok", col(Source.reason).is_not(None), col(Source.gone) == 0)
    asked = (
        select(col(Source.folder_no), col(Folder.path), col(Source.reason), number, func.min(col(Source.path)))
        .join_from(Source, Folder, col(Folder.folder_no) == col(Source.folder_no))
        .where(*kept)
        .group_by(col(Source.folder_no), col(Folder.path), col(Source.reason))
        .order_by(number.desc(), col(Source.reason))
    )
    found: defaultdict[int, list[Staying]] = defaultdict(list)
    for folder_no, folder, reason, count, path in access.fetch(asked):
        example = path.removeprefix(folder.rstrip(b"/") + b"/").decode("utf-8", "backslashreplace")
        found[folder_no].append(Staying(reason, count, example))
    return {folder_no: tuple(some) for folder_no, some in found.items()}
