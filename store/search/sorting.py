"""Row ids in another order than that of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from sqlmodel import col

from store.events import STATUS_NAMES
from store.filters.conditions import TOKEN_SUM
from store.filters.model import Filter
from store.pricing.columns import COST, TOKENS_STATED
from store.query.access import Access
from store.search.pages import watched
from store.search.walk import EVERY_ID, Walk
from store.searching import MOST_SORTED, Sort, SortedIds, SortKey, Watch
from store.tables import Event

_COLUMNS: Final[dict[SortKey, Any]] = {
    "time": col(Event.id),
    "duration": col(Event.duration_us),
    "cost": COST,
    "agent": col(Event.agent_no),
    "user": col(Event.user_no),
    "type": col(Event.type_no),
    "tool": col(Event.tool_no),
    "status": col(Event.status),
}
_NAMED: Final = frozenset[SortKey]({"agent", "user", "type", "tool"})


class Sorting:
    """Answers with sorted row ids."""

    def __init__(self, access: Access, patience_s: float) -> None:
        """Read through `access`; wait so long for an answer at once."""
        self._access = access
        self._patience_s = patience_s

    def sorted_ids(self, what: Filter, sort: Sort, watch: Watch) -> SortedIds:
        """See `SearchQuestions`."""
        columns = (TOKEN_SUM, TOKENS_STATED) if sort.key == "tokens" else (_COLUMNS[sort.key],)
        walk = Walk(self._access, self._access.compile(what), (col(Event.id), *columns), patience_s=self._patience_s)
        found = walk.find(EVERY_ID, MOST_SORTED + 1, watched(watch), back=True)
        rows = found.rows[:MOST_SORTED]
        value = self._values(sort.key, rows)
        if not sort.descending:
            rows.reverse()
        stated = [row for row in rows if value(row) is not None]
        stated.sort(key=value, reverse=sort.descending)
        ids = (*(row[0] for row in stated), *(row[0] for row in rows if value(row) is None))
        return SortedIds(ids, found.complete and len(found.rows) <= MOST_SORTED)

    def _values(self, key: SortKey, rows: Sequence[tuple[Any, ...]]) -> Callable[[tuple[Any, ...]], Any]:
        """Return what gives a row's value to sort by, None where it states none."""
        numbers: list[int] = [row[1] for row in rows] if key in _NAMED else []
        names = self._access.names(numbers)

        def value(row: tuple[Any, ...]) -> Any:
            if key in _NAMED:
                return names[row[1]]
            if key == "status":
                return STATUS_NAMES[int(row[1])]
            return None if key == "tokens" and not row[2] else cast("int | None", row[1])

        return value
