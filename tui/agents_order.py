"""In which order the rows of the Agents tab stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.agents_rows import AgentRow

NAMES_FIRST: Final = frozenset({"name"})
"""Columns that begin with the least on top."""


@dataclass(frozen=True, slots=True)
class Order:
    """By which column, and whether the most comes first.

    Rows of which that is not known come last, and after all others the row of the events that have no such name.
    """

    column: str = "calls"
    descending: bool = True


def first_order(column: str) -> Order:
    """Return the order to begin with: the most on top, names from A on."""
    return Order(column, descending=column not in NAMES_FIRST)


def turned(order: Order, column: str) -> Order:
    """Return the order by a column; by the one that it is already, the other way round."""
    return Order(column, not order.descending) if order.column == column else first_order(column)


def order_words(order: Order) -> str:
    """Return which end is on top: `most first`, `from A to Z`."""
    if order.column in NAMES_FIRST:
        return "from Z to A" if order.descending else "from A to Z"
    if order.column == "last":
        return "latest first" if order.descending else "earliest first"
    return "most first" if order.descending else "least first"


def ordered(rows: Iterable[AgentRow], order: Order) -> list[AgentRow]:
    """Return the rows from the top."""
    return sorted(_by_column(rows, order), key=lambda row: row.value is None)


def _by_column(rows: Iterable[AgentRow], order: Order) -> list[AgentRow]:
    known: list[tuple[float, AgentRow]] = []
    unknown: list[AgentRow] = []
    named = sorted(rows, key=lambda row: (-row.figures.events, row.value or ""))
    if order.column == "name":
        return sorted(named, key=lambda row: (row.value or "").casefold(), reverse=order.descending)
    for row in named:
        number = row.number(order.column)
        if number is None:
            unknown.append(row)
        else:
            known.append((number, row))
    known.sort(key=lambda pair: pair[0], reverse=order.descending)
    return [*(row for _, row in known), *unknown]


def kept(rows: Iterable[AgentRow], before: Sequence[str | None], order: Order) -> list[AgentRow]:
    """Return the rows in the order that they had; new ones below, in the order that they were asked for."""
    found = {row.value: row for row in rows}
    stayed = [found.pop(value) for value in before if value in found]
    return [*stayed, *ordered(found.values(), order)]
