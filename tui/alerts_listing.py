"""Alerts as they are listed when there are more than can be: no rule that fires without end hides what others found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from store.alerts.states import LEVELS, AlertState
from tui.alerts_query import with_rule
from tui.alerts_rows import FOLD_FROM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.alerts.model import AlertQuestions, AlertRow
    from store.filters.model import Filter

_MOST_ROUNDS: Final = 6


@dataclass(frozen=True, slots=True)
class Listing:
    """`rows` of `matched` alerts, the worst and the newest first, muted ones behind."""

    rows: tuple[AlertRow, ...] = ()
    matched: int = 0
    of_rule: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many there are of a rule of which not all are in `rows`, by its id."""


def list_alerts(alerts: AlertQuestions, what: Filter, most: int) -> Listing:
    """Return the alerts that a filter finds, at most so many of them.

    Where there are more, the rules that have many are only counted, and the others are asked for without them.
    """
    rows: dict[int, AlertRow] = {}
    of_rule: dict[str, int] = {}
    matched, others = 0, what
    for first in (True, *[False] * _MOST_ROUNDS):
        found = alerts.list(others, most)
        matched = found.matched if first else matched
        rows.update((row.id, row) for row in found.rows if row.rule_id not in of_rule)
        many = _many(found.rows) if len(found.rows) < found.matched else {}
        if not many:
            break
        for rule_id, rule in many.items():
            of_rule[rule_id] = alerts.list(with_rule(what, rule), 1).matched
            others = with_rule(others, rule, without=True)
    return Listing(tuple(sorted(rows.values(), key=_place)), matched, of_rule)


def _many(rows: tuple[AlertRow, ...]) -> dict[str, str]:
    """Return id and name of the rules that have so many of the alerts that these are one line."""
    numbers = Counter(row.rule_id for row in rows)
    return {row.rule_id: row.rule for row in rows if numbers[row.rule_id] >= FOLD_FROM}


def _place(row: AlertRow) -> tuple[bool, int, int, int]:
    return row.state is AlertState.MUTED, -LEVELS.index(row.level), -row.last_us, -row.id
