"""The inverted index: how it is made, filled, tidied and asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import Integer, Select, Text, TextClause, bindparam, column, intersect, select, table, text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, CompoundSelect

_FULL_TEXT_DDL: Final = (
    "CREATE VIRTUAL TABLE event_text USING fts5("
    "body, content='', columnsize=0, detail=full, tokenize=\"ascii tokenchars '_'\")"
)
_FULL_TEXT_SETTINGS: Final = (("automerge", 0), ("crisismerge", 32), ("hashsize", 64 << 20))
"""Merging segments inside the append costs a third of it (measured); `tidy_full_text` does that while nothing waits."""
INSERT_FULL_TEXT: Final = "INSERT INTO event_text (rowid, body) VALUES (?, ?)"


def create_full_text(connection: sqlite3.Connection) -> None:
    """Create the inverted index. It holds words, ids, and the number of every name, so it is the index of all lists."""
    connection.execute(_FULL_TEXT_DDL)
    connection.executemany("INSERT INTO event_text (event_text, rank) VALUES (?, ?)", _FULL_TEXT_SETTINGS)


def tidy_full_text(connection: sqlite3.Connection, pages: int) -> bool:
    """Merge segments of the inverted index, writing about `pages` pages; return whether there is more to merge."""
    before = connection.total_changes
    connection.execute("INSERT INTO event_text (event_text, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before > 1


FULL_TEXT: Final = table("event_text", column("rowid", Integer), column("event_text", Text))
"""The inverted index as a table of row ids; join it to `event` and order by its row id, which it walks in order."""


def full_text_match(query: str) -> ColumnElement[bool]:
    """Return the condition that a row of `FULL_TEXT` matches a query built by `store.filters.compiler`."""
    return FULL_TEXT.c.event_text.op("MATCH", is_comparison=True)(query)


_PAGES: Final = """
WITH RECURSIVE segment(id) AS (
    SELECT min(segid) FROM event_text_idx
    UNION ALL SELECT (SELECT min(segid) FROM event_text_idx WHERE segid > segment.id) FROM segment WHERE id IS NOT NULL
)
SELECT coalesce(sum(coalesce(
    (SELECT pgno >> 1 FROM event_text_idx WHERE segid = segment.id AND term >= :behind ORDER BY term LIMIT 1),
    (SELECT (pgno >> 1) + 1 FROM event_text_idx WHERE segid = segment.id ORDER BY term DESC LIMIT 1)
) - coalesce(
    (SELECT pgno >> 1 FROM event_text_idx WHERE segid = segment.id AND term <= :first ORDER BY term DESC LIMIT 1), 1
)), 0) FROM segment WHERE id IS NOT NULL
"""
"""Full text keeps, of each segment, the first word of every page that a word begins on."""
_MAIN: Final = b"0"
_BEHIND: Final = b"\xff"


def pages_of_beginning(beginning: str) -> TextClause:
    """Return the statement for how many pages of 4 KiB full text may have to read for all words that begin so.

    It reads them before it gives back the first row, and cannot be stopped meanwhile.
    """
    first = _MAIN + beginning.encode()
    return text(_PAGES).bindparams(bindparam("first", first), bindparam("behind", first + _BEHIND))


def found_in_window(query: str, first_id: int, end_id: int) -> Select[int]:
    """Return the row ids in [first_id, end_id) that a query finds which keeps to a window (`store.filters.parts`)."""
    rowid = FULL_TEXT.c.rowid
    return select(rowid).where(full_text_match(query), rowid >= first_id, rowid < end_id)


def found_by_all(queries: Sequence[str], first_id: int, end_id: int) -> Select[int] | CompoundSelect[int]:
    """Return the row ids in [first_id, end_id) that each of some such queries finds.

    Full text itself would look for the first row that two queries find together wherever that is, bounds or not.
    """
    found = [found_in_window(query, first_id, end_id) for query in queries]
    return found[0] if len(found) == 1 else intersect(*found)
