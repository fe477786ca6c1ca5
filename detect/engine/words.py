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


def explanation_of(rule: Rule, incident: Incident, pairs: tuple[tuple[str, str | None], ...]) -> str:
    """Return what happened, in words. Holds text of events as it is."""
    whose = ", ".join(value for _, value in pairs if value) or "many at once"
    values = {name: value or "" for name, value in pairs}
    values |= {
        "count": str(incident.count),
        "span": _span(incident.last_us - incident.first_us),
        "values": ", ".join([*incident.values, *["…"] * (len(incident.values) >= SHOWN_VALUES)]),
        "keys": whose,
        "distinct": str(incident.peak),
    }
    if rule.correlation is not None:
        values |= {"least": str(rule.correlation.least), "timespan": span_text(rule.correlation.timespan_us)}
    values |= incident.words
    in_dollars = isinstance(rule.options, Baseline) and _MONEY.issuperset(rule.options.measure)
    for name, number in incident.numbers.items():
        dollars = in_dollars and name != "factor"
        values[name.removesuffix("_us")] = f"${number / 1e6:,.2f}" if dollars else _number(name, number)
    return explained(rule.options.explanation or DEFAULTS[rule.kind], values)


def _span(us: int) -> str:
    return span_text(us) if us >= SECOND_US else "less than a second"


def _number(name: str, number: float) -> str:
    if name.endswith("_us"):
        return span_text(int(number))
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"  # noqa: PLR2004
