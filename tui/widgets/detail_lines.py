"""One event as lines: head, fields, the other half of its call, and where its bytes are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.events import DENIAL, ERROR, EventDetail, EventSummary
from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.pricing.pricer import CostStatus
from tui import format as fmt
from tui.glyphs import UNICODE, Glyphs
from tui.widgets.line import BLANK, Line, Span, heading, wrap, wrap_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LABEL: Final = 11
"""Cells of the column of field names."""
MESSAGE_ROWS: Final = 6
VALUE_ROWS: Final = 4
LATE_US: Final = 60 * fmt.MICROS
"""An event that arrived later than this after its own time says so."""


@dataclass(frozen=True, slots=True)
class Related:
    """How many events share an id with the shown one; None: not counted (yet)."""

    request: int | None = None
    session: int | None = None
    trace: int | None = None


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """Choosing the row opens the event with this row id."""

    event_row_id: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are to be written: zone, signs, and the present time in UTC microseconds (0: no "… ago")."""

    utc: bool = False
    now_us: int = 0
    glyphs: Glyphs = UNICODE


def head_lines(detail: EventDetail, reading: Reading, width: int, *, whole_message: bool) -> Iterator[Line]:
    """Yield what happened in one row, and what was said in a few."""
    summary = detail.summary
    name = () if summary.tool is None else (("  ", ""), (summary.tool, "strong"))
    status = [(text, f"{role} strong") for text, role in status_spans(summary, reading.glyphs)]
    for row in wrap_spans((*status, ("  ", ""), *type_spans(summary.event_type, "strong"), *name), width, VALUE_ROWS):
        yield Line(row)
    if detail.message:
        rows = wrap(detail.message, width, 400 if whole_message else MESSAGE_ROWS)
        for row in rows:
            yield Line(((row, ""),))
        if not whole_message and len(rows) == MESSAGE_ROWS and rows[-1].endswith("…"):
            yield Line(
                ((f"{len(detail.message):,} characters, {reading.glyphs.enter} shows more", "muted"),), target="message"
            )


def status_spans(summary: EventSummary, glyphs: Glyphs) -> Sequence[Span]:
    """Return sign and word of a status in the colour of its trouble; success is a dim sign and word."""
    role = _trouble_role(summary)
    return ((glyphs.of_status(summary.status), role), (f" {summary.status or 'no status'}", role))


def _trouble_role(summary: EventSummary) -> str:
    if summary.status == "timeout" or summary.trouble & DENIAL:
        return "warning"
    return "error" if summary.trouble & ERROR else "muted"


def type_spans(event_type: str, role: str) -> Sequence[Span]:
    """Return a type with its part before the last dot dimmed."""
    prefix, dot, name = event_type.rpartition(".")
    return ((prefix + dot, "muted"), (name, role))


def field_lines(detail: EventDetail, related: Related, reading: Reading, width: int) -> Iterator[Line]:
    """Yield the event's own fields. The usual ones are always there, so that the eye finds them at one place."""
    summary = detail.summary
    none = ((reading.glyphs.none, "faint"),)
    yield heading("Fields")
    yield from _row("time", _time(summary.ts_us, reading))
    if summary.arrived_us - summary.ts_us > LATE_US:
        late = fmt.ago(summary.arrived_us - summary.ts_us).removesuffix(" ago")
        yield from _row(
            "arrived", ((fmt.full_time(summary.arrived_us, utc=reading.utc), ""), (f"  {late} late", "muted"))
        )
    yield from text_row("agent", summary.agent_id, width, none)
    yield from text_row("user", summary.user_id, width, none)
    yield from _wrapped("tenant", _tenant(summary) or none, width)
    yield from _wrapped("tool", _tool(summary) or none, width)
    yield from _row("duration", _duration(summary.duration_us) or none)
    yield from _ids(detail, related, width, none)
    yield from text_row("model", summary.model, width, none)
    yield from _wrapped("tokens", _tokens(detail) or none, width)
    yield from _row("cost", _cost(detail, reading.glyphs) or none)
    if detail.host is not None:
        yield from text_row("host", detail.host, width, none)


def _time(ts_us: int, reading: Reading) -> Sequence[Span]:
    spans = [(fmt.full_time(ts_us, utc=reading.utc), ""), (f" {fmt.zone_offset(ts_us, utc=reading.utc)}", "muted")]
    if reading.now_us:
        spans.append((f" · {fmt.ago(reading.now_us - ts_us)}", "muted"))
    return spans


def _tenant(summary: EventSummary) -> Sequence[Span]:
    other = summary.resource_tenant_id
    own = () if summary.tenant_id is None else ((summary.tenant_id, ""),)
    if other is None or other == summary.tenant_id:
        return own
    return (*(own or (("no tenant", "muted"),)), (" touched ", "muted"), (other, "warning"))


def _tool(summary: EventSummary) -> Sequence[Span]:
    if summary.tool is None:
        return () if summary.server is None else ((f"· {summary.server}", "muted"),)
    return ((summary.tool, ""), *(() if summary.server is None else ((f" · {summary.server}", "muted"),)))


