"""How long the commands of `auditail analytics` ask: from rollups, from events, and DuckDB on the same events."""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from store.analytics.model import UsageQuestion
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text, complement
from store.reader import StoreReader
from tests.bench import peer_duckdb_sums
from tests.bench.figures import middle, print_table
from tests.bench.sums_questions import Timed, asking_of, commands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from store.analytics.model import Usage
    from tests.bench.long_history import LongHistory
    from tests.bench.place import Place

ROUNDS: Final = 7
DUCKDB_ROUNDS: Final = 3
WANTED_MS: Final = 100
WANTED_TIMES: Final = 20
_DAY_US: Final = 86_400_000_000
_NOT_ROLLED_UP: Final = complement(Term(Key.REQUEST, (Text("none has it"),)))
"""Holds for every event, and rollups do not know that."""


@dataclass(slots=True)
class Measured:
    """A command: its questions about sums with their answers, and what it took in seconds."""

    name: str
    asked: list[tuple[UsageQuestion, Usage]]
    rollups_s: list[float] = field(default_factory=list[float])


def ask_rollups(reader: StoreReader, newest_us: int, rounds: int) -> list[Measured]:
    """Let every command ask once, to warm what it reads, then once a round."""
    found: list[Measured] = []
    agent = _busiest(reader, newest_us)
    for command in commands(agent):
        timed = Timed(reader.analytics)
        command.report(asking_of(command, timed, newest_us))
        found.append(Measured(command.name, timed.asked))
    for number in range(1, rounds + 1):
        print(f"analytics: rollups, round {number} of {rounds}", file=sys.stderr)
        for measured, command in zip(found, commands(agent), strict=True):
            timed = Timed(reader.analytics)
            command.report(asking_of(command, timed, newest_us))
            measured.rollups_s.append(timed.seconds)
    return found


def _busiest(reader: StoreReader, newest_us: int) -> str:
    """Return the agent that most events of the last day name."""
    day = reader.facet(Key.AGENT, Filter(), newest_us - _DAY_US, newest_us, 2)
    return next(one.value for one in day if one.value is not None)


def ask_events(reader: StoreReader, asked: Sequence[UsageQuestion]) -> dict[UsageQuestion, tuple[float, Usage]]:
    """Ask every question of the events, once."""
    found: dict[UsageQuestion, tuple[float, Usage]] = {}
    for number, question in enumerate(asked, 1):
        print(f"analytics: events, question {number} of {len(asked)}", file=sys.stderr)
        counted = UsageQuestion(question.what.also(_NOT_ROLLED_UP), question.edges, question.by, question.durations)
        begin = time.perf_counter()
        usage = reader.analytics.usage(counted)
        found[question] = (time.perf_counter() - begin, usage)
    return found


def ask_duckdb(place: Place, database: Path, asked: Sequence[UsageQuestion]) -> list[dict[str, Any]] | None:
    """Let DuckDB answer; None where it is not installed or has no table of these events."""
    if find_spec("duckdb") is None or not database.exists():
        print("analytics: no DuckDB (`search` makes its table)", file=sys.stderr)
        return None
    print("analytics: DuckDB", file=sys.stderr)
    program = (sys.executable, "-m", "tests.bench.peer_duckdb_sums")
    statements = [peer_duckdb_sums.statement(one, _condition(one)) for one in asked]
    return json.loads(place.answer(*program, database, str(DUCKDB_ROUNDS), told=json.dumps(statements)))


def _condition(question: UsageQuestion) -> str:
    """Return the filter of a question as DuckDB has it: those of the commands are an agent, or types by their start."""
    parts = question.what.text.split()
    known = {"agent": "agent_id", "type": "event_type"}
    conditions = ["true"]
    for part in parts:
        key, _, values = part.partition(":")
        conditions.append("(" + " OR ".join(f"{known[key]} GLOB '{value}'" for value in values.split(",")) + ")")
    return " AND ".join(conditions)


def bench(place: Place, made: LongHistory, store: Path, rounds: int | None) -> None:
    """Print the table."""
    with closing(StoreReader.open(store)) as reader:
        newest_us = reader.extent().newest_us
        assert newest_us is not None, "the store is empty"
        found = ask_rollups(reader, newest_us, rounds or ROUNDS)
        asked = list(dict.fromkeys(question for measured in found for question, _ in measured.asked))
        answers = ask_duckdb(place, store.with_name("events.duckdb"), asked)
        events = ask_events(reader, asked)
    duckdb = None if answers is None else dict(zip(asked, answers, strict=True))
    title = f"Numbers over 30 days of {made.events:,} events: ms, median (worst) of {rounds or ROUNDS}"
    header = ["`auditail analytics …`", "questions", "rollups", "from events", "times", "DuckDB"]
    print_table(title, header, [_row(measured, events, duckdb) for measured in found])
    medians = [middle(measured.rollups_s) * 1000 for measured in found]
    times = [_events_s(measured, events) / middle(measured.rollups_s) for measured in found]
    print(
        f"\nslowest {max(medians):,.0f} ms (wanted {WANTED_MS}),"
        f" least {min(times):,.0f} x faster than events (wanted {WANTED_TIMES})"
    )
    print_comparison(found, events, duckdb)


def print_comparison(
    found: Sequence[Measured],
    events: dict[UsageQuestion, tuple[float, Usage]],
    duckdb: dict[UsageQuestion, dict[str, Any]] | None,
) -> None:
    """Print how many answers were the same, and which were not."""
    answers = {question: usage for measured in found for question, usage in measured.asked}
    different = [f"events answer otherwise: {one}" for one in answers if not _same(answers[one], events[one][1])]
    if duckdb is not None:
        different += [
            f"DuckDB answers otherwise: {one}" for one in answers if _shared(answers[one]) != _told(one, duckdb)
        ]
    told = len(answers) * (1 if duckdb is None else 2)
    print("\n".join([f"{told - len(different)} of {told} answers of others are the same as ours", *different]))


def _same(one: Usage, other: Usage) -> bool:
    mine, theirs = (
        {(row.stretch, *row.values): (row.figures, row.durations) for row in usage.rows} for usage in (one, other)
    )
    return mine == theirs


def _shared(usage: Usage) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Return what DuckDB can know of an answer."""
    sums = {
        (row.stretch, *row.values): tuple(getattr(row.figures, name) for name in peer_duckdb_sums.SHARED)
        for row in usage.rows
    }
    return {place: found for place, found in sums.items() if any(found)}


def _told(
    question: UsageQuestion, duckdb: dict[UsageQuestion, dict[str, Any]]
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    width, sums = len(question.by) + 1, len(peer_duckdb_sums.SHARED)
    return {tuple(row[:width]): tuple(row[width : width + sums]) for row in duckdb[question]["rows"]}


def _events_s(measured: Measured, events: dict[UsageQuestion, tuple[float, Usage]]) -> float:
    return sum(events[question][0] for question, _ in measured.asked)


def _row(
    measured: Measured,
    events: dict[UsageQuestion, tuple[float, Usage]],
    duckdb: dict[UsageQuestion, dict[str, Any]] | None,
) -> list[str]:
    ours, theirs = middle(measured.rollups_s), _events_s(measured, events)
    peer = None if duckdb is None else sum(middle(duckdb[question]["seconds"]) for question, _ in measured.asked)
    return [
        f"`{measured.name}`",
        str(len(measured.asked)),
        f"{ours * 1000:,.1f} ({max(measured.rollups_s) * 1000:,.1f})",
        f"{theirs * 1000:,.0f}",
        f"{theirs / ours:,.0f}",
        "-" if peer is None else f"{peer * 1000:,.0f}",
    ]
