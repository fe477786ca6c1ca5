"""The rules there are, which of them are at work, and finding one by what people call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.problems import UsageProblem
from cli.report import RuleCounts
from cli.session import open_reader
from detect.rule_files import SHIPPED, RuleFiles, rule_folders
from detect.rules.problem import nearest
from store.clock import now_us
from store.errors import StoreMissingError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from config.loading import Loaded
    from detect.rules.model import Rule, RuleSet

DAYS: Final = 30
"""For so many days alerts are counted."""


@dataclass(frozen=True, slots=True)
class KnownRules:
    """All rules, shipped and one's own, and how they are doing."""

    found: RuleSet
    switched_off: frozenset[str]
    """Ids."""
    alerts: Mapping[str, int]
    """Alerts of the last 30 days by rule id; empty where they cannot be seen or there is no store."""

    def state(self, rule: Rule) -> str:
        """Return `on`, `off`, or `part`: it raises no alerts itself, since another rule is made of it."""
        if rule.id in self.found.quiet:
            return "part"
        return "off" if rule.id in self.switched_off else "on"

    def named(self, word: str) -> Rule:
        """Return the rule of this name or id; capitals and small letters are the same.

        Raises:
            UsageProblem: there is none; the nearest name is named.
        """
        wanted = word.casefold()
        for rule in self.found.rules:
            if wanted in (rule.id, rule.name.casefold()):
                return rule
        near = nearest(word, [rule.name for rule in self.found.rules])
        hint = f"did you mean {near}?" if near else "`auditail rules list` lists them"
        raise UsageProblem(f"no rule that can be used is called {word}: {hint}")


def rules_of(loaded: Loaded) -> RuleSet:
    """Return the shipped rules and one's own, and what is wrong with those that cannot be used."""
    return RuleFiles(rule_folders(str(loaded.rules_folder))).read()


def known_rules(loaded: Loaded) -> KnownRules:
    """Return all rules with what the store says of them; without a store all of them are on.

    Raises:
        StoreError: the store is there but cannot be read.
    """
    found = rules_of(loaded)
    try:
        reader = open_reader(loaded)
    except StoreMissingError:
        return KnownRules(found, frozenset(), {})
    try:
        since_us = now_us() - DAYS * 86_400 * 1_000_000
        return KnownRules(found, reader.alerts.switched_off(), reader.alerts_by_rule(since_us))
    finally:
        reader.close()


def counts(found: RuleSet, switched_off: Collection[str]) -> RuleCounts:
    """Return how many rules are at work, switched off, parts of others, and what is wrong with the rest."""
    loud = [rule for rule in found.rules if rule.id not in found.quiet]
    off = sum(rule.id in switched_off for rule in loud)
    problems = tuple(str(problem) for problem in found.problems)
    return RuleCounts(len(loud) - off, off, len(found.rules) - len(loud), problems)


def is_shipped(rule: Rule) -> bool:
    """Return whether a rule came with the program."""
    return rule.path.startswith(f"{SHIPPED}/")
