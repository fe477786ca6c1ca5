"""Whole results, streamed: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from store.failures import wrapped_store_error
from store.filters.compiler import Compiled
from store.filters.model import Filter
from store.query import canonical
from store.query.access import Access
from store.tables import Event

_CHUNK: Final = 2_000


class Stream:
    """Answers with every event of a filter, oldest first, read on one snapshot."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def json_lines(self, what: Filter, limit: int | None) -> Iterator[bytes]:
        """Yield canonical JSON objects; rows with counts=0 are included."""
        for row in self._rows(what, limit):
            yield canonical.json_bytes(self._access, row)

    def records(self, what: Filter, limit: int | None) -> Iterator[dict[str, Any]]:
        """Yield events by canonical name with metadata as JSON text; rows with counts=0 are included."""
        for row in self._rows(what, limit):
            values = canonical.record(self._access, row)
            if isinstance(values.get("metadata"), orjson.Fragment):
                values["metadata"] = row[-1]
            yield values

    def arrived(self, what: Filter, after_seq: int) -> tuple[list[bytes], int]:
        """Return what arrived after a `seq` as canonical JSON, in order of arrival, and where to go on."""
        last = self._access.last_seq()
        compiled = self._access.compile(what)
        fresh = (col(Event.seq) > after_seq, col(Event.seq) <= last, *compiled.rows)
        rows = self._access.fetch(select(*canonical.COLUMNS).where(*fresh).order_by(col(Event.seq)))
        return [canonical.json_bytes(self._access, row) for row in rows], last

    def _rows(self, what: Filter, limit: int | None) -> Iterator[tuple[Any, ...]]:
        compiled = self._access.compile(what)
        statement = self._access.select(canonical.COLUMNS, compiled)
        if limit is not None:
            first = self._first_of_newest(compiled, limit)
            if first is None:
                return
            statement = statement.where(self._access.order_column(compiled) >= first)
        try:
            with self._access.streaming(statement, _CHUNK) as rows:
                for row in rows:
                    yield tuple(row)
        except DBAPIError as error:
            raise wrapped_store_error(error, self._access.path) from error

    def _first_of_newest(self, compiled: Compiled, limit: int) -> int | None:
        """Return the id with which the newest `limit` events begin, None where there are none."""
        if limit <= 0:
            return None
        statement = self._access.select((col(Event.id),), compiled, newest_first=True).limit(limit)
        ids = self._access.fetch(statement)
        return ids[-1][0] if ids else None
