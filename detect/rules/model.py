"""A rule as the engine takes it, and a set of them."""

from __future__ import annotations

from dataclasses import dataclass

from detect.rules.correlation import Correlation
from detect.rules.expression import Expression
from detect.rules.extension import Extension
from detect.rules.header import Header, Level
from detect.rules.problem import RuleError

DEFAULT_GROUP = ("agent_id", "user_id", "tenant_id")
"""What one incident of a rule is, where the rule does not say: the same agent, user and tenant."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was understood: one of `expression`, `options.filter` and `correlation` says what it is about."""

    header: Header
    path: str
    line: int
    options: Extension
    fingerprint: str
    """Changes with everything that decides what it matches: state belongs to a rule as it was then."""
    expression: Expression | None = None
    """The detection, with the log source's part."""
    examines: Expression | None = None
    """Of an invariant: which events it speaks of; None: all."""
    correlation: Correlation | None = None
    bases: tuple[str, ...] = ()
    """Of a correlation: the ids of the rules that it refers to, in its order."""

    @property
    def id(self) -> str:
        """The rule's identity: a UUID as text."""
        return str(self.header.id)

    @property
    def name(self) -> str:
        """What other rules call it: its name, else its id."""
        return self.header.name or self.id

    @property
    def level(self) -> Level:
        """How bad it is."""
        return self.header.level

    @property
    def kind(self) -> str:
        """`match`, `first-seen`, `baseline`, `silence`, `invariant`, `budget`, or the type of the correlation."""
        return str(self.correlation.type) if self.correlation else self.options.kind

    @property
    def group_by(self) -> tuple[str, ...]:
        """The fields (or aliases) in which the events of one incident agree."""
        if self.correlation:
            return self.correlation.group_by
        return DEFAULT_GROUP if self.options.group_by is None else self.options.group_by

    @property
    def cool_down_us(self) -> int:
        """How long nothing must be added until an incident is over: at least a correlation's time span."""
        span_us = self.correlation.timespan_us if self.correlation else 0
        return max(self.options.cool_down_us, span_us)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules that can be used together, and what was wrong with the others."""

    rules: tuple[Rule, ...]
    problems: tuple[RuleError, ...] = ()

    @property
    def quiet(self) -> frozenset[str]:
        """Ids of the rules that raise no alerts themselves, since a correlation refers to them; never an invariant."""
        loud = {rule.id for rule in self.rules if rule.kind == "invariant"}
        loud |= {base for rule in self.rules if rule.correlation and rule.correlation.generate for base in rule.bases}
        named = {base for rule in self.rules if rule.correlation for base in rule.bases}
        return frozenset(named - loud)

    def by_id(self) -> dict[str, Rule]:
        """Return the rules by their ids."""
        return {rule.id: rule for rule in self.rules}
