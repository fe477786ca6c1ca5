"""Rows of agents, users, tenants, tools, servers and models: who or what, with all sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.activity import activity
from cli.analytics.asking import Names, Sum
from cli.analytics.growth import growth
from cli.analytics.measures import FIELDS, measures
from cli.analytics.ordering import Cut, Order, in_order, order_of
from cli.analytics.report import Column, Kind, Row, Table
from store.analytics.model import Dimension, Figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cli.analytics.asking import Asking

TABLE_ROWS: Final = 20
"""As many as a person reads; formats for programs are whole."""

PLURALS: Final = {one: f"{one}s" for one in Dimension}


@dataclass(frozen=True, slots=True)
class Sort:
    """What a dimension is mostly asked about. `matters`: only names with something to tell are listed."""

    main: str
    matters: Callable[[Figures], bool]


def _called(figures: Figures) -> bool:
    return bool(figures.calls or figures.outcomes or figures.denials)


def _used(figures: Figures) -> bool:
    return bool(figures.tokens or figures.cost_microusd or figures.unpriced)


def _happened(figures: Figures) -> bool:
    return figures != Figures()


_BY_CALLS: Final = Sort("calls", _called)
_BY_EVENTS: Final = Sort("events", _happened)
SORTS: Final = {
    Dimension.AGENT: Sort("calls", _happened),
    Dimension.USER: _BY_EVENTS,
    Dimension.TENANT: _BY_EVENTS,
    Dimension.TYPE: _BY_EVENTS,
    Dimension.TOOL: _BY_CALLS,
    Dimension.SERVER: _BY_CALLS,
    Dimension.MODEL: Sort("tokens", _used),
}


def rows_of(found: Mapping[Names, Sum], by: Sequence[Dimension], main: str) -> list[Row]:
    """Return a row for each name, the one with most of `main` first, then by name."""
    rows: list[Row] = [_row(names, one, by, main) for names, one in found.items()]
    rows.sort(key=lambda row: tuple(row[one.value] or "" for one in by))
    rows.sort(key=lambda row: (row[main] or 0, row["events"]), reverse=True)
    return rows


def _row(names: Names, found: Sum, by: Sequence[Dimension], main: str) -> dict[str, Any]:
    keys = dict(zip((one.value for one in by), names, strict=True))
    row = keys | measures(found)
    row["label"] = names[0] if names[0] is not None else f"(no {by[0].value})"
    row["nameless"] = names[0] is None
    row["change"] = growth(row, main)
    return row


def total_row(found: Iterable[Sum], number: int, main: str) -> Row | None:
    """Return the row of everything together, None where there is nothing."""
    sums = list(found)
    if not sums:
        return None
    row: dict[str, Any] = dict(measures(reduce(add, sums)))
    return row | {"label": f"all {number:,}", "change": growth(row, main)}


def kept(found: Mapping[Names, Sum], matters: Callable[[Figures], bool]) -> dict[Names, Sum]:
    """Return the sums that have something to tell, in the window or in the one before."""
    return {
        names: one
        for names, one in found.items()
        if matters(one.now) or (one.before is not None and matters(one.before))
    }


def cut_rows(rows: Sequence[Row], cut: Cut, usual: Order | None, table: Table) -> tuple[list[Row], int]:
    """Return the rows that are wanted, in their order, and how many are left out.

    Raises:
        UsageProblem: `--sort` names no column.
    """
    order = order_of(cut.sort, table.columns, table.fields) if cut.sort is not None else usual
    ordered = list(rows) if order is None else in_order(rows, order)
    shown = ordered if cut.limit is None else ordered[: cut.limit]
    return shown, len(ordered) - len(shown)


def with_activity(table: Table, asking: Asking, by: tuple[Dimension, ...], main: str) -> Table:
    """Return the table whose rows have `activity`: their main number over the window, oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    if not table.rows:
        return table
    found = activity(asking, by)
    columns = tuple(
        replace(one, heading=f"{main} {found.each}") if one.kind is Kind.SPARK else one for one in table.columns
    )
    rows = tuple({**row, "activity": found.of(tuple(row.get(one.value) for one in by), main)} for row in table.rows)
    return replace(table, columns=columns, rows=rows)


def name_column(by: Dimension) -> Column:
    """Return the column with the names."""
    return Column(by.value, Kind.TEXT, "label")


def fields_of(by: Sequence[Dimension], *more: str) -> tuple[str, ...]:
    """Return the fields of such rows in JSON and CSV."""
    return (*(one.value for one in by), *FIELDS, *more)
