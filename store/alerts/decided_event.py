"""What a decision and its undoing look like as events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from store.alerts.states import Reach, Verdict
from store.filters.time_text import moment_text
from store.own_event import own_event

if TYPE_CHECKING:
    from store.events import NewEvent

DECIDED: Final = "system.alert_decided"
UNDONE: Final = "system.alert_decision_undone"

OUTCOME: Final = {
    Verdict.ACKNOWLEDGE: "acknowledged",
    Verdict.RESOLVE: "resolved",
    Verdict.FALSE_POSITIVE: "false positive",
    Verdict.ACCEPT_RISK: "risk accepted",
    Verdict.MUTE: "muted",
}
"""What an alert is after a decision, in words."""
_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The alert that somebody looked at when deciding."""

    alert_id: int
    rule_no: int
    rule: str
    title: str
    agent_no: int
    agent: str | None
    tenant: str | None


@dataclass(frozen=True, slots=True)
class Verdicted:
    """A decision as it is kept."""

    number: int
    verdict: Verdict
    reason: str
    reach: Reach
    query: str
    """Of `Reach.FILTER`; else empty."""
    until_us: int | None


def decided_event(alert: LookedAt, decision: Verdicted, alerts: int, now_us: int) -> NewEvent:
    """Return the event of a decision that changes so many alerts, taken by this process's user."""
    message = f"{_about(alert, decision, alerts)}: {_outcome(decision)}"
    return _event(DECIDED, alert, message, _facts(alert, decision, alerts), now_us)


def undone_event(alert: LookedAt, decision: Verdicted, who: str, alerts: int, now_us: int) -> NewEvent:
    """Return the event of a decision by `who` that is taken back, after which so many alerts stand as before."""
    stand = "no alert stands" if alerts == 0 else "1 alert stands" if alerts == 1 else f"{alerts:,} alerts stand"
    message = f"alert {alert.alert_id} {alert.title}: no longer {_outcome(decision)}; {stand} as before"
    return _event(UNDONE, alert, message, {**_facts(alert, decision, alerts), "decided_by": who}, now_us)


def moment_words(ts_us: int) -> str:
    """Return `2026-11-27 18:00Z`, with seconds where there are any."""
    at = datetime.fromtimestamp(ts_us // _US, UTC)
    return at.strftime("%Y-%m-%d %H:%M:%SZ" if at.second else "%Y-%m-%d %H:%MZ")


def _about(alert: LookedAt, decision: Verdicted, alerts: int) -> str:
    named = f"alert {alert.alert_id} {alert.title}"
    if decision.reach is Reach.ALERT:
        return named
    others = f" and {alerts - 1:,} more" if alerts > 1 else ""
    if decision.reach is Reach.FILTER:
        return f"{named}{others} (of this rule, found by {decision.query})"
    return f"{named}{others} (of this rule and {alert.agent or 'no agent'})"


def _outcome(decision: Verdicted) -> str:
    until = "" if decision.until_us is None else f" until {moment_words(decision.until_us)}"
    why = f", because {decision.reason}" if decision.reason else ""
    return f"{OUTCOME[decision.verdict]}{until}{why}"


def _facts(alert: LookedAt, decision: Verdicted, alerts: int) -> dict[str, Any]:
    return {
        "alert": alert.alert_id,
        "alerts": alerts,
        "rule": alert.rule,
        "decision": decision.number,
        "verdict": decision.verdict.value,
        "reason": decision.reason or None,
        "reach": decision.reach.value,
        "query": decision.query or None,
        "until": None if decision.until_us is None else moment_text(decision.until_us),
    }


def _event(kind: str, alert: LookedAt, message: str, facts: dict[str, Any], now_us: int) -> NewEvent:
    event = own_event(kind, now_us, message, facts, f"{kind} {facts['decision']} {now_us}".encode())
    event.agent_id = alert.agent
    event.tenant_id = alert.tenant
    return event
