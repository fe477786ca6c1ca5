"""DuckDB on the same files: a table sorted by time, asked page by page. Runs alone in a process of its own.

`python -m tests.bench.peer_duckdb load DATABASE FILES` makes the table; `… ask DATABASE ROUNDS PAGE` reads questions
from standard input (a JSON list of a condition and a middle each) and prints the answers as JSON. The package comes
with the benchmarks only, so nothing here imports it where it is not run.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from typing import Any, Final

_KINDS: Final = {
    **dict.fromkeys(("event_id", "timestamp", "event_type", "agent_id", "user_id", "tenant_id", "host"), "VARCHAR"),
    **dict.fromkeys(("tool", "server", "status", "model", "message", "call_id"), "VARCHAR"),
    **dict.fromkeys(("request_id", "session_id", "trace_id", "span_id", "parent_id"), "VARCHAR"),
    **dict.fromkeys(("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"), "BIGINT"),
    "duration_ms": "DOUBLE",
    "cost_microusd": "BIGINT",
    "resource_tenant_id": "VARCHAR",
    "metadata": "JSON",
}
_SHOWN: Final = (
    "epoch_us(ts), event_type, agent_id, user_id, tenant_id, tool, server, model, status, duration_ms, message"
)
_MEMORY: Final = "SET memory_limit = '6GB'"


def connect(database: str) -> Any:
    """Open the database, with what it takes to sort ten million events beside other programs."""
    connection = import_module("duckdb").connect(database)
    connection.execute(_MEMORY)
    return connection


def load(database: str, files: str) -> None:
    """Make the table from files of JSON lines (a glob); `body` is what our full text has, in small letters."""
    connection = connect(database)
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in _KINDS.items())
    read = f"read_json('{files}', format = 'newline_delimited', columns = {{{kinds}}})"
    body = "lower(concat_ws(' ', message, tool, status, CAST(metadata AS VARCHAR)))"
    stamp = "CAST(CAST(timestamp AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
    connection.execute(
        f"CREATE OR REPLACE TABLE event AS SELECT * EXCLUDE timestamp, {stamp} AS ts, {body} AS body FROM {read}"
        " ORDER BY ts"
    )
    connection.close()


def page(connection: Any, condition: str, limit: int) -> list[int]:
    """Return the times of the newest events, newest first, UTC microseconds; their rows are fetched with them."""
    asked = f"SELECT {_SHOWN} FROM event WHERE {condition} ORDER BY ts DESC LIMIT {limit}"
    return [row[0] for row in connection.execute(asked).fetchall()]


def around(connection: Any, condition: str, middle_us: int, limit: int) -> list[int]:
    """Return the times of events around a time, newest first: half before it, half at or after it."""
    middle = f"make_timestamp({middle_us})"
    after = f"SELECT {_SHOWN} FROM event WHERE {condition} AND ts >= {middle} ORDER BY ts LIMIT {limit - limit // 2}"
    newer = [row[0] for row in connection.execute(after).fetchall()]
    return [*reversed(newer), *page(connection, f"{condition} AND ts < {middle}", limit // 2)]


def ask(database: str, rounds: int, limit: int) -> list[dict[str, Any]]:
    """Ask each question once to warm it, then once a round; return times of events and seconds."""
    connection = connect(database)
    asked: list[tuple[str, int]] = json.load(sys.stdin)
    answers: list[dict[str, Any]] = []
    for condition, middle_us in asked:
        found = page(connection, condition, limit), around(connection, condition, middle_us, limit)
        (matches,) = connection.execute(f"SELECT count(*) FROM event WHERE {condition}").fetchone()
        answers.append({"first": found[0], "deep": found[1], "first_s": [], "deep_s": [], "matches": matches})
    for _ in range(rounds):
        for answer, (condition, middle_us) in zip(answers, asked, strict=True):
            begin = time.perf_counter()
            page(connection, condition, limit)
            half = time.perf_counter()
            around(connection, condition, middle_us, limit)
            answer["first_s"].append(half - begin)
            answer["deep_s"].append(time.perf_counter() - half)
    return answers


def main(what: str, database: str, *rest: str) -> None:
    """Load or ask."""
    if what == "load":
        load(database, rest[0])
    else:
        print(json.dumps(ask(database, int(rest[0]), int(rest[1]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
