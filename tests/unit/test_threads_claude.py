"""A session of Claude Code with sub-agents is one thread: calls under their requests, agents under their calls."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from config.settings import IngestSettings
from ingest.service import ingest_once
from store.reader import StoreReader
from store.threads.model import Level, Thread, ThreadRow, Tokens
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIXTURE = ROOT / "tests" / "fixtures" / "claude_thread"
MAIN, ALICE, BOB, CAROL = "claude-code", "a11ce0aa1", "b0b0b0bb2", "ca401ccc3"
SECOND = 1_000_000


class Told:
    """A store with transcripts in it, and its threads."""

    def __init__(self, store: Path, folder: Path) -> None:
        """Ingest a folder."""
        ingest_once(store, [os.fsencode(folder)], IngestSettings())
        self._store = store
        self.reader = StoreReader.open(store)

    def ids(self, sql: str) -> list[int]:
        """Return the row ids that a query for `SELECT id FROM event …` gives."""
        with closing(sqlite3.connect(self._store)) as connection:
            return [row_id for (row_id,) in connection.execute(f"SELECT id FROM event {sql}")]

    def thread(self, where: str, level: Level | None = None) -> Thread:
        """Return the thread of the first event of which this holds."""
        thread = self.reader.threads.thread(self.ids(f"WHERE {where} ORDER BY id")[0], level)
        assert thread is not None
        return thread


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Return the store of the fixture."""
    told = Told(tmp_path_factory.mktemp("threads") / "store.db", FIXTURE)
    yield told
    told.reader.close()


def name(row: ThreadRow) -> str:
    """Return what a row is, in one word."""
    event = row.event
    return f"{event.event_type.rpartition('.')[2]} {event.tool or event.message or ''}".strip()


def drawn(thread: Thread, agent: str | None = None) -> list[str]:
    """Return the tree as indented lines, of one agent only where one is given."""
    return [f"{'  ' * row.depth}{name(row)}" for row in thread.rows if agent in (None, row.event.agent_id)]


def test_the_session_is_one_tree(told: Told) -> None:
    thread = told.thread("call_id = 'toolu_b_bash'", Level.SESSION)
    assert (thread.level, thread.wider, len(thread.sessions)) == (Level.SESSION, None, 1)
    shown = [line for line in drawn(thread) if "permission mode" not in line]
    assert shown == [
        "message Is the price of order 77 right, and who changed it?",
        "  request",
        "    response I will send somebody to look.",
        "    tool_call Read",
        "      hook_success PreToolUse:Read",
        "      tool_result Read",
        "      read /home/mika/shop/price.py",
        "  request",
        "    tool_call Task",
        "      message Look at the prices.",
        "        request",
        "          tool_call Grep",
        "            tool_result Grep",
        "            read price",
        "        request",
        "          tool_call Task",
        "            message Ask the shop (said in other words).",
        "              request",
        "                tool_call Bash",
        "                  tool_result Bash",
        "              request",
        "                response It answered.",
        "            tool_result Task",
        "        request",
        "          response The price is right.",
        "      tool_result Task",
        "    tool_call Task",
        "      message Read the log of changes.",
        "        request",
        "          tool_call Read",
        "message Thank you. Wait for the log.",
        "  request",
        "    response The price is right; the log is still being read.",
    ]


def test_its_numbers(told: Told) -> None:
    thread = told.thread("call_id = 'toolu_b_bash'", Level.SESSION)
    assert thread.totals.errors == 1
    assert thread.totals.denials == 0
    assert thread.totals.cost_microusd == 9 * 10 * 3 + (31 + 8 * 20) * 15 + 9 * 100 * 0.3
    assert thread.totals.tokens == Tokens(input=9 * 10, output=31 + 8 * 20, cache_read=9 * 100)
    assert thread.wall_us == 122 * SECOND
    assert thread.at == [row.event.id for row in thread.rows].index(thread.event_row_id)


def test_a_call_lasts_until_its_result(told: Told) -> None:
    thread = told.thread("call_id = 'toolu_b_bash'", Level.SESSION)
    calls = {row.call_id: row for row in thread.rows if row.event.event_type == "mcp.tool_call"}
    assert calls["toolu_m_alice"].took_us == 25 * SECOND
    assert calls["toolu_b_bash"].took_us == 10 * SECOND
    assert [call_id for call_id, row in calls.items() if not row.answered] == ["toolu_m_carol", "toolu_c_read"]


