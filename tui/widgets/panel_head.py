"""The first row of the panel: who it is about, what is unusual, what it did for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from tui import format as fmt
from tui.agent_behind import Behind, behind
from tui.agent_facts import AgentFacts, Part, Unusual
from tui.widgets.panel_row import Look, Piece, Row, named
from tui.widgets.panel_words import date, moment

_FRESH = 3
"""So many first uses are named; the others have their mark in their pane."""


def head(facts: AgentFacts, look: Look) -> Row:
    """Return the headline."""
    name = named(facts.value, facts.dimension.value)
    left = [Piece(name.text, name.role or "strong"), *_unusual(facts, look), *_fresh(facts, look)]
    return Row(tuple(left), tuple(_place(facts, look)))


def _unusual(facts: AgentFacts, look: Look) -> Iterator[Piece]:
    for one in facts.unusual:
        yield Piece("   ")
        yield Piece(f"{look.glyphs.alert} ", "warning")
        count = None if one.measure == "tokens" else one.number
        target = behind(facts, ("unusual", one.measure), one.measure, count, stretches=(one.hour,))
        yield Piece(f"{fmt.short_count(one.number)} {one.measure} an hour", "", target)
        yield Piece(f", usually {_usual(one)}", "")


def _usual(one: Unusual) -> str:
    high = fmt.short_count(one.high)
    return high if one.low == one.high else f"{fmt.short_count(one.low)} to {high}"


def _fresh(facts: AgentFacts, look: Look) -> Iterator[Piece]:
    if facts.is_new and facts.first_us is not None:
        yield Piece("   ")
        yield Piece(f"{look.glyphs.fresh} ", "accent")
        yield Piece(f"first seen {moment(facts.first_us, facts.now_us, utc=look.utc)}")
        return
    new = [part for part in facts.parts.parts if part.first_us is not None]
    new.sort(key=lambda part: -(part.first_us or 0))
    for part in new[:_FRESH]:
        yield Piece("   ")
        yield Piece(f"{look.glyphs.fresh} ", "accent")
        yield Piece(_first_use(facts, part, look), "", _events_of(facts, part))


def _first_use(facts: AgentFacts, part: Part, look: Look) -> str:
    at = moment(part.first_us or 0, facts.now_us, utc=look.utc)
    verb = "first use of" if facts.parts.by[0].value == "tool" else "first seen with"
    return f"{verb} {part.names[0]} {at}"


def _events_of(facts: AgentFacts, part: Part) -> Behind:
    names = dict(zip(facts.parts.by, part.names, strict=True))
    events = part.figures.events
    return behind(facts, ("fresh", *_texts(part)), "events", events, names=names)


def _texts(part: Part) -> tuple[str, ...]:
    return tuple("" if name is None else f"={name}" for name in part.names)


def _place(facts: AgentFacts, look: Look) -> Iterator[Piece]:
    words: list[str] = []
    if facts.dimension.value != "tenant" and facts.tenants:
        one = facts.tenants[0]
        several = f"{len(facts.tenants):,} tenants"
        words.append(several if len(facts.tenants) > 1 else "no tenant" if one is None else one[:40])
    if facts.first_us is not None:
        words.append(f"since {date(facts.first_us, utc=look.utc)}")
    if facts.place is not None:
        words.append(f"{facts.place[0]:,} of {facts.place[1]:,}")
    for index, word in enumerate(words):
        yield Piece(f" · {word}" if index else word, "muted")
