"""The Agents tab on a real store: every number equals what the list has that it opens."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING

from store.analytics.model import Dimension
from tests.events import BASE_US, MINUTE, SECOND, add_source, batch, call, line, open_reader, open_store, result
from tests.made_up_prices import MadeUpPrices
from tests.pilot.agents_app import Opened, agents, answered, looking
from tests.pilot.live_app import FrozenClock
from tests.pilot.test_agents import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from store.events import EventDetail, NewEvent
    from store.filters.model import Filter
    from store.reader import StoreReader

HOURS = 50
AGENTS = ("support-bot", "code-reviewer", 'say "no" *', None)
TOOLS = (("get_diff", "github"), ("run_tests", "ci"), ("lookup", None))
MODELS = ("claude-sonnet-4-5", "nobody-knows-1")


def two_days() -> Iterator[NewEvent]:
    """Yield calls with their results, thoughts with tokens, and a few denials, over 50 hours before `BASE_US`."""
    dice = random.Random(5)
    for number in range(160):
        at = BASE_US - HOURS * 60 * MINUTE + number * HOURS * 60 * MINUTE // 160
        who = {"agent_id": dice.choice(AGENTS), "user_id": dice.choice(("mei", "ci")), "tenant_id": "acme"}
        tool, server = dice.choice(TOOLS)
        status = dice.choice(("success", "success", "failure", "denied", "timeout"))
        yield call(f"c{number}", at, tool=tool, server=server, **who)
        yield result(f"c{number}", at + number % 9 * SECOND, status=status, tool=tool, server=server, **who)
        tokens = {"input_tokens": 900 + number, "output_tokens": 40, "cache_read_tokens": 7 * number}
        cost = 12_345 if number % 5 == 0 else None
        yield line(f"thought {number}", at, model=dice.choice(MODELS), cost_microusd=cost, **tokens, **who)


class Lists:
    """What the lists of a store show that stays as it is: each event is read once, however many lists have it."""

    def __init__(self, reader: StoreReader) -> None:
        """Ask this reader."""
        self._reader = reader
        self._read: dict[int, EventDetail | None] = {}

    def behind(self, what: Filter) -> list[EventDetail]:
        """Return everything that a list shows."""
        ids = [row.id for row in self._reader.newest(what, 10_000).rows]
        self._read.update({one: self._reader.detail(one) for one in ids if one not in self._read})
        return [found for one in ids if (found := self._read[one]) is not None]


def number_behind(events: list[EventDetail], column: str) -> int:
    """Return a cell's number, from the events behind it."""
    kinds = {"input": "input_tokens", "output": "output_tokens", "cache read": "cache_read_tokens"}
    kinds["cache write"] = "cache_write_tokens"
    if column in kinds:
        return sum(getattr(one, kinds[column]) or 0 for one in events)
    if column == "cost":
        return sum(one.summary.cost_microusd or 0 for one in events)
    if column == "tokens":
        return sum(number_behind(events, kind) for kind in kinds)
    return len(events)


async def walk(
    reader: StoreReader, monkeypatch: pytest.MonkeyPatch, *dimensions: Dimension
) -> dict[Dimension, set[str]]:
    """Open every number of every row; return which columns had one, by dimension."""
    walked: dict[Dimension, set[str]] = {}
    lists = Lists(reader)
    async with looking(reader, size=(200, 50), clock=FrozenClock(BASE_US)) as pilot:
        screen, opened = agents(pilot), Opened(agents(pilot), monkeypatch)
        for by in dimensions:
            screen.tell_by(by)
            await answered(pilot)
            for row in (*screen.table.shown.rows, screen.table.shown.total):
                assert row is not None
                for column in [one.name for one in screen.table.columns[1:] if one.name != "last"]:
                    screen.table.cell = column
                    await pilot.press("enter")
                    found = lists.behind(opened.last)
                    assert number_behind(found, column) == number_of(row, column), (row.value, column)
                    if number_of(row, column):
                        walked.setdefault(by, set()).add(column)
                await pilot.press("down")
    return walked


async def test_every_number_is_what_its_list_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_store(tmp_path, MadeUpPrices(models=MODELS[:1]))) as store:
        store.append([batch(add_source(store), *two_days())])
    with closing(open_reader(tmp_path)) as reader:
        walked = await walk(reader, monkeypatch, Dimension.AGENT, Dimension.MODEL)
    assert {"calls", "change", "events", "errors", "denied", "p95", "tokens", "cost"} <= walked[Dimension.AGENT]
    assert {"events", "event change", "input", "cache read", "output", "tokens", "cost"} <= walked[Dimension.MODEL]
