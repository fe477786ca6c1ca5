"""Events for rules to look at: days of the simulated platform, and what a store has of real files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from detect.rules.load import load_folders
from detect.rules.model import RuleSet
from ingest.simulate.interleave import Interleaver
from ingest.simulate.rhythm import Calendar
from ingest.simulate.stage import Stage, Story
from ingest.simulate.stories import ORDINARY
from store.events import FINAL_STATUSES, STATUS_NAMES, NewEvent
from store.observed import ObservedEvent
from tests.conftest import ROOT
from tests.detection import START_US

DAY_US: Final = 86_400_000_000
_NAMES: Final = ("type", "agent", "user", "tenant", "resource_tenant", "host", "tool", "server", "model")
_PLAIN: Final = (
    "duration_us", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_microusd",
    "call_id", "request_id", "session_id", "trace_id", "span_id", "parent_id", "message", "counts",
)  # fmt: skip
_SETTLING: Final = ("mcp.tool_call", "mcp.tool_result")


def shipped() -> RuleSet:
    """Return the rules that are shipped; nothing in them is wrong."""
    found = load_folders([ROOT / "config" / "rules"])
    assert [str(problem) for problem in found.problems] == []
    return found


def told_events(told: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[ObservedEvent]:
    """Turn native events (with their times, in order of arrival) into stored ones."""
    settled: set[str] = set()
    for seq, (at_us, fields) in enumerate(told, 1):
        plain = {name: value for name, value in fields.items() if name not in ("timestamp", "duration_ms")}
        event = NewEvent(**plain, duration_us=round(fields.get("duration_ms", 0) * 1000) or None)
        outcome = event.event_type in _SETTLING and event.status in FINAL_STATUSES and event.call_id not in settled
        if outcome and event.call_id is not None:
            settled.add(event.call_id)
        yield ObservedEvent(at_us // 1000 << 21 | seq, seq, at_us, at_us, event, int(outcome))


def ordinary_days(events: int, days: float, seed: int = 1, start_us: int = START_US) -> Iterator[ObservedEvent]:
    """Tell about so many events of the simulated platform in which nothing bad happens."""
    return told_events(_ordinary(events, start_us, start_us + round(days * DAY_US), seed))


def _ordinary(events: int, start_us: int, end_us: int, seed: int) -> Iterator[tuple[int, dict[str, Any]]]:
    stage = Stage(seed, start_us)
    calendar = Calendar(start_us, end_us, seed)
    interleaver = Interleaver(stage)
    stories, weights = list(ORDINARY), list(ORDINARY.values())
    told = 0
    while told < events:
        now_us = calendar.time_at(told / events)
        yield from interleaver.until(now_us)
        story: Story = stage.dice.choices(stories, weights)[0]
        for at_us, event in story(stage, now_us):
            interleaver.add(at_us, event)
            told += 1
    yield from interleaver.rest()


def story_events(story: Story, *, seed: int = 1, at_us: int = START_US) -> list[ObservedEvent]:
    """Tell one story of the simulated platform."""
    return list(told_events(iter(sorted(story(Stage(seed, at_us), at_us), key=lambda beat: beat[0]))))


def stored_events(path: Path) -> Iterator[ObservedEvent]:
    """Read the events of a store in order of arrival."""
    columns = [f"{name}_no" for name in _NAMES]
    with closing(sqlite3.connect(path)) as connection:
        names: dict[int, str | None] = {0: None, **dict(connection.execute("SELECT id, text FROM name"))}
        prices: dict[int, int | None] = dict(connection.execute("SELECT id, microusd FROM price"))
        wanted = ", ".join(("id", "seq", "ts_us", "arrived_us", "outcome", "status", *columns, *_PLAIN, "metadata"))
        for row in connection.execute(f"SELECT {wanted} FROM event ORDER BY seq"):
            row_id, seq, ts_us, arrived_us, outcome, status = row[:6]
            texts = [names[number] for number in row[6 : 6 + len(_NAMES)]]
            named = {f"{name}_id": text for name, text in zip(_NAMES, texts, strict=True)}
            plain = dict(zip(_PLAIN, row[6 + len(_NAMES) : -1], strict=True))
            event = NewEvent(
                event_type=named["type_id"] or "",
                agent_id=named["agent_id"],
                user_id=named["user_id"],
                tenant_id=named["tenant_id"],
                resource_tenant_id=named["resource_tenant_id"],
                host=named["host_id"],
                tool=named["tool_id"],
                server=named["server_id"],
                model=named["model_id"],
                status=STATUS_NAMES[int(status)],
                metadata_text=row[-1],
                **plain,
            )
            yield ObservedEvent(row_id, seq, ts_us, arrived_us, event, outcome, prices.get(row_id) or 0)
