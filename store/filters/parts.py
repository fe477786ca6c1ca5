"""Pieces of a compiled filter, and how they are put together.

Full text finds rows in two ways. A whole query (`Part.match`) is fastest where it finds something soon; but between two
finds it looks at everything, however long that takes, and no bound on the row id stops it. What may take long is
therefore walked window by window: each of `Part.walked` is a query that keeps to a window (a word, a token, or any of
some), and what they find is intersected outside of full text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, not_, or_


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a filter.

    `condition` says it of a row. `match` finds its rows by full text, with some too many unless `exact`. `excluded`
    is the full-text query of what a complement leaves out.
    """

    condition: ColumnElement[bool]
    match: str | None = None
    exact: bool = False
    excluded: str | None = None
    walked: tuple[str, ...] = ()
    """Queries that all of its rows satisfy, each of which keeps to a window."""
    walked_exactly: bool = False
    """Whether what satisfies all of them are just its rows."""
    left_out: str | None = None
    """`excluded`, where it keeps to a window."""
    if_rare: str | None = None
    """The query that finds just its rows and is worth it only where they are rare; it keeps to a window."""


def looked_up_part(condition: ColumnElement[bool], query: str | None) -> Part:
    """Return the part of a query that finds just the rows of a condition and keeps to a window; None: of none."""
    if query is None:
        return Part(condition)
    return Part(condition, query, exact=True, walked=(query,), walked_exactly=True)


def all_part(parts: Sequence[Part]) -> Part:
    """Return what all parts hold for."""
    terms = [part.match for part in parts if part.match is not None]
    return Part(
        and_(*(part.condition for part in parts)),
        and_matches(terms, []),
        exact=all(part.exact for part in parts),
        walked=tuple(dict.fromkeys(query for part in parts for query in part.walked)),
        walked_exactly=all(part.walked_exactly for part in parts),
    )


def any_part(parts: Sequence[Part]) -> Part:
    """Return what any of the parts holds for; of none of them nothing does."""
    condition = or_(false(), *(part.condition for part in parts))
    terms = [part.match for part in parts if part.match is not None]
    if not parts or len(terms) < len(parts):
        return Part(condition)
    walked: tuple[str, ...] = ()
    if all(part.walked for part in parts):
        walked = (f"({' OR '.join(part.walked[0] for part in parts)})",)
    return Part(
        condition,
        f"({' OR '.join(terms)})",
        exact=all(part.exact for part in parts),
        walked=walked,
        walked_exactly=all(part.walked_exactly and len(part.walked) == 1 for part in parts),
    )


def complement_part(inner: Part, *, words: bool) -> Part:
    """Return what a part does not hold for; of `words` alone the full text knows that better than the rows do."""
    alone = words and inner.walked_exactly
    return Part(
        not_(inner.condition),
        excluded=inner.match if words and inner.exact else None,
        left_out=inner.walked[0] if alone else None,
    )


def and_matches(terms: Sequence[str], excluded: Sequence[str]) -> str | None:
    """Return the query that all terms match and nothing excluded does; without a term there is no query."""
    if not terms:
        return None
    query = terms[0] if len(terms) == 1 else f"({' AND '.join(terms)})"
    for one in excluded:
        query = f"({query} NOT {one})"
    return query
