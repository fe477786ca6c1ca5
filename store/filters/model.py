"""What to show: an expression of the language, and the zone in which it names times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.parser import parse
from store.filters.printer import canonical
from store.filters.syntax import And, Expression, Moment, Term, all_of
from store.filters.time_text import moment_text


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter; without an expression everything passes.

    `utc`: times without a zone are UTC, else they are local. A time like `-24h` is so long before a question is asked.
    """

    expression: Expression | None = None
    utc: bool = False

    @classmethod
    def parsed(cls, query: str, *, utc: bool = False, alerts: bool = False) -> Self:
        """Return the filter that a query says; with `alerts` it is about alerts, which have `state level rule`, too.

        Raises:
            QueryError: it cannot be understood.
        """
        return cls(parse(query, alerts=alerts), utc)

    @classmethod
    def of(cls, *clauses: Clause, since_us: int | None = None, before_us: int | None = None) -> Self:
        """Return the filter in which all clauses hold, within [since_us, before_us) of UTC microseconds."""
        operands: list[Expression] = [clause.expression for clause in clauses]
        if since_us is not None:
            operands.append(Term(Key.SINCE, (Moment(moment_text(since_us)),)))
        if before_us is not None:
            operands.append(Term(Key.BEFORE, (Moment(moment_text(before_us)),)))
        return cls(all_of(operands))

    def __bool__(self) -> bool:
        """Return whether the filter limits anything."""
        return self.expression is not None

    @property
    def text(self) -> str:
        """The query in its canonical form; empty where nothing is limited."""
        return canonical(self.expression)

    @property
    def operands(self) -> tuple[Expression, ...]:
        """What must hold together: the parts that are shown as chips, and dropped one by one."""
        if isinstance(self.expression, And):
            return self.expression.operands
        return () if self.expression is None else (self.expression,)

    def with_operands(self, operands: Iterable[Expression]) -> Self:
        """Return the filter in which exactly these hold."""
        return replace(self, expression=all_of(operands))

    def also(self, operand: Expression | None) -> Self:
        """Return this filter narrowed by one more operand, whatever it has already."""
        return self if operand is None else self.with_operands((*self.operands, operand))

    def with_clause(self, clause: Clause) -> Self:
        """Return this filter narrowed by one more clause.

        `agent:b` after `agent:a` replaces it, as choosing again in a picker does: nothing has both. `-agent:b` after
        `-agent:a` joins it as `-agent:a,b`: what was left out stays out.
        """
        same = [(one, known) for one in self.operands if _is_like(known := Clause.of(one), clause)]
        kept = [one for one in self.operands if all(one is not other for other, _ in same)]
        if clause.negated:
            known_values = [value for _, known in same if known is not None for value in known.values]
            clause = replace(clause, values=tuple(dict.fromkeys((*known_values, *clause.values))))
        return self.with_operands((*kept, clause.expression))

    def without(self, index: int) -> Self:
        """Return this filter without the operand at an index."""
        return self.with_operands(one for place, one in enumerate(self.operands) if place != index)

    def without_last(self) -> Self:
        """Return this filter without its last operand; an empty one stays empty."""
        return self.with_operands(self.operands[:-1])


def _is_like(known: Clause | None, clause: Clause) -> bool:
    return known is not None and (known.key, known.negated) == (clause.key, clause.negated)
