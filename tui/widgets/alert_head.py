"""The top of an alert: how bad it is, what it is called, how it stands, and what happened, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.alert_words import LEVEL_ROLE, SHORT_LEVEL, state_words
from tui.widgets.flowing import flow
from tui.widgets.line import BLANK, Line, Span, spans_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.model import AlertDetail
    from tui.widgets.detail_lines import Reading

TITLE_ROWS: Final = 3
WORDS_ROWS: Final = 8
DESCRIPTION_ROWS: Final = 6
_GAP: Final = 3
_HISTORICAL: Final = (
    "Historical: its events were more than an hour old when they arrived. It is listed, but nobody was notified."
)


def head_lines(detail: AlertDetail, reading: Reading, width: int) -> Iterator[Line]:
    """Yield title, explanation and description."""
    yield from _title(detail, reading, width)
    yield BLANK
    for row in wrap(detail.row.explanation, width, WORDS_ROWS):
        yield Line(((row, ""),), skip=True)
    for row in wrap(detail.description, width, DESCRIPTION_ROWS) if detail.description else ():
        yield Line(((row, "muted"),), skip=True)
    for row in wrap(_HISTORICAL, width, 3) if detail.row.historical else ():
        yield Line(((row, "warning"),), skip=True)


def _title(detail: AlertDetail, reading: Reading, width: int) -> Iterator[Line]:
    row = detail.row
    level = (SHORT_LEVEL[row.level], LEVEL_ROLE[row.level])
    rows = flow((level, (" ", ""), (row.title, "strong")), width, TITLE_ROWS)
    stands = _standing(detail, reading)
    if len(rows) == 1 and spans_width(rows[0]) + _GAP + spans_width(stands) <= width:
        rows = [(*rows[0], (" " * _GAP, ""), *stands)]
    else:
        rows += flow(stands, width, 2)
    yield from (Line(tuple(spans), skip=True) for spans in rows)


def _standing(detail: AlertDetail, reading: Reading) -> Sequence[Span]:
    row = detail.row
    sign = reading.glyphs.of_alert(row.state)
    words = state_words(row, reading.now_us, utc=reading.utc)
    return ((f"alert {row.id} {reading.glyphs.none} ", "muted"), (sign, ""), (f" {words}", "muted"))
