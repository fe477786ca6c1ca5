"""A back-test as lines for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from cli import stdout
from cli.analytics.look import look_of_output
from cli.analytics.report import Column, Kind, Table
from cli.analytics.table_text import table_lines
from cli.narration import narrate
from cli.render.json_output import escaped
from detect.backtest.words import remarks, verdict
from store.clock import now_us
from store.safe_text import safe_text
from store.timestamp_text import timestamp_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detect.backtest.model import BackTest
    from detect.engine.findings import FoundIncident

MOST: Final = 50
"""Incidents that a table lists; JSON has all of them."""
_COLUMNS: Final = (
    Column("first", Kind.TIME, "first_us"),
    Column("last", Kind.TIME, "last_us", rank=2),
    Column("events", Kind.COUNT, "count"),
    Column("who", Kind.TEXT, "who", rank=1),
    Column("what", Kind.TEXT, "explanation"),
)


def put_test(test: BackTest, *, utc: bool, ascii_only: bool) -> None:
    """Write what a rule would have found: a sentence, and its incidents, the newest last."""
    stdout.put(safe_text(f"{test.rule.name}: {verdict(test)}"))
    if test.incidents:
        look = look_of_output(utc=utc, ascii_only=ascii_only, now_us=now_us())
        rows = tuple(_cells(one) for one in test.incidents[-MOST:])
        more = max(len(test.incidents) - MOST, 0)
        for line in table_lines(Table("incidents", "", _COLUMNS, (), rows), look):
            stdout.put(line)
        if more:
            narrate(f"{more:,} earlier ones are left out; --format json has all")
    for remark in remarks(test):
        narrate(f"{safe_text(test.rule.name)}: {remark}")


def put_json(tests: Sequence[BackTest]) -> None:
    """Write an array with an object for each rule, incidents in order of time, their evidence as row ids."""
    text = orjson.dumps([_values(test) for test in tests], option=orjson.OPT_INDENT_2)
    stdout.put((escaped(text) if stdout.is_terminal() else text).decode())


def _values(test: BackTest) -> dict[str, Any]:
    return {
        "rule": test.rule.name,
        "id": test.rule.id,
        "title": test.rule.header.title,
        "level": str(test.rule.level),
        "since": None if test.since_us is None else timestamp_text(test.since_us),
        "until": None if test.until_us is None else timestamp_text(test.until_us),
        "complete": test.replayed.complete,
        "events": test.replayed.events,
        "examined": test.replayed.examined,
        "replayed": test.replayed.replayed,
        "shed": test.shed,
        "took_ms": round(test.took_s * 1000),
        "agents": list(test.agents),
        "users": list(test.users),
        "incidents": [_incident(one) for one in test.incidents],
    }


def _incident(one: FoundIncident) -> dict[str, Any]:
    return {
        "key": dict(one.key),
        "first": timestamp_text(one.first_us),
        "last": timestamp_text(one.last_us),
        "count": one.count,
        "explanation": one.explanation,
        "historical": one.historical,
        "evidence": list(one.evidence),
    }


def _cells(one: FoundIncident) -> dict[str, Any]:
    who = ", ".join(value for _, value in one.key if value) or "many at once"
    return {
        "first_us": one.first_us,
        "last_us": one.last_us,
        "count": one.count,
        "who": who,
        "explanation": one.explanation,
    }
