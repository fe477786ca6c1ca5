"""Explanations: a rule's sentence, with the incident's numbers in the place of words in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from detect.rules.problem import nearest

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
ALWAYS: Final = ("count", "span", "values", "keys")
"""How many events, in how long, the values that were told apart, and whose incident it is."""
OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "event_count": ("least", "timespan", "usual"),
    "value_count": ("least", "timespan", "usual", "distinct"),
    "temporal": ("timespan",),
    "temporal_ordered": ("timespan",),
    "first-seen": ("known",),
    "baseline": ("total", "usual", "factor"),
    "silence": ("quiet", "usual"),
    "invariant": (),
    "budget": ("whose", "budget", "spent", "limit", "period", "share"),
    "match": (),
}
DEFAULTS: Final[dict[str, str]] = {
    "event_count": "{count} events in {span} ({least} in {timespan} are one too many)",
    "value_count": "{count} events in {span} with {distinct} different values: {values}",
    "temporal": "{count} events in {span} that belong together within {timespan}",
    "temporal_ordered": "{count} events in {span}, in this order within {timespan}",
    "first-seen": "{values}: never before; {known} others are known of {keys}",
    "baseline": "{total} in an hour; the usual is {usual}, so this is {factor} times as much",
    "silence": "nothing for {quiet}; the longest pause known before is {usual}",
    "invariant": "{count} violations in {span}",
    "budget": "{whose} has {spent} {period}; the budget is {limit}",
    "match": "{count} events in {span}",
}


def placeholder_problem(template: str, kind: str, group_by: tuple[str, ...]) -> tuple[str, str | None] | None:
    """Return what is wrong with a template, and what may be meant; None where nothing is."""
    known = (*ALWAYS, *OF_KIND[kind], *group_by)
    for said in _BRACES.findall(template):
        word = said.partition(":")[0]
        if word not in known:
            return f"the explanation knows no {{{word}}}: there are {', '.join(known)}", nearest(word, known)
    rest = _BRACES.sub("", template)
    if "{" in rest or "}" in rest:
        return "a brace in the explanation has no partner", None
    return None


def explained(template: str, values: Mapping[str, str]) -> str:
    """Return the sentence; a word that has no value stands as a dash. The values are not made safe for a screen.

    `{count:denial}` is `1 denial`, or `7 denials`.
    """

    def said(found: re.Match[str]) -> str:
        word, _, noun = found[1].partition(":")
        value = values.get(word) or "–"
        return f"{value} {noun}{'s' * (value != '1')}" if noun else value

    return _BRACES.sub(said, template)
