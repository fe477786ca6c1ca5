"""An exact number of events over a span that has already passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.simulate.interleave import Interleaver
from ingest.simulate.programme import Programme
from ingest.simulate.rhythm import Calendar
from ingest.simulate.stage import MS, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Event, Story


def history(*, events: int, span_us: int, end_us: int, seed: int) -> Iterator[tuple[int, Event]]:
    """Yield exactly `events` events of [end_us - span_us, end_us) as (UTC microseconds, event), in order of arrival.

    The office rhythm decides when they happen. A story that the end (or the number) cuts short stays unfinished, as
    it would in a real log.

    Raises:
        ValueError: the number is negative, or the span is shorter than a millisecond.
    """
    if events < 0:
        raise ValueError(f"The number of events must not be negative, not {events}.")
    if span_us < MS:
        raise ValueError("The span must be at least a millisecond.")
    start_us = -(-(end_us - span_us) // MS) * MS
    stage = Stage(seed, start_us)
    calendar = Calendar(start_us, end_us, seed)
    programme = Programme(stage, start_us=start_us, anchor_us=None)
    interleaver = Interleaver(stage)
    planned, share = 0, 0.0

    def tell(story: Story, now_us: int, most: int) -> int:
        length = 0
        for at_us, event in story(stage, now_us):
            if at_us >= end_us or length == most:
                break
            interleaver.add(at_us, event)
            length += 1
        return length

    while planned < events:
        now_us = calendar.time_at(share)
        yield from interleaver.until(now_us)
        story = programme.incident(now_us, planned) or programme.ordinary()
        left = events - planned
        told = tell(story, now_us, left)
        planned += told
        share += (1 - share) * min(1.0, told / left * stage.dice.uniform(0.4, 1.6))
    yield from interleaver.rest()
