"""Incident: an agent that suddenly costs a hundred times its usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.simulate.cast import FETCH_PAGE, OPUS, RESEARCH_AGENT, YUKI
from ingest.simulate.conversation import Conversation
from ingest.simulate.tooluse import call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage


def cost_spike(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of 6 to 10 model calls in one request, each with hundreds of thousands of uncached tokens."""
    talk = Conversation(stage, at_us, RESEARCH_AGENT, YUKI)
    yield talk.hears("compare all 2,400 supplier contracts, clause by clause")
    pages = stage.between(6, 10)
    for page in range(1, pages + 1):
        name = f"contracts-{page}.pdf"
        yield from call(talk, FETCH_PAGE, name, result=f"200 · {stage.between(2, 9)} MB", arguments={"url": name})
        yield talk.asks_model(420_000, 900, model=OPUS)
    yield talk.answers(f"{pages * 60} of 2,400 contracts compared; shall I go on?")
