"""What it is made of: an agent's tools, a tool's agents, with calls, error rate and latency of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from store.analytics.model import Dimension
from tui import format as fmt
from tui.agent_behind import Behind, Unfold, behind
from tui.agent_facts import AgentFacts, Part, number
from tui.widgets.panel_row import Look, Piece, Row, figure, heading, remark
from tui.widgets.panel_words import PLURAL, part_name

SHOWN: Final = 8
"""Rows to begin with."""
MOST: Final = 100
"""Rows when unfolded."""
_CALLS: Final = 7
_SIGN: Final = 3
_RATE: Final = 5
_UNIT: Final = 2
_P95: Final = 6
_P95_UNIT: Final = 3
_SOME: Final = 3
"""Fewer failures than these are never alarming."""
_TIMES: Final = 3
_LEAST_SHARE: Final = 0.02


def parts(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading with the names of the columns, the largest parts, and how many more there are."""
    del width
    name = facts.parts.by[0] if facts.parts.by else Dimension.TOOL
    return [_heading(facts, name), *_rows(facts, name, look)]


def _heading(facts: AgentFacts, name: Dimension) -> Row:
    errors, p95 = _SIGN + _RATE + _UNIT, _P95 + _P95_UNIT
    words = f"{facts.measure:>{_CALLS}}{'errors':>{errors}}{'p95':>{p95}}"
    return heading(PLURAL[name].capitalize(), Piece(words.strip(), "muted"))


def shown_parts(facts: AgentFacts) -> list[Part]:
    """Return the parts that were counted, or that failed."""
    return [one for one in facts.parts.parts if number(one.figures, facts.measure) or _has_trouble(one)]


def _has_trouble(part: Part) -> bool:
    return part.names[0] is not None and bool(part.figures.errors)


def _rows(facts: AgentFacts, name: Dimension, look: Look) -> Iterator[Row]:
    found = shown_parts(facts)
    if not found:
        yield remark(f"no {PLURAL[name]} in this window")
        return
    most = MOST if ("parts",) in look.unfolded else SHOWN
    kept = found[:most]
    if most == SHOWN:  # what is new is shown, however rarely it was used
        kept += [one for one in found[most:] if one.first_us is not None][:SHOWN]
    for one in kept:
        yield _row(facts, one, name, look)
    more = len(found) - len(kept)
    if more and most == SHOWN:
        words = f"and {more:,} more {PLURAL[name] if more > 1 else name.value}"
        yield Row((Piece(words, "muted", Unfold(("parts",))),))
    elif more:
        yield remark(f"and {more:,} more, which are in auditail analytics usage --by {name.value}")


def _row(facts: AgentFacts, part: Part, name: Dimension, look: Look) -> Row:
    names = dict(zip(facts.parts.by, part.names, strict=True))
    key = ("parts", *("" if one is None else f"={one}" for one in part.names))
    count, figures = number(part.figures, facts.measure), part.figures
    mark = (Piece(f"{look.glyphs.fresh} ", "accent"),) if part.first_us is not None else ()
    calls = figure(
        fmt.count(count) if count else look.glyphs.none,
        _CALLS,
        behind(facts, (*key, facts.measure), facts.measure, count, names=names),
    )
    failures = behind(facts, (*key, "failures"), "failures", figures.failures, names=names)
    timed = behind(facts, (*key, "p95"), "timed", part.durations.calls, names=names)
    return Row(
        (*mark, *part_name(part, name.value)),
        (calls, *_errors(facts, part, failures, look), *_p95(part, timed, look)),
    )


def _errors(facts: AgentFacts, part: Part, target: Behind, look: Look) -> tuple[Piece, ...]:
    figures = part.figures
    if not figures.outcomes:
        return (Piece(" " * (_SIGN + _RATE - 1) + look.glyphs.none, "faint"), Piece(" " * _UNIT))
    loud = is_alarming(facts, part)
    sign = f"{look.glyphs.failure} " if loud else ""
    rate = fmt.percent(figures.failures, figures.outcomes)
    return (
        Piece(sign.rjust(_SIGN), "error"),
        figure(rate, _RATE, target, role="error" if loud else ""),
        Piece(" %", "muted"),
    )


def is_alarming(facts: AgentFacts, part: Part) -> bool:
    """Return whether a part fails far more often than the others together do."""
    figures = part.figures
    outcomes, failures = facts.total.outcomes - figures.outcomes, facts.total.failures - figures.failures
    others = failures / outcomes if outcomes > 0 else 0.0
    rate = figures.failure_rate or 0.0
    return figures.failures >= _SOME and rate >= max(_TIMES * others, _LEAST_SHARE)


def _p95(part: Part, target: Behind, look: Look) -> tuple[Piece, ...]:
    micros = part.durations.quantile(0.95)
    if micros is None:
        return (Piece(look.glyphs.none.rjust(_P95), "faint"), Piece(" " * _P95_UNIT))
    value, unit = fmt.duration(micros)
    return figure(value, _P95, target), Piece(unit.rjust(_P95_UNIT), "muted")
