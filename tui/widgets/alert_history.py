"""What has happened to an alert, and how others of its rule were decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.model import Happened
from store.alerts.states import Reach
from tui.alert_words import OUTCOME, VERDICT_WORD, date, moment, quoted
from tui.widgets.flowing import flow
from tui.widgets.line import Line, Span, heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.model import AlertDetail, AlertStep, Alike
    from tui.widgets.detail_lines import Reading

MOST: Final = 40
"""So many of the newest steps are told."""
ROWS: Final = 4
_GAP: Final = 2
_ALIKE: Final = "Alike: "


def history_lines(detail: AlertDetail, reading: Reading, width: int) -> Iterator[Line]:
    """Yield the steps, oldest first, each wrapped beside its time."""
    if not detail.history:
        return
    yield heading("History")
    steps = detail.history[-MOST:]
    if len(detail.history) > MOST:
        yield Line(((f"{len(detail.history) - MOST:,} earlier ones", "muted"),), skip=True)
    times = [moment(step.at_us, reading.now_us, utc=reading.utc, seconds=True) for step in steps]
    column = max(len(time) for time in times) + _GAP
    for time, step in zip(times, steps, strict=True):
        spans = _step(step, detail, reading)
        yield from _hanging(time.ljust(column), spans, width)


def _hanging(start: str, spans: Sequence[Span], width: int) -> Iterator[Line]:
    for index, row in enumerate(flow(spans, max(width - len(start), 1), ROWS)):
        yield Line(((start if index == 0 else " " * len(start), "muted"), *row), skip=True)


def _step(step: AlertStep, detail: AlertDetail, reading: Reading) -> Sequence[Span]:
    glyphs = reading.glyphs
    match step.what:
        case Happened.OPENED:
            return (("opened", ""),)
        case Happened.MERGED:
            return (("another alert turned out to be a part of it", "muted"),)
        case Happened.NOTIFIED:
            took = "" if step.took_ms is None else f" {step.took_ms:,} ms"
            return ((f"{step.target} was told ", "muted"), (glyphs.success, "success"), (took, "muted"))
        case Happened.NOT_NOTIFIED:
            why = f": {step.reason}" if step.reason else ""
            return ((f"{glyphs.failure} ", "error"), (step.target, ""), (f" was not told{why}", "muted"))
        case Happened.UNDONE:
            return ((_decided(step), ""), (" taken back", ""), (_by(step), "muted"))
        case Happened.DECIDED:
            return (*_decision(step, detail, reading),)


def _decided(step: AlertStep) -> str:
    return "decision" if step.verdict is None else VERDICT_WORD[step.verdict]


def _by(step: AlertStep) -> str:
    return "" if step.who is None else f" by {step.who}"


def _decision(step: AlertStep, detail: AlertDetail, reading: Reading) -> Iterator[Span]:
    yield ("decided" if step.verdict is None else OUTCOME[step.verdict], "strong")
    yield (_by(step), "muted")
    if step.until_us is not None:
        yield (" until ", "muted")
        yield (moment(step.until_us, reading.now_us, utc=reading.utc), "")
    if step.reach is Reach.RULE_AND_AGENT:
        yield (f", this rule + {detail.row.agent or 'no agent'}", "muted")
    elif step.reach is Reach.FILTER:
        yield (", those of this rule that a filter found", "muted")
    if step.reason:
        yield (f", {quoted(step.reason, reading.glyphs)}", "muted")


def alike_lines(detail: AlertDetail, reading: Reading, width: int) -> Iterator[Line]:
    """Yield the newest decisions about other alerts of the rule."""
    for index, one in enumerate(detail.alike):
        start = _ALIKE if index == 0 else " " * len(_ALIKE)
        yield from _hanging(start, _alike(one, reading), width)


def _alike(one: Alike, reading: Reading) -> Sequence[Span]:
    why = f", {quoted(one.reason, reading.glyphs)}" if one.reason else ""
    return (
        (f"{one.alert_id}, {date(one.at_us, utc=reading.utc)}, ", "muted"),
        (OUTCOME[one.verdict], "strong"),
        (f" by {one.who}{why}", "muted"),
    )
