"""`costs`: what was spent on whom or what, where the figures come from, and how much of it is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cli.analytics.asking import everything
from cli.analytics.named import PLURALS, cut_rows, fields_of, kept, name_column, rows_of, total_row
from cli.analytics.report import Column, Kind, Report, Row, Table
from store.analytics.model import Dimension, Figures

if TYPE_CHECKING:
    from cli.analytics.asking import Asking, Sum
    from cli.analytics.ordering import Cut

PAYERS: Final = (Dimension.MODEL, Dimension.AGENT, Dimension.USER, Dimension.TENANT)
"""What costs are told apart by. Tools and servers have none: models do."""
_MAIN: Final = "cost_microusd"
_MILLION: Final = 1_000_000

_COLUMNS: Final = (
    Column("cost", Kind.MONEY, _MAIN),
    Column("change", Kind.CHANGE, "change", 3),
    Column("bar", Kind.BAR, _MAIN, 7),
    Column("share", Kind.SHARE, "share", 6),
    Column("reported", Kind.MONEY, "reported_microusd", 9),
    Column("computed", Kind.MONEY, "computed_microusd", 8),
    Column("unpriced", Kind.SHARE, "unpriced_share", 2),
    Column("tokens", Kind.TOKENS, "tokens", 4),
    Column("per_million", Kind.MONEY, "per_million_microusd", 5, "per M tokens"),
)


def cost_table(asking: Asking, by: Dimension, cut: Cut, *, name: str, title: str) -> Table:
    """Return what each model, agent, user or tenant cost.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    return _costs_and_total(asking, by, cut, Table(name, title, (), ()))[0]


def _costs_and_total(asking: Asking, by: Dimension, cut: Cut, named: Table) -> tuple[Table, Sum]:
    all_of = asking.sums((by,), durations=False)
    found = kept(all_of, _costs)
    total = total_row(found.values(), len(found), _MAIN)
    rows = [_priced(row, total) for row in rows_of(found, (by,), _MAIN)]
    fields = fields_of((by,), "per_million_microusd")
    columns = (name_column(by), *_COLUMNS)
    table = replace(named, columns=columns, fields=fields, empty=f"no {PLURALS[by]} that cost anything")
    shown, more = cut_rows(rows, cut, None, table)
    whole = _priced(total, None) if total is not None and len(rows) > 1 else None
    return replace(table, rows=tuple(shown), total=whole, more=more), everything(all_of, compared=asking.compared)


def _costs(figures: Figures) -> bool:
    return bool(figures.cost_microusd or figures.unpriced or figures.tokens)


def _priced(row: Row, total: Row | None) -> Row:
    """Return the row with its share of all known cost, and what a million of its tokens cost where all is known."""
    cost, tokens = row[_MAIN], row["tokens"]
    rate = None if cost is None or not tokens or row["unpriced"] else round(cost * _MILLION / tokens)
    whole = total[_MAIN] if total is not None else None
    return {**row, "share": cost / whole if whole and cost is not None else None, "per_million_microusd": rate}


def cost_report(asking: Asking, by: Dimension, cut: Cut) -> Report:
    """Return the report on costs.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    table, total = _costs_and_total(asking, by, cut, Table("rows", "Costs", (), ()))
    about = {"by": by.value}
    return Report(f"Costs by {by}", asking.window, total, (table,), compared=asking.compared, about=about)
