"""The rules that are at work: those that are not switched off, and what is said of each beside its alerts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from detect.rule_files import SHIPPED
from store.alerts.incident import Found, Incident, Invariant, RuleFacts, ShedNote

if TYPE_CHECKING:
    from detect.engine.findings import Findings, InvariantState
    from detect.rules.model import Rule, RuleSet


@dataclass(frozen=True, slots=True)
class AtWork:
    """Rules for an engine. A rule that is switched off raises nothing, but correlations may still need its matches."""

    rules: RuleSet
    facts: dict[str, RuleFacts]
    """By rule id; only those that may raise something."""

    def kept(self, findings: Findings) -> Found:
        """Return findings as they are kept, in the order in which they arose, without those of rules switched off."""
        found = Found()
        for one in sorted(findings.incidents, key=lambda one: one.opened_seq):
            rule = self.facts.get(one.rule_id)
            if rule is not None:
                found.incidents.append(
                    Incident(
                        one.id, rule, one.key, one.first_us, one.last_us, one.count, one.evidence, one.explanation,
                        one.historical,
                    )
                )  # fmt: skip
        found.absorbed = [(gone, into) for rule_id, gone, into in findings.absorbed if rule_id in self.facts]
        found.shed = [
            ShedNote(self.facts[rule_id], keys, matches)
            for rule_id, keys, matches in findings.shed
            if rule_id in self.facts
        ]
        return found

    def standing(self, invariants: Collection[InvariantState]) -> list[Invariant]:
        """Return standing statements as they are kept."""
        return [
            Invariant(self.facts[one.rule_id], one.statement, one.examined, one.violations, one.checked_us)
            for one in invariants
            if one.rule_id in self.facts
        ]


def at_work(found: RuleSet, switched_off: Collection[str]) -> AtWork:
    """Return the rules that are at work where these are switched off.

    What only a correlation refers to that is switched off itself does not begin to raise alerts of its own.
    """
    by_id = found.by_id()
    silent = found.quiet.union(switched_off)
    facts = {rule.id: facts_of(rule) for rule in found.rules if rule.id not in silent}
    wanted = set(facts)
    left = list(facts)
    while left:  # what a correlation refers to is looked for, too
        for base in by_id[left.pop()].bases:
            if base not in wanted:
                wanted.add(base)
                left.append(base)
    return AtWork(replace(found, rules=tuple(rule for rule in found.rules if rule.id in wanted)), facts)


def facts_of(rule: Rule) -> RuleFacts:
    """Return what a rule says of itself."""
    header = rule.header
    return RuleFacts(
        rule_id=rule.id,
        name=rule.name,
        title=header.title,
        level=header.level,
        description=header.description,
        tags=header.tags,
        falsepositives=header.falsepositives,
        group_by=rule.group_by,
        shipped=rule.path.startswith(f"{SHIPPED}/"),
    )
