"""Incident: a tool that gets slower and slower until it no longer answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.simulate.cast import ORDER_RESOLVER, TRACK_PARCEL
from ingest.simulate.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage


def stalled_tool(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of calls that take 1, 2, 4, … seconds, then 3 to 5 timeouts after 30 seconds, then an error."""
    talk = Conversation(stage, at_us, ORDER_RESOLVER)
    parcel = f"JD{stage.between(10**9, 10**10 - 1)}"
    yield talk.hears(f"where is parcel {parcel}?")
    yield talk.asks_model(1_200, 90, cached=4_000)
    for doubling in range(5):
        yield talk.event(
            "mcp.tool_call",
            "in transit · position unknown",
            tool=TRACK_PARCEL,
            took_ms=stage.around(1_000 * 2**doubling, 0.05),
            parent=talk.model_span,
            metadata={"arguments": {"parcel": parcel}},
        )
    attempts = stage.between(3, 5)
    for attempt in range(1, attempts + 1):
        yield talk.event(
            "mcp.tool_call",
            f"no answer after 30 s · attempt {attempt} of {attempts}",
            status="timeout",
            tool=TRACK_PARCEL,
            took_ms=30_000,
            parent=talk.model_span,
            metadata={"arguments": {"parcel": parcel, "timeout_s": 30}, "error": {"kind": "timeout"}},
        )
    yield talk.stumbles("TimeoutError: track_parcel gave no answer", TRACK_PARCEL)
    yield talk.answers("The carrier does not answer just now. I will write to you as soon as it does.")
