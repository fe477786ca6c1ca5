"""The flags and the words of a query as one filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.problems import UsageProblem
from store.filters.clause import Clause
from store.filters.errors import QueryError
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.parser import parse
from store.filters.syntax import Expression, Moment, Term, all_of
from store.filters.time_text import is_time

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCEPTED: Final = "2026-01-27T10:30:00Z, 2026-01-27 10:30, 10:30, -24h, -15m, -7d, today, yesterday, now or 1769509800"
"""Examples of every accepted form; a time without a zone is local, with --utc it is UTC."""


def filter_of(
    *,
    agents: Sequence[str] = (),
    types: Sequence[str] = (),
    users: Sequence[str] = (),
    tenants: Sequence[str] = (),
    requests: Sequence[str] = (),
    since: str | None = None,
    before: str | None = None,
    query: Sequence[str] = (),
    utc: bool = False,
) -> Filter:
    """Return the filter in which all flags and the query hold; a flag given several times means any of its values.

    Raises:
        UsageProblem: a time or the query cannot be read.
    """
    by_key = (
        (Key.AGENT, agents),
        (Key.TYPE, types),
        (Key.USER, users),
        (Key.TENANT, tenants),
        (Key.REQUEST, requests),
    )
    operands: list[Expression] = [
        Clause(key, tuple(dict.fromkeys(values))).expression for key, values in by_key if values
    ]
    operands += [_time(key, text) for key, text in ((Key.SINCE, since), (Key.BEFORE, before)) if text is not None]
    if (asked := parsed(" ".join(query))) is not None:
        operands.append(asked)
    return Filter(all_of(operands), utc=utc)


def parsed(query: str, *, alerts: bool = False) -> Expression | None:
    """Return what a query says, None where it says nothing; `alerts`: it is about alerts, not about events.

    Raises:
        UsageProblem: it cannot be understood; the text shows where.
    """
    try:
        return parse(query, alerts=alerts)
    except QueryError as error:
        raise UsageProblem(f"{error}\n{error.pointed_at()}") from error


def _time(key: Key, text: str) -> Expression:
    if not is_time(text):
        raise UsageProblem(f"cannot read the time {text!r}: write it as {ACCEPTED}")
    return Term(key, (Moment(text.strip()),))
