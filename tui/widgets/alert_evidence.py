"""The events that show an alert, and what happened around them, as rows that can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.events import DENIAL, ERROR
from tui import format as fmt
from tui.alert_words import counted, date, quoted
from tui.widgets.line import Line, Span, heading, pad, spans_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.model import AlertDetail, Evidence
    from store.events import EventSummary
    from tui.widgets.detail_lines import Reading

FOLDED: Final = 12
"""So many rows are shown to begin with: the first half and the last half."""
_CLOCK: Final = 8
_STAMP: Final = 12
_TYPE: Final = 16
_SHORT_TYPE: Final = 11
_WIDE_FROM: Final = 50
_WORTH: Final = 12
"""Less room than this is not worth a message."""


@dataclass(frozen=True, slots=True)
class OpenEvidence:
    """Choosing the row opens this event."""

    event: EventSummary


@dataclass(frozen=True, slots=True)
class UnfoldEvidence:
    """Choosing the row shows all events."""


def evidence_lines(detail: AlertDetail, reading: Reading, width: int, *, unfolded: bool) -> Iterator[Line]:
    """Yield a heading with how many there are, the events in order of time, and what is gone."""
    yield heading("Evidence", *_numbers(detail))
    for words in _remarks(detail):
        yield from (Line(((row, "muted"),), skip=True) for row in wrap(words, width, 3))
    with_day = len({fmt.day(one.event.ts_us, utc=reading.utc) for one in detail.evidence}) > 1
    found = detail.evidence
    if unfolded or len(found) <= FOLDED:
        yield from (_row(one, reading, width, with_day=with_day) for one in found)
        return
    half = FOLDED // 2
    yield from (_row(one, reading, width, with_day=with_day) for one in found[:half])
    more = f"{len(found) - FOLDED:,} more between, {reading.glyphs.enter} shows them"
    yield Line(((more, "muted"),), target=UnfoldEvidence())
    yield from (_row(one, reading, width, with_day=with_day) for one in found[-half:])


def _numbers(detail: AlertDetail) -> Sequence[Span]:
    around = sum(not one.hit for one in detail.evidence)
    hits = counted(detail.row.count, "hit")
    if detail.hits < detail.row.count:
        hits = f"{detail.hits:,} of {hits}"
    return ((hits, ""), (f" and {around:,} around them" if around else "", "muted"))


def _remarks(detail: AlertDetail) -> Iterator[str]:
    kept = max(detail.kept, detail.hits)
    if kept > detail.hits:
        yield f"{kept - detail.hits:,} of {kept:,} events that were kept for it have expired."
    elif not kept:
        yield "No events are kept for it."
    elif kept < detail.row.count:
        yield f"The first and the last {kept // 2:,} are kept." if kept > 1 else "One of them is kept."


def _row(one: Evidence, reading: Reading, width: int, *, with_day: bool) -> Line:
    event = one.event
    wide = width >= _WIDE_FROM
    status = (reading.glyphs.of_status(event.status), _status_role(event))
    spans: list[Span] = [
        *_time(one, reading, with_day=with_day, wide=wide),
        (" ", ""),
        status,
        ("  " if wide else " ", ""),
        *_type(event.event_type, _TYPE if wide else _SHORT_TYPE, hit=one.hit, whole=wide),
        ("  ", ""),
    ]
    spans += _summary(one, reading, width - spans_width(spans))
    return Line(tuple(spans), target=OpenEvidence(event))


def _time(one: Evidence, reading: Reading, *, with_day: bool, wide: bool) -> Sequence[Span]:
    role = "" if one.hit else "muted"
    if with_day:
        at_us, utc = one.event.ts_us, reading.utc
        return ((pad(f"{date(at_us, utc=utc)} {fmt.minute(at_us, utc=utc)}", _STAMP), role),)
    clock, millis = fmt.clock(one.event.ts_us, utc=reading.utc)
    return ((pad(clock, _CLOCK), role), *(((millis, "muted"),) if wide else ()))


def _status_role(event: EventSummary) -> str:
    if event.status == "timeout" or event.trouble & DENIAL:
        return "warning"
    return "error" if event.trouble & ERROR else "muted"


def _type(event_type: str, cells: int, *, hit: bool, whole: bool) -> Sequence[Span]:
    """Return a type in so many cells; a hit has a strong name, so that it is told apart without colour as well."""
    prefix, dot, name = event_type.rpartition(".")
    before = prefix + dot if whole else ""
    cut = pad(before + name, cells)
    return ((cut[: len(before)], "muted"), (cut[len(before) :], "strong" if hit else "muted"))


def _summary(one: Evidence, reading: Reading, room: int) -> Iterator[Span]:
    """Yield the tool and whose resource it was after, and what was said where there is room for some of it."""
    event, role = one.event, "" if one.hit else "muted"
    other = event.resource_tenant_id
    crossed = other is not None and other != event.tenant_id
    after = f" {reading.glyphs.right} {other}" if crossed else ""
    done = f"{event.tool or ''}{after}".strip()
    said = event.message or ""
    if said and event.event_type.startswith("agent."):
        said, role = quoted(said, reading.glyphs), "muted"
    if not done:
        yield (said, role)
        return
    yield (done, role)
    if said and room - spans_width([(done, "")]) >= _WORTH:
        yield (f"  {said}", "muted")