def _duration(duration_us: int | None) -> Sequence[Span]:
    if duration_us is None:
        return ()
    number, unit = fmt.duration(duration_us)
    return ((number, ""), (f" {unit}", "muted"))


def _ids(detail: EventDetail, related: Related, width: int, none: Sequence[Span]) -> Iterator[Line]:
    counted = (
        (Key.REQUEST, detail.request_id, related.request),
        (Key.SESSION, detail.session_id, related.session),
        (Key.TRACE, detail.trace_id, related.trace),
    )
    for field, value, number in counted:
        yield from _id_row(field, value, number, width, none)
    for name, value in (("call", detail.call_id), ("span", detail.span_id), ("parent", detail.parent_id)):
        if value is not None:
            yield from text_row(name, value, width, none)


def _id_row(field: Key, value: str | None, number: int | None, width: int, none: Sequence[Span]) -> Iterator[Line]:
    if value is None:
        yield from _row(field.value, none)
        return
    suffix = "" if number is None else f"  {number:,} event{'' if number == 1 else 's'}"
    target = Clause(field, (literal(value),))
    rows = wrap(value, width - LABEL, VALUE_ROWS)
    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        fits = len(row) + len(suffix) <= width - LABEL
        tail = ((suffix, "muted"),) if last and fits else ()
        yield _labelled(field.value if index == 0 else "", ((row, ""), *tail), target)
        if last and not fits:
            yield _labelled("", ((suffix.strip(), "muted"),), target)


def _tokens(detail: EventDetail) -> Sequence[Span]:
    parts = (
        (detail.input_tokens, "in"),
        (detail.output_tokens, "out"),
        (detail.cache_read_tokens, "cache read"),
        (detail.cache_write_tokens, "cache write"),
    )
    spans: list[Span] = []
    for number, unit in parts:
        if number is not None:
            spans += [("  " if spans else "", ""), (f"{number:,}", ""), (f" {unit}", "muted")]
    return spans


def _cost(detail: EventDetail, glyphs: Glyphs) -> Sequence[Span]:
    """Return what it cost and who says so: its producer, or a list of prices."""
    if detail.cost_microusd is not None:
        return ((fmt.money(detail.cost_microusd), ""), ("  as reported", "muted"))
    if detail.computed_microusd is not None:
        listed = f"  {detail.price_version}"
        return ((f"{glyphs.about} {fmt.money(detail.computed_microusd)}", ""), (listed, "muted"))
    if detail.cost_status is CostStatus.UNKNOWN:
        return (("not known", ""), ("  no list of prices has this model", "muted"))
    return ()


def partner_lines(detail: EventDetail, reading: Reading, width: int) -> Iterator[Line]:
    """Yield the result of a call, or the call of a result, with the time between them."""
    partner = detail.partner
    if partner is None:
        return
    later = partner.ts_us >= detail.summary.ts_us
    gap = abs(partner.ts_us - detail.summary.ts_us)
    number, unit = fmt.duration(gap)
    target = OpenEvent(partner.id)
    yield BLANK
    yield heading(
        "Its result" if later else "Its call", (f"{number} {unit} {'later' if later else 'earlier'}", "muted")
    )
    hms, millis = fmt.clock(partner.ts_us, utc=reading.utc)
    took = _duration(partner.duration_us)
    spans = (
        (hms, ""),
        (f"{millis}  ", "muted"),
        *type_spans(partner.event_type, ""),
        ("  ", ""),
        *status_spans(partner, reading.glyphs),
        *((("  ", ""), *took) if took else ()),
    )
    yield Line(spans, ((reading.glyphs.enter, "key"),), target=target)
    for row in wrap(partner.message or "", width, 2) if partner.message else ():
        yield Line(((row, "muted"),), target=target)


def provenance_lines(detail: EventDetail, width: int) -> Iterator[Line]:
    """Yield where the event's bytes are, and the names that the store gave it."""
    source = detail.provenance
    yield BLANK
    yield heading("Provenance")
    yield from text_row("file", source.path, width, ())
    where = ((f"byte {source.offset:,}", ""), (f" · generation {source.generation} · {source.format}", "muted"))
    yield from _row("where", where)
    yield from text_row("event", detail.event_id, width, ())
    yield from _row("order", ((f"seq {detail.summary.seq:,}", ""),))
    if not detail.counts:
        yield from _row("counted", (("with an earlier row of the same event", "muted"),))


def text_row(label: str, value: str | None, width: int, none: Sequence[Span]) -> Iterator[Line]:
    """Yield a field whose value is wrapped under itself."""
    if value is None:
        yield from _row(label, none)
        return
    yield from _wrapped(label, ((value, ""),), width)


def _wrapped(label: str, spans: Sequence[Span], width: int) -> Iterator[Line]:
    for index, row in enumerate(wrap_spans(spans, width - LABEL, VALUE_ROWS)):
        yield _labelled(label if index == 0 else "", row, None)


def _row(label: str, spans: Iterable[Span]) -> Iterator[Line]:
    yield _labelled(label, spans, None)


def _labelled(label: str, spans: Iterable[Span], target: object | None) -> Line:
    return Line(((label.ljust(LABEL), "muted"), *spans), target=target)
