"""The table fits its terminal, says everything when piped, and shows nothing that could steer a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cli.render.table import EventTable, TableStyle
from store.events import EventSummary
from store.safe_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

NOON = 1_769_511_600_000_000
"""2026-01-27 11:00 UTC, 12:00 in the tests' zone."""
STYLE = TableStyle(width=None, colour=False, utc=False, ascii=False, now_us=NOON)
EVENT = EventSummary(
    id=1,
    seq=1,
    ts_us=NOON - 1_800_000_000,
    arrived_us=NOON,
    event_type="mcp.tool_call",
    agent_id="assistant",
    user_id="user_123",
    tenant_id="tenant_456",
    resource_tenant_id=None,
    tool="create_content",
    server="content-server",
    model=None,
    status="success",
    duration_us=234_000,
    trouble=0,
    message="New Blog Post",
)


def rendered(events: Sequence[EventSummary], style: TableStyle = STYLE) -> list[str]:
    return list(EventTable(style).lines(events))


def test_a_piped_table_is_plain_and_whole() -> None:
    header, line = rendered([replace(EVENT, message="x" * 390)])
    assert header.split() == ["time", "type", "agent", "user", "tenant", "tool", "took", "status", "summary"]
    assert line.split("  ")[0] == "11:30:00.000"
    for part in ("mcp.tool_call", "assistant", "user_123", "create_content · content-server", "234 ms", "x" * 390):
        assert part in line
    assert "\x1b" not in line


def test_times_are_local_unless_utc_and_another_day_shows_its_date() -> None:
    assert rendered([EVENT], replace(STYLE, utc=True))[1].startswith("10:30:00.000")
    late = replace(EVENT, ts_us=NOON - 13 * 3_600_000_000)
    assert rendered([late])[1].startswith("2026-01-26 23:00:00.000")
    assert rendered([late], replace(STYLE, utc=True))[1].startswith("2026-01-26 22:00:00.000")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 120, 160, 300])
def test_a_terminals_width_is_kept(width: int) -> None:
    events = [EVENT, replace(EVENT, agent_id="a" * 60, message="界" * 200), replace(EVENT, status="denied", tool=None)]
    for line in rendered(events, replace(STYLE, width=width)):
        assert cell_len(line) <= max(width, 36)


def test_at_80_columns_the_summary_keeps_its_room_and_trouble_its_sign() -> None:
    header, line = rendered([replace(EVENT, status="failure", message="quota exceeded")], replace(STYLE, width=80))
    assert "quota exceeded" in line
    assert "✗" in line
    assert "agent" in header


def test_columns_without_values_are_left_out() -> None:
    header, _ = rendered([replace(EVENT, tenant_id=None, duration_us=None, status=None)])
    assert header.split() == ["time", "type", "agent", "user", "tool", "summary"]


def test_colour_is_only_for_trouble_and_never_the_only_sign() -> None:
    style = replace(STYLE, colour=True, width=160)
    _, good, bad = rendered([EVENT, replace(EVENT, status="failure")], style)
    assert "\x1b" not in good
    assert bad.startswith("\x1b[31m")
    assert "✗ failure" in bad
    assert bad.endswith("\x1b[0m")


def test_plain_ascii_where_asked() -> None:
    lines = rendered([replace(EVENT, status="timeout", message="m" * 400)], replace(STYLE, ascii=True, width=100))
    assert all(line.isascii() for line in lines)


def test_later_rows_follow_the_first_ones_columns_without_a_second_header() -> None:
    table = EventTable(replace(STYLE, width=120))
    first = list(table.lines([EVENT]))
    later = list(table.lines([replace(EVENT, agent_id="a-much-longer-agent-name")]))
    assert len(first) == 2
    assert len(later) == 1
    assert cell_len(later[0]) <= 120
    assert list(EventTable(STYLE).lines([])) == []


@given(st.text(), st.sampled_from([None, 60, 120]))
def test_no_text_gets_out_unsafe(text: str, width: int | None) -> None:
    hostile = replace(EVENT, event_type=text, agent_id=text, user_id=text, tool=text, server=text, message=text)
    for line in rendered([hostile], replace(STYLE, width=width)):
        assert safe_text(line) == line


def test_tokens_and_cost_are_numbers_and_a_computed_cost_says_so() -> None:
    events = [
        replace(EVENT, tokens=12_345, cost_microusd=8_100, cost_is_computed=True),
        replace(EVENT, tokens=0, cost_microusd=2_500_000),
        EVENT,
    ]
    header, *lines = EventTable(STYLE, ("tokens", "cost", "agent")).lines(events)
    assert header == "tokens      cost  agent"
    assert [line.split() for line in lines] == [
        ["12,345", "≈$0.0081", "assistant"],
        ["0", "$2.50", "assistant"],
        ["assistant"],
    ]
    plain = list(EventTable(replace(STYLE, ascii=True), ("cost", "agent")).lines(events[:1]))
    assert plain[1] == "~$0.0081  assistant"
