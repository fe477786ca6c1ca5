"""Values that a key may be completed with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import col

from store.alerts.tables import AlertRule
from store.filters.conditions import IDS, NAMES
from store.filters.keys import CLOSED, Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text
from store.names import NameKind
from store.query.access import Access
from store.search.walk import COUNTED, EVERY_ID, Walk
from store.tables import Event, Name

_LATELY: Final = 5_000
"""The newest so many events tell what is frequent."""
_NAMES: Final = 20_000
"""Names of a kind that are looked at; who has more has to type what is not among them."""


class Completing:
    """Answers with values of a key."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def completions(self, key: Key, prefix: str, limit: int) -> tuple[str, ...]:
        """See `SearchQuestions`."""
        folded = prefix.casefold()
        found = (value for value in self._values(key) if value.casefold().startswith(folded))
        return tuple(islice(_once(found), limit))

    def _values(self, key: Key) -> Iterator[str]:
        """Yield values of a key, the best first; some may come twice."""
        if key in CLOSED:
            yield from CLOSED[key]
        elif key in IDS:
            yield from (text for (text,) in self._lately(IDS[key][1]) if text)
        elif key in NAMES:
            yield from self._names(key)
        elif key is Key.RULE:
            yield from sorted((name for (name,) in self._access.fetch(select(col(AlertRule.name)))), key=str.casefold)
        elif key is Key.SOURCE and self._access.scope.tenants is None:
            yield from self._texts(NameKind.FORMAT)

    def _names(self, key: Key) -> Iterator[str]:
        kind, column = NAMES[key]
        counted = Counter(number for (number,) in self._lately(column))
        known = self._access.names(counted)
        yield from (text for number, _ in counted.most_common() if (text := known[number]) is not None)
        limited = self._access.scope.tenants is not None
        for text in self._texts(kind):
            if not limited or self._is_in_scope(key, text):
                yield text

    def _lately(self, column: Any) -> list[tuple[Any, ...]]:
        compiled = self._access.compile(Filter())
        statement = self._access.select((column,), compiled, newest_first=True).where(*COUNTED)
        return self._access.fetch(statement.limit(_LATELY))

    def _texts(self, kind: NameKind) -> list[str]:
        """Return the names of a kind in the order of the alphabet."""
        rows = self._access.fetch(select(col(Name.text)).where(col(Name.kind) == kind).limit(_NAMES))
        return sorted((text for (text,) in rows), key=str.casefold)

    def _is_in_scope(self, key: Key, text: str) -> bool:
        """Return whether there is an event in scope with this value; where that takes long, it is not told."""
        walk = Walk(self._access, self._access.compile(Filter(Term(key, (Text(text),)))), (col(Event.id),))
        return bool(walk.at_once(EVERY_ID, 1, back=True))


def _once(values: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for value in values:
        if value not in seen:
            seen.add(value)
            yield value
