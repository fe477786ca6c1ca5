"""Records that could not be read: by reason, page by page, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlmodel import col

from store.fault_kind import fault_kind
from store.query.access import Access
from store.service import QuarantineEntry, QuarantineReason, QuarantineRow
from store.tables import Quarantine

_PAGE: Final = 1_000
"""Rows looked at in one statement; without their bytes they are small."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records; by default all of them. Conditions hold together."""

    kind: str | None = None
    """Only those of this kind of reason (`QuarantineReason.kind`), exactly."""
    reason: str | None = None
    """Only those whose reason contains this text."""
    source: str | None = None
    """Only those whose file's path contains this text."""


EVERYTHING: Final = Wanted()


class QuarantineLists:
    """Answers about the quarantine. In a limited scope there is nothing to be seen: such a record has no tenant."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def reasons(self, wanted: Wanted = EVERYTHING) -> list[QuarantineReason]:
        """Return the kinds of reasons, most frequent first."""
        found: dict[str, QuarantineReason] = {}
        for reason, records, newest_us, waiting in self._counted(wanted):
            kind = fault_kind(reason)
            if wanted.kind in (None, kind):
                known = found.get(kind) or QuarantineReason(kind, 0, newest_us)
                found[kind] = QuarantineReason(
                    kind, known.records + records, max(known.newest_us, newest_us), known.waiting + waiting
                )
        return sorted(found.values(), key=lambda one: (-one.records, one.kind))

    def rows(
        self, wanted: Wanted = EVERYTHING, limit: int | None = None, *, before_id: int | None = None
    ) -> list[QuarantineRow]:
        """Return records without their bytes, newest first; the next page is `before_id`, the last number of this."""
        found: list[QuarantineRow] = []
        for row in self._matching(wanted, before_id):
            if limit is not None and len(found) >= limit:
                break
            found.append(row)
        return found

    def ids(self, wanted: Wanted = EVERYTHING) -> list[int]:
        """Return the numbers of records, oldest first."""
        return [row.id for row in self._matching(wanted, None)][::-1]

    def which_of(self, ids: Iterable[int]) -> set[int]:
        """Return those of some numbers that are in quarantine; in a limited scope none."""
        asked = sorted(set(ids))
        found: set[int] = set()
        for at in range(0, 0 if self._access.scope.limited else len(asked), _PAGE):
            some = select(col(Quarantine.id)).where(col(Quarantine.id).in_(asked[at : at + _PAGE]))
            found.update(row[0] for row in self._access.fetch(some))
        return found

    def entry(self, number: int) -> QuarantineEntry | None:
        """Return one record with its bytes, None where there is no such number or the scope is limited."""
        if self._access.scope.limited:
            return None
        rows = self._access.fetch(_WHOLE.where(col(Quarantine.id) == number))
        if not rows:
            return None
        found, at_us, source_no, *rest = rows[0]
        return QuarantineEntry(found, at_us, self._access.source(source_no, fresh=True)[0], *rest)

    def _counted(self, wanted: Wanted) -> Iterable[tuple[str, int, int, int]]:
        """Give reasons, places and all, with the number of records, the newest one's time, and how many wait."""
        if self._access.scope.limited:
            return []
        if wanted.source is not None:
            rows = self._matching(wanted, None)
            return [(row.reason, 1, row.at_us, int(row.retry_us is not None)) for row in rows]
        counted = select(
            col(Quarantine.reason), func.count(), func.max(col(Quarantine.at_us)), func.count(col(Quarantine.retry_us))
        ).group_by(col(Quarantine.reason))
        if wanted.reason is not None:
            counted = counted.where(col(Quarantine.reason).contains(wanted.reason, autoescape=True))
        return [(row[0], row[1], row[2], row[3]) for row in self._access.fetch(counted)]

    def _matching(self, wanted: Wanted, before_id: int | None) -> Iterator[QuarantineRow]:
        if self._access.scope.limited:
            return
        while True:
            statement = _ROWS.order_by(col(Quarantine.id).desc()).limit(_PAGE)
            if before_id is not None:
                statement = statement.where(col(Quarantine.id) < before_id)
            if wanted.reason is not None:
                statement = statement.where(col(Quarantine.reason).contains(wanted.reason, autoescape=True))
            rows = self._access.fetch(statement)
            for row in rows:
                if wanted.kind is None or fault_kind(row[_REASON]) == wanted.kind:
                    found = self._row(row)
                    if wanted.source is None or wanted.source in found.path:
                        yield found
            if len(rows) < _PAGE:
                return
            before_id = rows[-1][0]

    def _row(self, row: tuple[Any, ...]) -> QuarantineRow:
        number, at_us, source_no, *rest = row
        return QuarantineRow(number, at_us, self._access.source(source_no)[0], *rest)


_ROWS: Final = select(
    col(Quarantine.id), col(Quarantine.at_us), col(Quarantine.source_no), col(Quarantine.line),
    col(Quarantine.byte_offset), col(Quarantine.reason), col(Quarantine.size), col(Quarantine.retry_us),
    col(Quarantine.tried_us), col(Quarantine.tried_reason),
)  # fmt: skip
_REASON: Final = 5
"""Which of these columns is the reason."""
_WHOLE: Final = select(
    col(Quarantine.id), col(Quarantine.at_us), col(Quarantine.source_no), col(Quarantine.generation),
    col(Quarantine.line), col(Quarantine.byte_offset), col(Quarantine.reason), col(Quarantine.size),
    col(Quarantine.raw), col(Quarantine.retry_us), col(Quarantine.tried_us), col(Quarantine.tried_reason),
)  # fmt: skip
