"""What stands behind the numbers of the panel: the filter that finds the events of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from store.analytics.meaning import MEANINGS
from store.analytics.model import Dimension
from store.filters.clause import Clause, literal
from store.filters.keys import TIME_KEYS, Key
from store.filters.model import Filter
from store.filters.syntax import Between, Comparison, Expression, Moment, Present, Term, all_of, any_of
from store.filters.time_text import moment_text
from tui.agent_facts import AgentFacts, Stretch

_MEANINGS: Final = {**MEANINGS, "timed": "has:outcome ms:*"}
"""What the numbers of the panel count; `timed` are the calls whose durations are known."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A number that can be chosen. `name` says which one it is, whatever its value, so that the cursor stays on it."""

    name: tuple[str, ...]
    find: Callable[[], Filter]
    """Returns the filter for the events that it counts, or that add to it: a panel has hundreds, few are asked for."""
    events: int | None = None
    """How many these are; None: the number is not a count."""
    says: str = ""
    """The number in words, for one that is drawn and not written."""

    @property
    def query(self) -> str:
        """The filter as text of the filter language."""
        return self.find().text


@dataclass(frozen=True, slots=True)
class Unfold:
    """Shows the rest of a pane's rows."""

    name: tuple[str, ...]
    says: str = ""


Target = Behind | Unfold
"""What choosing a number does."""

Names = Mapping[Dimension, str | None]
"""Names that events must have; None: they have no such name."""


def without_times(what: Filter) -> Filter:
    """Return a filter without the times that it was held to."""
    return what.with_operands(one for one in what.operands if not (isinstance(one, Term) and one.key in TIME_KEYS))


def named(what: Filter, names: Names) -> Filter:
    """Return a filter held to some names, in place of others for the same keys."""
    for dimension, name in names.items():
        what = what.with_clause(Clause(Key(dimension.value), (None if name is None else literal(name),)))
    return what


def within(what: Filter, stretches: Sequence[Stretch]) -> Filter:
    """Return a filter held to some stretches of time; apart from each other."""
    terms = [
        [Term(Key.SINCE, (Moment(moment_text(start)),)), Term(Key.BEFORE, (Moment(moment_text(end)),))]
        for start, end in stretches
    ]
    if len(terms) == 1:
        return what.also(terms[0][0]).also(terms[0][1])
    held = [all_of(pair) for pair in terms]
    return what.also(any_of(one for one in held if one is not None))


def between_us(low_us: int | None, high_us: int | None) -> Expression:
    """Return the term for durations from `low_us` to `high_us`, both included; None: no bound on that side."""
    if low_us is None and high_us is None:
        return Term(Key.MS, (Present(),))
    if low_us is None:
        return Term(Key.MS, (Comparison("<=", Decimal(high_us or 0)),))
    if high_us is None:
        return Term(Key.MS, (Comparison(">=", Decimal(low_us)),))
    return Term(Key.MS, (Between(Decimal(low_us), Decimal(high_us)),))


def behind(
    facts: AgentFacts,
    name: tuple[str, ...],
    measure: str,
    events: int | None,
    *,
    names: Names | None = None,
    stretches: Sequence[Stretch] | None = None,
    also: Expression | None = None,
    says: str = "",
) -> Behind:
    """Return what stands behind a number: `measure` (a name of `MEANINGS`, or `timed`) of facts, under some names.

    Without `stretches` it is of the whole window; `also` narrows it further.
    """

    def find() -> Filter:
        what = named(facts.what, names or {})
        for operand in Filter.parsed(_MEANINGS[measure]).operands:
            what = what.also(operand)
        held = ((facts.start_us, facts.end_us),) if stretches is None else stretches
        return within(what.also(also), held)

    return Behind(name, find, events, says)
