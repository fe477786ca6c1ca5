"""DuckDB adds up the same events. Runs alone in a process of its own.

`python -m tests.bench.peer_duckdb_sums DATABASE ROUNDS` reads statements from standard input (a JSON list) and prints
the rows and seconds of each as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from tests.bench.peer_duckdb import connect

if TYPE_CHECKING:
    from store.analytics.model import UsageQuestion

_COLUMNS: Final = {
    "agent": "agent_id", "user": "user_id", "tenant": "tenant_id", "type": "event_type",
    "tool": "tool", "server": "server", "model": "model",
}  # fmt: skip
_ERROR: Final = "(coalesce(status, '') IN ('failure', 'timeout') OR event_type IN ('agent.error', 'auth.failed'))"
_DENIAL: Final = "(coalesce(status, '') = 'denied' OR event_type = 'permission.denied')"
_SUMS: Final = (
    "count(*)",
    f"count(*) FILTER (WHERE {_ERROR})",
    f"count(*) FILTER (WHERE {_DENIAL})",
    "count(*) FILTER (WHERE event_type = 'mcp.tool_call')",
    "coalesce(sum(input_tokens), 0)",
    "coalesce(sum(output_tokens), 0)",
    "coalesce(sum(cache_read_tokens), 0)",
    "coalesce(sum(cache_write_tokens), 0)",
    "coalesce(sum(cost_microusd), 0)",
)
SHARED: Final = (
    "events", "errors", "denials", "calls", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens",
    "reported_microusd",
)  # fmt: skip
"""Which sums of ours these are: the others are made out of several events, or out of prices."""
_QUANTILES: Final = "quantile_cont(duration_ms, [0.5, 0.95, 0.99]) FILTER (WHERE event_type LIKE 'mcp.tool%')"


def statement(question: UsageQuestion, condition: str) -> str:
    """Return the question as DuckDB is asked it; `condition` is its filter."""
    by = [_COLUMNS[one.value] for one in question.by]
    edges = list(pairwise(question.edges))
    stretch = "0"
    if len(edges) > 1:
        later = ", ".join(f"make_timestamp({start})" for start, _ in edges[1:])
        stretch = f"len(list_filter([{later}], lambda edge: edge <= ts))"
    groups = ", ".join(str(place) for place in range(1, len(by) + 2))
    timed = [_QUANTILES] if question.durations else []
    return (
        f"SELECT {', '.join((stretch, *by, *_SUMS, *timed))} FROM event"
        f" WHERE ts >= make_timestamp({edges[0][0]}) AND ts < make_timestamp({edges[-1][1]}) AND {condition}"
        f" GROUP BY {groups}"
    )


def ask(database: str, rounds: int) -> list[dict[str, Any]]:
    """Ask each statement once to warm it, then once a round."""
    connection = connect(database)
    answers: list[dict[str, Any]] = []
    for asked in json.load(sys.stdin):
        rows = [[int(cell) if isinstance(cell, float) else cell for cell in row]
                for row in connection.execute(asked).fetchall()]  # fmt: skip
        taken: list[float] = []
        for _ in range(rounds):
            begin = time.perf_counter()
            connection.execute(asked).fetchall()
            taken.append(time.perf_counter() - begin)
        answers.append({"rows": rows, "seconds": taken})
    return answers


if __name__ == "__main__":
    print(json.dumps(ask(sys.argv[1], int(sys.argv[2])), default=int))
