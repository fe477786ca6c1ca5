"""Incident: an agent that calls the same failing tool again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.simulate.cast import CI, CODE_REVIEWER, RUN_TESTS
from ingest.simulate.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Beat, Stage


def runaway_agent(stage: Stage, at_us: int) -> Iterator[Beat]:
    """Tell of one request with 24 to 36 failing calls of one tool with the same arguments, until its budget ends it."""
    talk = Conversation(stage, at_us, CODE_REVIEWER, CI)
    number, attempts = stage.between(3900, 4300), stage.between(24, 36)
    yield talk.hears(f"make the tests of pull request #{number} pass", {"trigger": "webhook"})
    for attempt in range(1, attempts + 1):
        if attempt % 3 == 1:
            yield talk.asks_model(4_000, 180, cached=20_000)
        talk.pause(200, 900)
        yield talk.event(
            "mcp.tool_call",
            f"exit code 1 · conftest.py not found · attempt {attempt}",
            status="failure",
            tool=RUN_TESTS,
            took_ms=stage.around(1_700, 0.15),
            parent=talk.model_span,
            metadata={
                "arguments": {"ref": f"pull/{number}/head"},
                "error": {"kind": "exit", "code": 1, "retryable": False},
                "attempt": attempt,
            },
        )
    yield talk.stumbles(f"BudgetError: {attempts} calls of run_tests failed alike, giving up", RUN_TESTS)