def test_growing_usage_is_one_request(told: Told) -> None:
    thread = told.thread("span_id = 'msg_M1'", Level.REQUEST)
    requests = [row for row in thread.rows if row.event.event_type == "api.request"]
    assert [(row.tokens.output, len(row.sights)) for row in requests] == [(31, 1)]
    grown = told.thread("span_id = 'msg_M1' AND counts = 0")
    assert grown.rows[grown.at] == requests[0]


def test_a_request_has_the_results_of_its_calls_though_they_name_none(told: Told) -> None:
    thread = told.thread("call_id = 'toolu_m_read'")
    assert (thread.level, thread.key, thread.wider) == (Level.REQUEST, "req_1", Level.TRACE)
    assert drawn(thread) == [
        "request",
        "  response I will send somebody to look.",
        "  tool_call Read",
        "    tool_result Read",
    ]


def test_a_prompt_is_a_trace(told: Told) -> None:
    thread = told.thread("call_id = 'toolu_m_read'", Level.TRACE)
    assert (thread.key, thread.wider) == ("prompt-a", Level.SESSION)
    assert {row.event.agent_id for row in thread.rows} == {MAIN}
    named = "type_no = (SELECT id FROM name WHERE text = 'mcp.tool_result')"
    result = told.thread(f"call_id = 'toolu_m_read' AND {named}")
    assert result.level is Level.TRACE


@pytest.mark.parametrize(("agent", "call"), [(ALICE, "toolu_m_alice"), (BOB, "toolu_a_bob"), (CAROL, "toolu_m_carol")])
def test_an_agent_hangs_under_its_call(told: Told, agent: str, call: str) -> None:
    thread = told.thread("call_id = 'toolu_m_read'", Level.SESSION)
    first = next(row for row in thread.rows if row.event.agent_id == agent)
    assert first.parent is not None
    assert thread.rows[first.parent].call_id == call


def test_a_time_that_was_only_inferred_does_not_stretch_the_thread(told: Told) -> None:
    thread = told.thread("call_id = 'toolu_m_read'", Level.SESSION)
    untimed = [name(row) for row in thread.rows if not row.timed]
    assert untimed == ["check permission mode default"]


def under(thread: Thread, index: int, kind: str) -> bool:
    """Return whether a row lies anywhere under one of that type."""
    parent = thread.rows[index].parent
    while parent is not None:
        if thread.rows[parent].event.event_type == kind:
            return True
        parent = thread.rows[parent].parent
    return False


@pytest.fixture(scope="module")
def real(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Return the store of the real transcripts."""
    told = Told(tmp_path_factory.mktemp("real") / "store.db", corpora / "claude-code")
    yield told
    told.reader.close()


@pytest.mark.parametrize(
    ("session", "agents"),
    [("29ccd257", {"a2271d1": "toolu_01SXaWzD5YZ73zGwchbcxeWi"}), ("ef958aa1", {"a4ca7529859c158c2": "Agent"})],
)
def test_real_sessions_with_sub_agents(real: Told, session: str, agents: dict[str, str]) -> None:
    for row_id in real.ids(f"WHERE session_id LIKE '{session}%' ORDER BY id")[::40]:
        thread = real.reader.threads.thread(row_id, Level.JOINED)
        assert thread is not None
        assert thread.wider is None
        for index, row in enumerate(thread.rows):
            if row.event.event_type == "mcp.tool_call":
                assert under(thread, index, "api.request")
            elif row.event.event_type == "mcp.tool_result":
                assert row.parent is not None
                assert thread.rows[row.parent].call_id == row.call_id
        for agent, call in agents.items():
            tops = [row for row in thread.rows if row.event.agent_id == agent and is_top(thread, row)]
            assert len(tops) == 1
            parent = tops[0].parent
            assert parent is not None
            assert call in (thread.rows[parent].call_id, thread.rows[parent].event.tool)


def is_top(thread: Thread, row: ThreadRow) -> bool:
    """Return whether no row of the same agent holds a row."""
    return row.parent is None or thread.rows[row.parent].event.agent_id != row.event.agent_id


def test_every_real_session_is_a_tree_with_every_row_once(real: Told) -> None:
    newest = real.ids("WHERE session_id IS NOT NULL GROUP BY session_id HAVING id = max(id)")
    assert len(newest) > 10
    for row_id in newest:
        thread = real.reader.threads.thread(row_id, Level.SESSION)
        assert thread is not None
        seen = [row.event.id for row in thread.rows] + [sight.event.id for row in thread.rows for sight in row.sights]
        assert len(seen) == len(set(seen))
        assert set(real.ids(f"WHERE session_id = '{thread.key}'")) <= set(seen)
