"""What the list of alerts shows: its alerts, and where one rule has many, a single line for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from store.alerts.states import LEVELS, LIVE, STATES, AlertState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from store.alerts.model import AlertRow
    from store.alerts.states import Level

FOLD_FROM: Final = 8
"""So many alerts of one rule are shown as one line until they are unfolded."""


@dataclass(frozen=True, slots=True)
class Fold:
    """All alerts of one rule that are listed, in the order of the list; there is at least one."""

    rows: tuple[AlertRow, ...]
    opened: bool = False
    counted: int = 0
    """How many of the rule there are; 0: those that are listed."""

    @property
    def number(self) -> int:
        """How many there are."""
        return max(self.counted, len(self.rows))

    @property
    def rule_id(self) -> str:
        """Whose they are."""
        return self.rows[0].rule_id

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self.rows[0].rule

    @property
    def title(self) -> str:
        """What the first of them is called."""
        return self.rows[0].title

    @property
    def level(self) -> Level:
        """The worst level among them."""
        return max((row.level for row in self.rows), key=LEVELS.index)

    @property
    def state(self) -> AlertState:
        """The first of the states among them: one that is new makes all of them new."""
        return min((row.state for row in self.rows), key=STATES.index)

    @property
    def fresh(self) -> int:
        """How many nobody has looked at."""
        return sum(row.state is AlertState.NEW for row in self.rows)

    @property
    def count(self) -> int:
        """Events that show them."""
        return sum(row.count for row in self.rows)

    @property
    def last_us(self) -> int:
        """When the last of them was last seen."""
        return max(row.last_us for row in self.rows)

    @property
    def agents(self) -> tuple[str, ...]:
        """The agents that they are about, each once, in the order of the list."""
        return tuple(dict.fromkeys(row.agent for row in self.rows if row.agent is not None))

    @property
    def to_decide(self) -> AlertRow:
        """The first of them that is not decided on yet; where all are, the first."""
        return next((row for row in self.rows if row.state in LIVE), self.rows[0])

    @property
    def historical(self) -> bool:
        """Whether all of them are about what was long past when it arrived."""
        return all(row.historical for row in self.rows)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list: an alert (`inside`: below the line of its rule), or the line of a rule."""

    what: AlertRow | Fold
    inside: bool = False

    @property
    def name(self) -> int | str:
        """What it is known by from one answer to the next: the alert's number, or the rule's id."""
        return self.what.rule_id if isinstance(self.what, Fold) else self.what.id


def looked_at(row: AlertRow, alert_ids: Collection[int]) -> AlertRow:
    """Return an alert as it stands once these have been looked at."""
    return replace(row, state=AlertState.OPEN) if row.id in alert_ids and row.state is AlertState.NEW else row


def listed(
    rows: Sequence[AlertRow], opened: Collection[str] = (), of_rule: Mapping[str, int] | None = None
) -> list[Listed]:
    """Return the lines for alerts in the order of a list; `opened` are the ids of the rules that are unfolded.

    `of_rule` says how many there are of rules of which not all are in `rows`, by id. The line of a rule stands where
    the first of its alerts would.
    """
    groups: dict[str, list[AlertRow]] = {}
    for row in rows:
        groups.setdefault(row.rule_id, []).append(row)
    folds = {
        rule_id: Fold(tuple(group), rule_id in opened, (of_rule or {}).get(rule_id, 0))
        for rule_id, group in groups.items()
    }
    return list(_lines(rows, folds))


def _lines(rows: Sequence[AlertRow], folds: Mapping[str, Fold]) -> Iterator[Listed]:
    told: set[str] = set()
    for row in rows:
        fold = folds[row.rule_id]
        if fold.number < FOLD_FROM:
            yield Listed(row)
        elif row.rule_id not in told:
            told.add(row.rule_id)
            yield Listed(fold)
            if fold.opened:
                yield from (Listed(one, inside=True) for one in fold.rows)
