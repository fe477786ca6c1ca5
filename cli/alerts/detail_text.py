"""One alert whole as text for people."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from cli.alerts.table import state_text
from cli.render.table import EventTable, TableStyle
from cli.wording import counted
from store.alerts.decided_event import OUTCOME
from store.alerts.model import Happened
from store.alerts.states import Reach
from store.safe_text import safe_text
from tui import format as words
from tui.alert_tags import tag_words
from tui.alert_words import field_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.analytics.look import Look
    from store.alerts.model import AlertDetail, AlertStep

_GAP: Final = 3
_SIGN: Final = 2
_MARK: Final = ">"
_WIDEST: Final = 100
"""Cells of a line of prose, however wide the terminal is."""
_LONGEST_PROSE: Final = 2_000
_LONGEST_VALUE: Final = 256
"""Characters that are shown of what happened, and of a value that an event has: it may be of any length."""
_REACHED: Final = {
    Reach.ALERT: "",
    Reach.RULE_AND_AGENT: ", with all of its rule and agent",
    Reach.FILTER: ", with all of its rule that a filter found",
}


def detail_lines(detail: AlertDetail, look: Look) -> Iterator[str]:
    """Give the lines of an alert; all texts of events are safe to show."""
    row = detail.row
    yield f"{look.inked(row.level.value, 'bold')}  {look.inked(safe_text(row.title), 'bold')}"
    yield ""
    yield from _prose(_short(row.explanation, _LONGEST_PROSE), look)
    yield ""
    facts = [(safe_text(label), _short(safe_text(text), _LONGEST_VALUE)) for label, text in _facts(detail, look)]
    cells = max(len(label) for label, _ in facts) + _GAP
    for label, text in facts:
        yield f"{look.inked(label.ljust(cells), 'dim')}{text}"
    yield from _rule(detail, look)
    yield from _evidence(detail, look)
    yield from _history(detail, look)
    yield from _alike(detail, look)


def _facts(detail: AlertDetail, look: Look) -> Iterator[tuple[str, str]]:
    row = detail.row
    found_late = ", in events that were old when they arrived" if row.historical else ""
    yield "alert", f"{row.id}, {state_text(row, look)}{found_late}"
    yield "first", _time(row.first_us, look)
    yield (
        "last",
        f"{_time(row.last_us, look)}, {counted(row.count, 'event')} in {words.span(row.last_us - row.first_us)}",
    )
    named = {"agent_id": row.agent, "user_id": row.user, "tenant_id": row.tenant, **dict(row.key)}
    for name, value in named.items():
        if value:
            yield field_word(name), value


def _short(text: str, most: int) -> str:
    """Cut what no one reads to its end; `--format json` has it whole."""
    return text if len(text) <= most else f"{text[:most]}…"


def _rule(detail: AlertDetail, look: Look) -> Iterator[str]:
    yield from _heading("Rule", look)
    whose = "shipped" if detail.shipped else "your own"
    agents = f", about {counted(detail.rule_agents, 'agent')}" if detail.rule_agents else ""
    yield safe_text(f"{detail.row.rule} ({whose}), {counted(sum(detail.rule_days), 'alert')} in 30 days{agents}")
    yield from _prose(detail.description, look)
    if detail.group_by:
        yield safe_text(f"one alert for each {', '.join(map(field_word, detail.group_by))}")
    for tag in detail.tags:
        yield safe_text(" ".join(tag_words(tag)).strip())
    for benign in detail.falsepositives:
        yield safe_text(f"may be harmless: {benign}")


def _evidence(detail: AlertDetail, look: Look) -> Iterator[str]:
    yield from _heading("Evidence", look)
    gone = f", {detail.kept - detail.hits:,} are gone" if detail.kept > detail.hits else ""
    yield f"{counted(detail.hits, 'event')} kept{gone}, marked with {_MARK} (`auditail logs alert:{detail.row.id}`)"
    style = TableStyle(
        width=None if look.width is None else look.width - _SIGN,
        colour=look.colour,
        utc=look.utc,
        ascii=look.glyphs.ascii,
        now_us=look.now_us,
    )
    lines = list(EventTable(style).lines([one.event for one in detail.evidence]))
    if lines:
        yield f"  {lines.pop(0)}"
    for one, line in zip(detail.evidence, lines, strict=True):
        yield f"{_MARK if one.hit else ' '} {line}"


def _history(detail: AlertDetail, look: Look) -> Iterator[str]:
    yield from _heading("History", look)
    for step in detail.history:
        yield safe_text(f"{_time(step.at_us, look)}  {_step(step, look)}")


def _step(step: AlertStep, look: Look) -> str:
    who = f" by {step.who}" if step.who else ""
    why = f": {step.reason}" if step.reason else ""
    outcome = "" if step.verdict is None else OUTCOME[step.verdict]
    if step.what is Happened.DECIDED:
        until = "" if step.until_us is None else f" until {_time(step.until_us, look)}"
        return f"{outcome}{until}{who}{_REACHED[step.reach or Reach.ALERT]}{why}"
    if step.what is Happened.UNDONE:
        return f"no longer {outcome}{who}" if outcome else f"decision taken back{who}"
    if step.what is Happened.NOTIFIED:
        took = "" if step.took_ms is None else f" in {step.took_ms:,} ms"
        return f"told {step.target}{took}"
    if step.what is Happened.NOT_NOTIFIED:
        return f"not told {step.target}{why}"
    return "took in another alert" if step.what is Happened.MERGED else "opened"


def _alike(detail: AlertDetail, look: Look) -> Iterator[str]:
    if detail.alike:
        yield from _heading("Alike", look)
    for one in detail.alike:
        why = f": {one.reason}" if one.reason else ""
        yield safe_text(f"{one.alert_id}  {_time(one.at_us, look)}  {OUTCOME[one.verdict]} by {one.who}{why}")


def _heading(text: str, look: Look) -> Iterator[str]:
    yield ""
    yield look.inked(text, "bold")


def _prose(text: str, look: Look) -> Iterator[str]:
    width = _WIDEST if look.width is None else min(look.width, _WIDEST)
    for line in text.splitlines():
        yield from textwrap.wrap(safe_text(line), width)


def _time(ts_us: int, look: Look) -> str:
    return words.full_time(ts_us, utc=look.utc)[:19]
