"""Activity by hour and weekday, as a heat map; each hour can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tui import format as fmt
from tui.agent_behind import Behind, behind
from tui.agent_facts import AgentFacts, WeekCell, number
from tui.agent_hours import DAY_US, WEEK_DAYS
from tui.widgets.panel_row import Look, Piece, Row, heading
from tui.widgets.panel_words import DAYS, date

HOURS: Final = 24
STRENGTHS: Final = 4
_LABEL: Final = 5
_TICK_EVERY: Final = 4


def week(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading, the hours, seven days, and what the strengths mean."""
    return list(_rows(facts, width, look))


def _rows(facts: AgentFacts, width: int, look: Look) -> Iterator[Row]:
    cells = 2 if width >= _LABEL + 2 * HOURS else 1
    peak = max((number(cell.figures, facts.measure) for cell in facts.week.cells.values()), default=0)
    weeks = round((facts.week.end_us - facts.week.start_us) / (WEEK_DAYS * DAY_US))
    yield heading("Activity by hour and weekday", Piece(_over(facts.measure, weeks), "muted"))
    ticks = "".join(f"{hour:02}".ljust(cells * _TICK_EVERY) for hour in range(0, HOURS, _TICK_EVERY))
    yield Row((Piece(" " * _LABEL + ticks, "muted"),))
    for day, name in enumerate(DAYS):
        drawn = tuple(_cell(facts, (day, hour), peak, cells, look) for hour in range(HOURS))
        last = _last_day(facts, look) if day == facts.week.today and facts.week.cells else ""
        yield Row((Piece(name.ljust(_LABEL), "muted"), *drawn, Piece(last, "muted")))
    yield Row(tuple(_legend(facts, peak, weeks, look)))


def _last_day(facts: AgentFacts, look: Look) -> str:
    """Return a mark with the last day's date, which is mostly today."""
    last, now = (date(at_us, utc=look.utc) for at_us in (facts.week.end_us - 1, facts.now_us))
    return f"{look.glyphs.today} {'today' if last == now else last}"


def _over(measure: str, weeks: int) -> str:
    return measure if weeks <= 1 else f"{measure}, {weeks} weeks"


def _cell(facts: AgentFacts, at: tuple[int, int], peak: int, cells: int, look: Look) -> Piece:
    found = facts.week.cells.get(at)
    if found is None:
        return Piece(" " * cells)
    count = number(found.figures, facts.measure)
    if not count:
        return Piece(look.glyphs.none.rjust(cells), "faint")
    strength = -(-STRENGTHS * count // peak)
    sign = look.glyphs.heat[strength - 1] if look.plain or look.glyphs.ascii else look.glyphs.block
    return Piece(sign * cells, f"heat{strength}", _hour(facts, at, found, look))


def _hour(facts: AgentFacts, at: tuple[int, int], cell: WeekCell, look: Look) -> Behind:
    count = number(cell.figures, facts.measure)
    day, hour = at
    dates = f" {date(cell.stretches[0][0], utc=look.utc)}" if len(cell.stretches) == 1 else ""
    says = f"{DAYS[day]}{dates} {hour:02}:00   {fmt.count(count)} {facts.measure}"
    name = ("week", str(day), str(hour))
    return behind(facts, name, facts.measure, count, stretches=cell.stretches, says=says)


def _legend(facts: AgentFacts, peak: int, weeks: int, look: Look) -> Iterator[Piece]:
    yield Piece(" " * _LABEL)
    if not peak:
        yield Piece(f"no {facts.measure} in {WEEK_DAYS * max(weeks, 1)} days", "muted")
        return
    yield Piece("less ", "muted")
    plain = look.plain or look.glyphs.ascii
    for strength in range(1, STRENGTHS + 1):
        yield Piece((look.glyphs.heat[strength - 1] if plain else look.glyphs.block) * 2, f"heat{strength}")
    yield Piece(" more   peak ", "muted")
    at, cell = max(facts.week.cells.items(), key=lambda one: number(one[1].figures, facts.measure))
    target = _hour(facts, at, cell, look)
    yield Piece(fmt.count(peak), "", Behind(("week", "peak"), target.find, target.events, target.says))
    yield Piece(f" {facts.measure} an hour" if weeks <= 1 else f" {facts.measure}", "muted")
