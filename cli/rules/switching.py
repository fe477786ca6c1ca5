"""Switching rules off and on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.narration import narrate
from cli.problems import UsageProblem
from cli.rules.known import known_rules
from cli.session import store_path
from store.alerts.errors import DecisionError
from store.alerts.switches import DISABLED, ENABLED, RuleSwitches, Switched
from store.errors import StoreFullError
from store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.loading import Loaded
    from detect.rules.model import Rule


def switch(loaded: Loaded, words: Sequence[str], *, on: bool, reason: str) -> None:
    """Switch the rules of these names or ids, and say what was done.

    Raises:
        UsageProblem: there is no such rule, it raises no alerts itself, or the reason is too long; nothing was done.
        StoreError: there is no store, or it cannot be written now; nothing was done.
    """
    known = known_rules(loaded)
    rules = {rule.id: rule for rule in map(known.named, words)}
    for rule in rules.values():
        if known.state(rule) == "part":
            users = [other.name for other in known.found.rules if rule.id in other.bases]
            raise UsageProblem(f"{rule.name} raises no alerts itself: switch {' or '.join(users)}, which it is part of")
    path = store_path(loaded)
    try:
        with Store.open(path, create=False) as store:
            changed = RuleSwitches(store).switch([_switched(rule) for rule in rules.values()], on=on, reason=reason)
    except DecisionError as error:
        raise UsageProblem(str(error)) from error
    except StoreFullError as error:
        raise StoreFullError(path, "nothing was switched: free some, then do it again") from error
    word = "on" if on else "off"
    kind = ENABLED if on else DISABLED
    for rule in rules.values():
        if any(one.rule_id == rule.id for one in changed):
            narrate(f"{rule.name} is switched {word}: `auditail logs --type {kind}` shows by whom")
        else:
            narrate(f"{rule.name} was {word} already")


def _switched(rule: Rule) -> Switched:
    return Switched(rule.id, rule.name, rule.header.title, str(rule.level))
