"""`budgets`: what was spent of each, and where that leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.analytics.named import cut_rows
from cli.analytics.report import Column, Kind, Row, Table
from cli.analytics.timestamps import stamp
from store.analytics.budgets import Unit
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.analytics.ordering import Cut
    from store.analytics.budgets import Budget, BudgetState

_FIELDS: Final = (
    "name", "scope", "value", "per", "since", "before", "unit", "limit", "spent", "at_least", "share", "forecast",
    "reached", "over",
)  # fmt: skip
_COLUMNS: Final = (
    Column("budget", Kind.TEXT, "name"),
    Column("for", Kind.TEXT, "whose", 5),
    Column("per", Kind.TEXT, "per", 6),
    Column("spent", Kind.AMOUNT, "spent"),
    Column("limit", Kind.AMOUNT, "limit"),
    Column("share", Kind.SHARE, "share"),
    Column("bar", Kind.LEVEL, "share", 4),
    Column("forecast", Kind.AMOUNT, "forecast", 3),
    Column("state", Kind.TEXT, "state"),
)


def budget_table(states: Sequence[BudgetState], cut: Cut, *, utc: bool, name: str = "rows") -> Table:
    """Return a row for each budget, in the order of the settings.

    Raises:
        UsageProblem: `--sort` names no column.
    """
    table = Table(name, "Budgets", _COLUMNS, _FIELDS)
    shown, more = cut_rows([_row(one, utc=utc) for one in states], cut, None, table)
    empty = "no budgets: the section `budgets` of your settings has them (docs/analytics.md)"
    return Table(name, "Budgets", _COLUMNS, _FIELDS, tuple(shown), None, more, empty)


def whose(budget: Budget) -> str:
    """Return who the budget is for, as `agent research-agent`, or `all`."""
    return "all" if budget.by is None else f"{budget.by} {budget.value}"


def _row(state: BudgetState, *, utc: bool) -> Row:
    budget = state.budget
    row: dict[str, Any] = {
        "name": budget.name,
        "scope": "all" if budget.by is None else budget.by.value,
        "value": budget.value,
        "per": budget.period.value,
        "since": stamp(state.start_us),
        "before": stamp(state.end_us),
        "unit": budget.unit.value,
        "limit": budget.limit,
        "spent": state.spent,
        "at_least": state.at_least,
        "share": state.share,
        "forecast": state.forecast,
        "reached": stamp(state.reached_us),
        "over": state.over,
    }
    return row | {
        "whose": whose(budget),
        "state": outlook(state, utc=utc),
        "money": budget.unit is Unit.MICROUSD,
        "ink": "red" if state.over else "yellow" if state.reached_us is not None else None,
    }


def outlook(state: BudgetState, *, utc: bool) -> str:
    """Return how it stands in a few words: `over`, `over on the 28th at 09:00 at this rate`, `within`."""
    if state.over:
        return "OVER"
    reached = state.reached_us
    if reached is None:
        return "too early to say" if state.forecast is None else "within"
    clock = words.minute(reached, utc=utc)
    if words.day(reached, utc=utc) == words.day(state.now_us, utc=utc):
        return f"over at {clock} at this rate"
    return f"over on {words.day(reached, utc=utc)} at {clock} at this rate"
