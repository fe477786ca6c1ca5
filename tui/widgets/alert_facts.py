"""An alert's facts, each with its label: when, which rule, whose it is, and what its tags mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.states import LIVE
from tui import format as fmt
from tui.alert_tags import tag_words
from tui.alert_words import field_word, moment
from tui.widgets.flowing import flow
from tui.widgets.line import Line, Span, spans_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.model import AlertDetail
    from tui.widgets.detail_lines import Reading

LABEL: Final = 9
ROWS: Final = 4
MOST_TAGS: Final = 12


def fact_lines(detail: AlertDetail, reading: Reading, width: int) -> Iterator[Line]:
    """Yield the facts."""
    yield from _times(detail, reading, width)
    yield from _labelled("rule", _rule(detail), width)
    yield from _labelled("group", _group(detail, reading), width)
    label = "tags"
    for tag in detail.tags[:MOST_TAGS]:
        number, name = tag_words(tag)
        yield from _labelled(label, ((number, ""), *(((f" {name}", "muted"),) if name else ())), width)
        label = ""


def _times(detail: AlertDetail, reading: Reading, width: int) -> Iterator[Line]:
    """Yield the times in one row where they fit, else each in its own."""
    row = detail.row
    first, last = (
        moment(at_us, reading.now_us, utc=reading.utc, seconds=True) for at_us in (row.first_us, row.last_us)
    )
    seen = (("when", first),) if row.first_us == row.last_us else (("first", first), ("last", last))
    facts = [*seen, *_open_for(detail, reading)]
    spans: list[Span] = [(facts[0][0].ljust(LABEL), "muted"), (first, "")]
    for label, text in facts[1:]:
        spans += [(f"   {label} ", "muted"), (text, "")]
    if spans_width(spans) <= width:
        yield Line(tuple(spans), skip=True)
        return
    for label, text in facts:
        yield from _labelled(label, ((text, ""),), width)


def _open_for(detail: AlertDetail, reading: Reading) -> Sequence[tuple[str, str]]:
    row = detail.row
    if not reading.now_us or row.state not in LIVE:
        return ()
    return (("open for", fmt.span(reading.now_us - row.opened_us)),)


def _rule(detail: AlertDetail) -> Sequence[Span]:
    whose = "shipped" if detail.shipped else "own rule"
    return ((detail.row.rule, ""), (f"  {whose} · level {detail.row.level}", "muted"))


def _group(detail: AlertDetail, reading: Reading) -> Sequence[Span]:
    fields = ", ".join(field_word(field) for field in detail.group_by)
    if not detail.row.key:
        says = f"many at once, told apart by {fields}" if fields else reading.glyphs.none
        return ((says, "muted"),)
    spans: list[Span] = []
    for field, value in detail.row.key:
        named = ((f"no {field_word(field)}", "muted"),) if value is None else (
            (f"{field_word(field)} ", "muted"), (value, ""),
        )  # fmt: skip
        spans += [*(((", ", "muted"),) if spans else ()), *named]
    return spans


def _labelled(label: str, spans: Sequence[Span], width: int) -> Iterator[Line]:
    """Yield a fact, its value wrapped under itself; a label that is longer than its column stands before it."""
    start = label.ljust(LABEL) if len(label) < LABEL else f"{label} "
    for index, row in enumerate(flow(spans, max(width - len(start), 1), ROWS)):
        yield Line(((start if index == 0 else " " * len(start), "muted"), *row), skip=True)


def hint_lines(detail: AlertDetail, width: int) -> Iterator[Line]:
    """Yield what is known to make the rule fire although nothing is wrong."""
    if not detail.falsepositives:
        return
    for row in wrap(f"Known false positives: {'; '.join(detail.falsepositives)}", width, ROWS):
        yield Line(((row, "muted"),), skip=True)
