"""How long settled calls took: three quantiles, and how they are spread on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from store.rollups.durations import BUCKETS, bucket_of, value_of
from tui import format as fmt
from tui.agent_behind import Behind, behind, between_us
from tui.agent_facts import AgentFacts
from tui.widgets import chart
from tui.widgets.panel_row import Look, Piece, Row, heading, remark

HEIGHT: Final = 4
_TOP: Final = 6
_TICK: Final = 14
"""Cells from one label to the next."""
_QUANTILES: Final = ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
_LONGEST_US: Final = 1 << 62
_WIDEST: Final = 4


class _Bar(NamedTuple):
    """Buckets `first` to `last` (both included), and the calls in them."""

    first: int
    last: int
    calls: int


def durations(facts: AgentFacts, width: int, look: Look) -> Sequence[Row]:
    """Return the rows: a heading, the quantiles, and the chart, whose bars can be chosen."""
    title = heading("Duration", Piece("log scale", "muted"))
    if not facts.durations.calls:
        return [title, remark("no call stated how long it took")]
    return [title, Row(tuple(_quantiles(facts))), *_chart(facts, width, look)]


def _quantiles(facts: AgentFacts) -> Iterator[Piece]:
    for index, (share, name) in enumerate(_QUANTILES):
        value, unit = fmt.duration(facts.durations.quantile(share) or 0)
        target = behind(facts, ("durations", name), "timed", facts.durations.calls)
        yield Piece(f"{'   ' if index else ''}{name} ", "muted")
        yield Piece(value, "", target)
        yield Piece(f" {unit}", "muted")


def _chart(facts: AgentFacts, width: int, look: Look) -> Iterator[Row]:
    room = max(width - _TOP - 1, 1)
    bars = bars_of(facts.durations.counts, room)
    if not chart.is_loaded():
        yield from [Row((Piece(look.glyphs.pending if not row else "", "faint"),)) for row in range(HEIGHT + 2)]
        return
    each = min(max(room // len(bars), 1), _WIDEST)
    every = max(_TICK // each, 1)
    ticks = tuple((at, " ".join(fmt.duration(value_of(bars[at].last)))) for at in range(0, len(bars), every))
    top = fmt.short_count(max(bar.calls for bar in bars))
    asked = chart.Chart(tuple(bar.calls for bar in bars), ticks, top, HEIGHT, each)
    drawn = chart.draw(asked, ascii_only=look.glyphs.ascii)
    for index, row in enumerate(drawn.rows):
        if index >= drawn.height:
            yield Row((Piece(row, "muted"),))
            continue
        cut = [row[drawn.left + at * each : drawn.left + (at + 1) * each] for at in range(len(bars))]
        pieces = (Piece(text, "volume", _behind(facts, bar)) for text, bar in zip(cut, bars, strict=True))
        yield Row((Piece(row[: drawn.left], "muted"), *pieces))


def bars_of(counts: Mapping[int, int], room: int) -> list[_Bar]:
    """Return at most `room` bars from the shortest to the longest duration; buckets beside each other share one."""
    first, last = min(counts), max(counts)
    by = -(-(last - first + 1) // room)
    return [
        _Bar(start, start + by - 1, sum(counts.get(bucket, 0) for bucket in range(start, start + by)))
        for start in range(first, last + 1, by)
    ]


def _behind(facts: AgentFacts, bar: _Bar) -> Behind | None:
    if not bar.calls:
        return None
    low, high = span_of(bar.first, bar.last)
    shortest, longest = (" ".join(fmt.duration(value_of(bucket))) for bucket in (bar.first, min(bar.last, BUCKETS - 1)))
    about = shortest if shortest == longest else f"{shortest} to {longest}"
    says = f"about {about}   {fmt.count(bar.calls)} calls"
    return behind(facts, ("durations", str(bar.first)), "outcomes", bar.calls, also=between_us(low, high), says=says)


@cache
def span_of(first: int, last: int) -> tuple[int | None, int | None]:
    """Return the shortest and the longest duration (microseconds) of buckets `first` to `last`; None: any."""
    low = None if first <= 0 else _least_of(first)
    high = None if last >= BUCKETS - 1 else _least_of(last + 1) - 1
    return low, high


def _least_of(bucket: int) -> int:
    """Return the shortest duration that belongs to a bucket or to one after it."""
    low, high = 0, _LONGEST_US
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if bucket_of(middle) >= bucket else (middle + 1, high)
    return low
