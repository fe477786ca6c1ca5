"""What compiling a filter has to look up in the store: numbers of names, sources and events, and the present time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Executable, func, select
from sqlmodel import col

from store import dialect
from store.alerts.tables import Alert, AlertRule
from store.filters.matching import text_matches
from store.filters.syntax import Glob, Moment, Term, Text, Value
from store.filters.time_text import read_time
from store.ids import SEQ_BITS, key_of, parse_derived_id
from store.names import NameKind
from store.scope import Scope
from store.tables import Directory, Event, EventKey, Name, Settled, Source

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK: Final = 500
_PAGES: Final = 1_200
"""Pages of full text that a beginning of words may span to be looked up: 5 MiB, some tens of milliseconds."""
_PROBES: Final = 8
"""Keys after its own at which an id is looked for: they are 63 bits of a hash, so even two that meet are rare."""


class Fetching(Protocol):
    """What looks things up: a reader, or a connection within its transaction."""

    def fetch(self, statement: Executable, /) -> list[tuple[Any, ...]]:
        """Return all rows of a statement as plain tuples."""
        ...


class StoreLookups:
    """Answers the compiler for one question. `utc`: times without a zone are UTC, else they are local."""

    def __init__(self, access: Fetching, now_us: int, scope: Scope, *, utc: bool) -> None:
        """Read through `access`; of alerts, those in `scope` may be seen."""
        self._access = access
        self._scope = scope
        self.now_us = now_us
        self._now = _EPOCH + timedelta(microseconds=now_us)
        self._utc = utc

    def is_common_beginning(self, word: str) -> bool:
        """Return whether putting together all words that begin so takes longer than a moment."""
        return int(self._access.fetch(dialect.pages_of_beginning(word))[0][0]) > _PAGES

    def moment(self, term: Term) -> int:
        """Return the time that a term names, in UTC microseconds."""
        (value,) = term.values
        assert isinstance(value, Moment)
        return read_time(value.text, now=self._now, utc=self._utc)

    def find_names(self, kind: NameKind, values: Sequence[Value]) -> list[int]:
        """Return the numbers of the names of a kind that any of the values asks for, sorted."""
        exact = [value.text for value in values if isinstance(value, Text)]
        numbers: set[int] = set()
        for start in range(0, len(exact), _CHUNK):
            some = exact[start : start + _CHUNK]
            rows = self._access.fetch(select(col(Name.id)).where(col(Name.kind) == kind, col(Name.text).in_(some)))
            numbers.update(number for (number,) in rows)
        for value in values:
            if isinstance(value, Text):
                continue
            statement = select(col(Name.id), col(Name.text)).where(col(Name.kind) == kind)
            if isinstance(value, Glob):
                prefix = value.pieces[0]
                statement = statement.where(func.substr(col(Name.text), 1, len(prefix)) == prefix)
            rows = self._access.fetch(statement)
            numbers.update(number for number, text in rows if text_matches(value, text))
        return sorted(numbers)

    def other_names(self, kind: NameKind, numbers: Sequence[int], most: int) -> list[int] | None:
        """Return the numbers of all names of a kind but these, sorted; None where there are more than `most`."""
        few = select(col(Name.id)).where(col(Name.kind) == kind).limit(most + len(numbers) + 1)
        found = {number for (number,) in self._access.fetch(few)} - {*numbers}
        return sorted(found) if len(found) <= most else None

    def find_sources(self, values: Sequence[Value]) -> list[int]:
        """Return the numbers of the sources whose path any of the values asks for, sorted."""
        settled = select(col(Settled.source_no), col(Directory.path), col(Settled.name)).join_from(
            Settled, Directory, col(Directory.directory_no) == col(Settled.directory_no)
        )
        paths = [
            *self._access.fetch(select(col(Source.source_no), col(Source.path))),
            *((number, folder + b"/" + name) for number, folder, name in self._access.fetch(settled)),
        ]
        shown = ((number, path.decode("utf-8", "backslashreplace")) for number, path in paths)
        return sorted({number for number, path in shown if any(text_matches(value, path) for value in values)})

    def find_events(self, event_id: str) -> list[int]:
        """Return the row ids of the events with this id, a producer's or a derived one, sorted."""
        return sorted({*self._by_producer_id(event_id), *self._by_derived_id(event_id)})

    def find_alerts(self, numbers: Sequence[int]) -> list[int]:
        """Return the numbers of these alerts, sorted; for what became a part of another one, that one's."""
        whole = func.coalesce(col(Alert.merged_into), col(Alert.id))
        rows = self._access.fetch(select(whole).where(dialect.is_among(col(Alert.id), numbers)))
        return sorted({number for (number,) in rows})

    def alert_tenants(self) -> list[int] | None:
        """Return the numbers of the tenants whose alerts may be seen; None: all alerts may."""
        tenants = self._scope.tenants
        return None if tenants is None else self.find_names(NameKind.TENANT, [Text(tenant) for tenant in tenants])

    def find_rules(self, values: Sequence[Value]) -> list[int]:
        """Return the numbers of the rules whose name or id any of the values asks for, sorted."""
        rows = self._access.fetch(select(col(AlertRule.rule_no), col(AlertRule.name), col(AlertRule.rule_id)))
        return sorted(no for no, *texts in rows if any(text_matches(one, text) for one in values for text in texts))

    def _by_producer_id(self, event_id: str) -> list[int]:
        key = key_of(b"p", event_id.encode("utf-8", "backslashreplace"))
        statement = select(col(Event.id)).join_from(EventKey, Event, col(EventKey.event_row) == col(Event.id))
        keys = (col(EventKey.id) >= key, col(EventKey.id) < key + _PROBES)
        return [number for (number,) in self._access.fetch(statement.where(*keys, col(Event.producer_id) == event_id))]

    def _by_derived_id(self, event_id: str) -> list[int]:
        derived = parse_derived_id(event_id)
        if derived is None:
            return []
        ms, digest, occurrence = derived
        statement = select(col(Event.id)).where(
            col(Event.id) >= ms << SEQ_BITS,
            col(Event.id) < (ms + 1) << SEQ_BITS,
            col(Event.producer_id).is_(None),
            col(Event.digest) == digest,
            col(Event.occurrence) == occurrence,
        )
        return [number for (number,) in self._access.fetch(statement)]
