"""Questions asked over a plain connection, within the transaction that it is in."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

from store import dialect
from store.filters.compiler import Compiled, compile_filter
from store.query.lookups import StoreLookups
from store.scope import EVERYTHING

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from store.filters.model import Filter


class PlainQuestions:
    """Asks over one connection, which need not be a reader's. No scope limits it: rules look at everything.

    Everything raises `sqlite3.Error`, as the connection does.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Ask over a connection that knows what the conditions of filters call: every store's does."""
        self._connection: Final = connection

    def fetch(self, statement: Executable) -> list[tuple[Any, ...]]:
        """Return all rows of a statement."""
        text, values = dialect.as_text(statement)
        return self._connection.execute(text, values).fetchall()

    def lookups(self, now_us: int, *, utc: bool = False) -> StoreLookups:
        """Return what answers a compiler's questions as of `now_us` in UTC microseconds."""
        return StoreLookups(self, now_us, EVERYTHING, utc=utc)

    def compile(self, what: Filter, now_us: int) -> Compiled:
        """Return a filter as SQL, as of `now_us` in UTC microseconds."""
        return compile_filter(what.expression, EVERYTHING, self.lookups(now_us, utc=what.utc))
