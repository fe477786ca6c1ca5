"""Errors grouped by their message, and what was denied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from store.analytics.model import Dimension
from store.filters.keys import TIME_KEYS
from store.filters.model import Filter
from store.filters.syntax import Term
from tui import format as fmt
from tui.agent_behind import Behind, behind, within
from tui.agent_facts import AgentFacts, Part
from tui.widgets.panel_row import Look, Piece, Row, figure, heading, remark
from tui.widgets.panel_words import part_name

_COUNT: Final = 8
_DENIED: Final = 5
"""Rows of what was denied."""


def errors(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading with the number of all errors, and the most frequent messages."""
    del width
    count = facts.total.errors
    total = figure(fmt.count(count), 0, behind(facts, ("errors",), "errors", count))
    rows = [heading("Errors by message", total)]
    if not count:
        return [*rows, remark("no errors in this window")]
    return [*rows, *_messages(facts, look)]


def _messages(facts: AgentFacts, look: Look) -> Iterator[Row]:
    for one in facts.messages:
        words = one.message.strip() or "(no message)"
        target = Behind(("errors", one.message), partial(_in_window, one.query, facts), one.events)
        yield Row(
            (Piece(f"{look.glyphs.failure} ", "error"), Piece(words)), (figure(fmt.count(one.events), _COUNT, target),)
        )


def _in_window(query: str, facts: AgentFacts) -> Filter:
    """Return a query held to the window, unless it has times of its own."""
    what = Filter.parsed(query)
    if any(isinstance(one, Term) and one.key in TIME_KEYS for one in what.operands):
        return what
    return within(what, [(facts.start_us, facts.end_us)])


def denials(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading with the number of all denials, and what was denied, by which rule."""
    del width
    count = facts.total.denials
    total = figure(fmt.count(count), 0, behind(facts, ("denials",), "denials", count))
    rows = [heading("Denied", total)]
    if not count:
        return [*rows, remark("nothing was denied")]
    found = sorted((one for one in facts.parts.parts if one.figures.denials), key=lambda one: -one.figures.denials)
    rows += [_denied(facts, one, look) for one in found[:_DENIED]]
    if len(found) > _DENIED:
        rows.append(remark(f"and {len(found) - _DENIED:,} more"))
    return rows


def _denied(facts: AgentFacts, part: Part, look: Look) -> Row:
    names = dict(zip(facts.parts.by, part.names, strict=True))
    key = ("denials", *("" if one is None else f"={one}" for one in part.names))
    target = behind(facts, key, "denials", part.figures.denials, names=names)
    return Row(
        (
            Piece(f"{look.glyphs.denied} ", "warning"),
            *part_name(part, facts.parts.by[0].value)[:1],
            Piece(_rule(facts, part), "muted"),
        ),
        (figure(fmt.count(part.figures.denials), _COUNT, target),),
    )


def _rule(facts: AgentFacts, part: Part) -> str:
    """Return what decided most of these denials, and how many other rules there were."""
    by_tool = facts.parts.by[0] is Dimension.TOOL
    rules = dict.fromkeys(
        one.rule for one in facts.rules if one.rule and (one.tool if by_tool else one.agent) == part.names[0]
    )
    if not rules:
        return ""
    more = f" and {len(rules) - 1} more" if len(rules) > 1 else ""
    return f" · {next(iter(rules))}{more}"
