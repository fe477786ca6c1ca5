"""Typed filters. A filter is a conjunction of clauses and a half-open time window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self


class Field(StrEnum):
    """What a clause can look at; the value is the key in a filter's text form."""

    AGENT = "agent"
    USER = "user"
    TENANT = "tenant"
    HOST = "host"
    TYPE = "type"
    TOOL = "tool"
    SERVER = "server"
    MODEL = "model"
    STATUS = "status"
    REQUEST = "request"
    SESSION = "session"
    TRACE = "trace"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Clause:
    """One `key:value,value` of a filter.

    `values` is never empty; None among them stands for "no value at all" and `*` in a text for any run of
    characters. `negated` is the complement: `-agent:x` keeps events without an agent.
    """

    field: Field
    values: tuple[str | None, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """All clauses must hold. `since_us` is inclusive, `before_us` exclusive, both UTC microseconds; None is open."""

    clauses: tuple[Clause, ...] = ()
    since_us: int | None = None
    before_us: int | None = None

    def __bool__(self) -> bool:
        """Return whether the filter limits anything."""
        return bool(self.clauses) or self.since_us is not None or self.before_us is not None

    def with_clause(self, clause: Clause) -> Self:
        """Return this filter narrowed by one more clause.

        `agent:b` after `agent:a` replaces it, as choosing again in a picker does: nothing has both. `-agent:b` after
        `-agent:a` joins it as `-agent:a,b`: what was left out stays out.
        """
        same = [c for c in self.clauses if (c.field, c.negated) == (clause.field, clause.negated)]
        kept = tuple(c for c in self.clauses if c not in same)
        if clause.negated:
            values = dict.fromkeys(value for one in (*same, clause) for value in one.values)
            clause = replace(clause, values=tuple(values))
        return replace(self, clauses=(*kept, clause))

    def without_last(self) -> Self:
        """Return this filter without its last clause; an empty one stays empty."""
        return replace(self, clauses=self.clauses[:-1])
