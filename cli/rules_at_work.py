"""How many rules watch what arrives, for the Alerts tab of a dashboard without alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.alerts.model import AlertQuestions


def rules_at_work(alerts: AlertQuestions, own: str | None) -> int:
    """Return how many rules may raise an alert; `own` is the folder of one's own rules, None: there is none.

    The files are read, so it takes a moment; rules that cannot be used and those that are switched off do not count.
    """
    from detect.at_work import at_work
    from detect.rule_files import RuleFiles, rule_folders

    return len(at_work(RuleFiles(rule_folders(own)).read(), alerts.switched_off()).facts)
