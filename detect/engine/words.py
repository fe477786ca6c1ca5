"""An incident's explanation: the rule's sentence with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from detect.engine.limits import SHOWN_VALUES
from detect.rules.durations import SECOND_US, span_text
from detect.rules.explanation import DEFAULTS, explained
from detect.rules.extension import Baseline

if TYPE_CHECKING:
    from detect.engine.incident import Incident
    from detect.rules.model import Rule

_MONEY: Final = frozenset({"cost_microusd", "computed_microusd"})
_NOUN: Final = {
    "agent_id": "agent",
    "event_type": "type",
    "metadata.ip": "address",
    "resource_tenant_id": "tenant",
    "session_id": "session",
    "tenant_id": "tenant",
    "tool": "tool",
    "user_id": "user",
}
"""What the fields hold that incidents are told apart by; of others it is not known what several are called."""


def explanation_of(rule: Rule, incident: Incident, pairs: tuple[tuple[str, str | None], ...]) -> str:
    """Return what happened, in words. Holds text of events as it is."""
    said = {name: value or _none(name) for name, value in pairs} or {name: _many(name) for name in rule.group_by}
    whose = ", ".join(said.values()) if pairs else "many at once"
    values = said | {
        "count": str(incident.count),
        "span": _span(incident.last_us - incident.first_us),
        "values": ", ".join([*incident.values[:SHOWN_VALUES], *["…"] * (len(incident.values) > SHOWN_VALUES)]),
        "keys": whose,
        # The peak is of a window: all that the incident names can be more.
        "distinct": str(max(incident.peak, len(incident.values))),
    }
    if rule.correlation is not None:
        values |= {"least": str(rule.correlation.least), "timespan": span_text(rule.correlation.timespan_us)}
    values |= incident.words
    in_dollars = isinstance(rule.options, Baseline) and _MONEY.issuperset(rule.options.measure)
    for name, number in incident.numbers.items():
        dollars = in_dollars and name != "factor"
        values[name.removesuffix("_us")] = f"${number / 1e6:,.2f}" if dollars else _number(name, number)
    return explained(rule.options.explanation or DEFAULTS[rule.kind], values)


def _none(field: str) -> str:
    return f"no {_NOUN.get(field) or field.removeprefix('metadata.')}"


def _many(field: str) -> str:
    noun = _NOUN.get(field)
    return "many at once" if noun is None else f"many {noun}{'es' if noun.endswith('s') else 's'}"


def _span(us: int) -> str:
    return span_text(us) if us >= SECOND_US else "less than a second"


def _number(name: str, number: float) -> str:
    if name.endswith("_us"):
        return span_text(int(number))
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"  # noqa: PLR2004
