"""`agents usage --by …`, `agents list`, `users`, `tools`: one row for each name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.asking import everything
from cli.analytics.named import (
    PLURALS,
    SORTS,
    cut_rows,
    fields_of,
    kept,
    name_column,
    rows_of,
    total_row,
    with_activity,
)
from cli.analytics.ordering import Cut
from cli.analytics.report import Column, Kind, Report, Row, Table, Value
from cli.analytics.timestamps import stamp
from store.analytics.model import Dimension

if TYPE_CHECKING:
    from cli.analytics.asking import Asking, Names, Sum

_FAILED: Final = Column("failed", Kind.FAILED, "failure_rate", 2)
_DENIED: Final = Column("denied", Kind.DENIALS, "denials", 3)
_TIMES: Final = (
    Column("p50", Kind.DURATION, "p50_us", 9),
    Column("p95", Kind.DURATION, "p95_us", 5),
    Column("p99", Kind.DURATION, "p99_us", 10),
)
_COST: Final = Column("cost", Kind.MONEY, "cost_microusd", 1)
_TOKENS: Final = Column("tokens", Kind.TOKENS, "tokens", 4)
_LAST: Final = Column("last", Kind.TIME, "last_us", 6, "last seen")
_CALLS: Final = Column("calls", Kind.COUNT, "calls")
_EVENTS: Final = Column("events", Kind.COUNT, "events")


def _changed(rank: int) -> Column:
    return Column("change", Kind.CHANGE, "change", rank)


_ACTIVITY: Final = Column("activity", Kind.SPARK, "activity", 8)

COLUMNS: Final[Mapping[Dimension, tuple[Column, ...]]] = {
    Dimension.AGENT: (
        _CALLS, _changed(3), _ACTIVITY, replace(_EVENTS, rank=11), _FAILED, _DENIED, *_TIMES, _TOKENS, _COST, _LAST,
    ),
    Dimension.USER: (
        _EVENTS, _changed(3), _ACTIVITY, replace(_CALLS, rank=7), _FAILED, _DENIED, _TOKENS, _COST, _LAST,
    ),
    Dimension.TENANT: (
        _EVENTS, _changed(3), _ACTIVITY, replace(_CALLS, rank=7), _FAILED, _DENIED, *_TIMES, _TOKENS, _COST, _LAST,
    ),
    Dimension.MODEL: (
        _TOKENS, _changed(3), _ACTIVITY,
        Column("input", Kind.TOKENS, "input_tokens", 7), Column("output", Kind.TOKENS, "output_tokens", 6),
        Column("cached", Kind.TOKENS, "cache_read_tokens", 8), _COST,
        Column("unpriced", Kind.SHARE, "unpriced_share", 5), _LAST,
    ),
    Dimension.TOOL: (_CALLS, _changed(3), _ACTIVITY, _FAILED, _DENIED, *_TIMES, _LAST),
    Dimension.SERVER: (_CALLS, _changed(3), _ACTIVITY, _FAILED, _DENIED, *_TIMES, _LAST),
}  # fmt: skip
"""What is shown beside the name."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a table of names is made of. `drawn`: sparklines are wanted; `seen`: so are the first and last time."""

    by: Dimension
    name: str = "rows"
    title: str = ""
    with_server: bool = False
    drawn: bool = False
    seen: bool = True


def usage_table(asking: Asking, wanted: Grouping, cut: Cut) -> Table:
    """Return the table of one dimension.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    return usage_and_total(asking, wanted, cut)[0]


def usage_and_total(asking: Asking, wanted: Grouping, cut: Cut) -> tuple[Table, Sum]:
    """Return the table of one dimension, and the sums of everything in the window.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    by = (wanted.by, Dimension.SERVER) if wanted.with_server else (wanted.by,)
    found = asking.sums(by)
    return _table(asking, wanted, cut, by, found), everything(found, compared=asking.compared)


def _table(asking: Asking, wanted: Grouping, cut: Cut, by: tuple[Dimension, ...], all_of: Mapping[Names, Sum]) -> Table:
    sort = SORTS[wanted.by]
    found = kept(all_of, sort.matters)
    rows = rows_of(found, by, sort.main)
    if wanted.seen:
        rows = _with_seen(rows, asking, wanted)
    more = ("first_seen", "last_seen") if wanted.seen else ()
    table = Table(wanted.name, wanted.title, _columns(wanted), fields_of(by, *more))
    shown, left_out = cut_rows(rows, cut, None, table)
    total = total_row(found.values(), len(rows), sort.main)
    table = replace(
        table,
        rows=tuple(shown),
        total=total if len(rows) > 1 else None,
        more=left_out,
        empty=f"no {PLURALS[wanted.by]} in this window",
    )
    return with_activity(table, asking, by, sort.main) if wanted.drawn else table


def _columns(wanted: Grouping) -> tuple[Column, ...]:
    server = (Column("server", Kind.TEXT, "server", 7),) if wanted.with_server else ()
    return (name_column(wanted.by), *server, *COLUMNS[wanted.by])


def _with_seen(rows: Sequence[Row], asking: Asking, wanted: Grouping) -> list[Row]:
    known = asking.questions.seen(wanted.by, asking.what)
    listed: list[Row] = []
    for row in rows:
        seen = known.get(row[wanted.by.value])
        more: dict[str, Any] = {"first_seen": None, "last_seen": None, "last_us": None}
        if seen is not None:
            more = {"first_seen": stamp(seen.first_us), "last_seen": stamp(seen.last_us)}
            more["last_us"] = seen.last_us
        listed.append({**row, **more})
    return listed


def usage_report(asking: Asking, wanted: Grouping, cut: Cut, about: Mapping[str, Value]) -> Report:
    """Return the report with one table and the sums of everything above it; `about` is said before all else in JSON.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    table, total = usage_and_total(asking, wanted, cut)
    return Report(wanted.title, asking.window, total, (table,), compared=asking.compared, about=about)
