"""What `QueryService` asks of the quarantine, answered by `store.query.quarantined`."""

from __future__ import annotations

from store.query.access import Access
from store.query.quarantined import QuarantineLists, Wanted
from store.service import QuarantineEntry, QuarantineReason, QuarantineRow


class QuarantineQuestions:
    """The quarantine as a screen asks for it. In a limited scope there is nothing to be seen."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._lists = QuarantineLists(access)

    def reasons(self) -> list[QuarantineReason]:
        """Return why records could not be read, most frequent first."""
        return self._lists.reasons()

    def rows(self, kind: str | None, limit: int) -> list[QuarantineRow]:
        """Return the newest records of a kind of reason (None: of all), newest first."""
        return self._lists.rows(Wanted(kind=kind), limit)

    def ids(self, kind: str | None) -> list[int]:
        """Return the numbers of all records of a kind of reason (None: of all), oldest first."""
        return self._lists.ids(Wanted(kind=kind))

    def entry(self, number: int) -> QuarantineEntry | None:
        """Return one record with its bytes, None where it is gone or the scope is limited."""
        return self._lists.entry(number)
