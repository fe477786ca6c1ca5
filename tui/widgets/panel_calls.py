"""Calls over the window as a mirror histogram: volume rises, failures hang below the same baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from store.analytics.model import Figures
from tui import format as fmt
from tui.agent_behind import Behind, behind
from tui.agent_facts import AgentFacts, Stretch, number
from tui.agent_hours import DAY_US
from tui.search_window import Window
from tui.widgets.histogram import level
from tui.widgets.panel_row import Look, Piece, Row, heading
from tui.widgets.panel_words import date, moment, window

LABEL: Final = 7
_ROWS: Final = 3
_FULL: Final = 8
_LOUD: Final = 4
"""So many failures in a stretch fill the hanging half at least; fewer never look like a disaster."""
_MOST_TICKS: Final = 4
_TICK: Final = 9
"""Cells from one time to the next, at least."""


class _Bar(NamedTuple):
    stretch: Stretch
    figures: Figures
    volume: int
    target: Behind
    failed: Behind


def calls(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading, the volume, what hangs below, and the times."""
    room = max(width - LABEL, 1)
    return list(_rows(facts, _bars(facts, room, look), room, look))


def _rows(facts: AgentFacts, bars: Sequence[_Bar], room: int, look: Look) -> Iterator[Row]:
    cells = [(index + 1) * room // len(bars) - index * room // len(bars) for index in range(len(bars))]
    per = f" per {_length(bars)}" if len(bars) > 2 else ""  # noqa: PLR2004 (the first and the last may be cut short)
    yield heading(f"{facts.measure.capitalize()}{per}", Piece(window(facts, utc=look.utc), "muted"))
    peak = max((bar.volume for bar in bars), default=0)
    labels = (fmt.short_count(peak) if peak else "", "", "0")
    for index, label in enumerate(labels):
        row = _ROWS - 1 - index
        drawn = (_rising(bar, peak or 1, row, each, look) for bar, each in zip(bars, cells, strict=True))
        yield Row((Piece(f"{label:>{LABEL - 1}} ", "muted"), *drawn))
    hanging = [bar.figures.errors + bar.figures.denials for bar in bars]
    deepest = max([*hanging, _LOUD])
    below = zip(bars, hanging, cells, strict=True)
    drawn = (_hanging(bar, number, deepest, each, look) for bar, number, each in below)
    yield Row((Piece(f"{look.glyphs.failure:>{LABEL - 1}} ", "muted"), *drawn))
    yield Row((Piece(" " * LABEL + _axis(facts, room, look), "muted"),))


def _bars(facts: AgentFacts, room: int, look: Look) -> list[_Bar]:
    """Return a bar for each stretch; where there is no room for all, neighbours are added up."""
    stretches = facts.timeline.stretches
    by = -(-len(stretches) // room)
    groups = [stretches[at : at + by] for at in range(0, len(stretches), by or 1)]
    return [_bar(facts, (group[0][0][0], group[-1][0][1]), [one for _, one in group], look) for group in groups]


def _bar(facts: AgentFacts, stretch: Stretch, parts: Sequence[Figures], look: Look) -> _Bar:
    figures = sum(parts, start=Figures())
    volume = number(figures, facts.measure)
    says = moment(stretch[0], facts.now_us, utc=look.utc)
    counted = f"{says}   {fmt.count(volume)} {facts.measure}"
    failed = f"{says}   {fmt.count(figures.errors)} failed"
    at = str(stretch[0])
    return _Bar(
        stretch,
        figures,
        volume,
        behind(facts, ("calls", at), facts.measure, volume, stretches=(stretch,), says=counted),
        behind(facts, ("calls", at, "failed"), "errors", figures.errors, stretches=(stretch,), says=failed)
        if figures.errors
        else behind(
            facts,
            ("calls", at, "failed"),
            "denials",
            figures.denials,
            stretches=(stretch,),
            says=f"{says}   {fmt.count(figures.denials)} denied",
        ),
    )


def _rising(bar: _Bar, peak: int, row: int, each: int, look: Look) -> Piece:
    sign = look.glyphs.bars[level(bar.volume, peak, row, _ROWS)]
    return Piece(sign * each, "volume", bar.target if bar.volume else None)


def _hanging(bar: _Bar, number: int, deepest: int, each: int, look: Look) -> Piece:
    height = level(number, deepest, 0, 1)
    if not height:
        return Piece(" " * each)
    ink = "error" if bar.figures.errors else "warning"
    if look.glyphs.hanging:
        return Piece(look.glyphs.hanging[height] * each, ink, bar.failed)
    return Piece(look.glyphs.bars[_FULL - height] * each, f"{ink} reversed", bar.failed)


def _length(bars: Sequence[_Bar]) -> str:
    start_us, end_us = max((bar.stretch for bar in bars[1:-1]), key=lambda one: one[1] - one[0])
    return Window(start_us, end_us, 1).slice_words


def _axis(facts: AgentFacts, width: int, look: Look) -> str:
    start_us, end_us = facts.start_us, facts.end_us
    last = _tick(facts, end_us, look)
    ticks = max(min((width - len(last)) // _TICK, _MOST_TICKS), 1)
    text = ""
    for tick in range(ticks):
        at = start_us + (end_us - start_us) * tick // ticks
        text = text.ljust(width * tick // ticks) + _tick(facts, at, look)
    return text.ljust(max(width - len(last), len(text) + 1)) + last


def _tick(facts: AgentFacts, ts_us: int, look: Look) -> str:
    if facts.end_us - facts.start_us > 2 * DAY_US:
        return date(ts_us, utc=look.utc)
    return fmt.minute(ts_us, utc=look.utc)
