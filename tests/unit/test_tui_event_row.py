"""One row of the list: what is in it, at which width, and that hostile text stays text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from store.events import EventSummary, Status, trouble_of
from tests.pilot.made_up_events import FROZEN_US, SHAPES, event_of
from tui.columns import columns_for
from tui.format import day
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.search_columns import chosen_columns_for
from tui.widgets.event_row import ROLES, RowStyle, draw_row

EVENT = event_of(SHAPES[0], seq=1, ts_us=FROZEN_US)
INKS = {role: Style() for role in ("", "cell", *ROLES)}
DAY_US = 86_400_000_000


def style(width: int = 160, glyphs: Glyphs = UNICODE, *, dated: bool = False) -> RowStyle:
    return RowStyle(columns_for(width, dated=dated), glyphs, INKS, utc=True, today=day(FROZEN_US, utc=True))


def row(event: EventSummary, width: int = 160, *, late: bool = False, glyphs: Glyphs = UNICODE) -> str:
    strip = draw_row(event, style(width, glyphs), "late" if late else "", width=width - 1)
    assert strip.cell_length == width - 1
    assert cell_len(strip.text) == width - 1
    return strip.text


def test_a_whole_row() -> None:
    assert row(EVENT).split() == [
        "14:02:06.204",
        "mcp.tool_call",
        "code-reviewer",
        "ci",
        "acme",
        "get_diff",
        "·",
        "github",
        "388",
        "ms",
        "✓",
        "PR",
        "#4127",
        "·",
        "14",
        "files",
    ]


@pytest.mark.parametrize(
    ("status", "event_type", "shown"),
    [
        ("success", "mcp.tool_call", "✓ "),
        ("failure", "mcp.tool_call", "✗ failure"),
        ("denied", "mcp.tool_call", "⊘ denied"),
        ("timeout", "mcp.tool_call", "◷ timeout"),
        ("pending", "mcp.tool_call", "◌ pending"),
        (None, "agent.message", "· "),
        (None, "agent.error", "✗ error"),
        (None, "permission.denied", "⊘ denied"),
    ],
)
def test_success_is_a_tick_and_anything_else_says_its_name(status: Status | None, event_type: str, shown: str) -> None:
    event = replace(EVENT, status=status, event_type=event_type, trouble=trouble_of(event_type, status))
    column = next(column for column in columns_for(160) if column.name == "status")
    assert row(event)[column.x :].startswith(shown)
    narrow = next(column for column in columns_for(80) if column.name == "status")
    assert row(event, 80)[narrow.x :].rstrip() == shown[0]


def test_digits_align_whatever_the_unit() -> None:
    column = next(column for column in columns_for(160) if column.name == "duration")
    end = column.x + column.width
    texts = [row(replace(EVENT, duration_us=micros))[column.x : end] for micros in (388_000, 1_400_000, None)]
    assert texts == ["  388 ms", "  1.4  s", "       ·"]


@pytest.mark.parametrize(
    ("earlier_us", "wide", "narrow"),
    [
        (DAY_US, "21 Nov 14:02", "21 14:02"),
        (400 * DAY_US, "2025-10-18", "25-10-18"),
    ],
)
def test_rows_of_another_day_show_their_date(earlier_us: int, wide: str, narrow: str) -> None:
    event = replace(EVENT, ts_us=FROZEN_US - earlier_us)
    assert row(event)[3:15].rstrip() == wide
    assert row(event, 80)[3:11] == narrow


@pytest.mark.parametrize(
    ("earlier_us", "wide", "narrow"),
    [
        (0, "14:02:06.204", "14:02:06"),
        (DAY_US, "21 Nov 14:02:06", "21 Nov 14:02"),
        (400 * DAY_US, "2025-10-18 14:02", "25-10-18 14:02"),
    ],
)
def test_among_rows_of_another_year_there_is_room_for_date_and_time(earlier_us: int, wide: str, narrow: str) -> None:
    event = replace(EVENT, ts_us=FROZEN_US - earlier_us)
    told = draw_row(event, style(160, dated=True), width=159).text[3:19].rstrip()
    narrowly = draw_row(event, style(80, dated=True), width=79).text[3:17].rstrip()
    assert (told, narrowly.removesuffix(".204")) == (wide, narrow)


def test_a_late_row_has_a_mark() -> None:
    assert row(EVENT, late=True).startswith(" ↥ 14:02")
    assert row(EVENT).startswith("   14:02")


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    event = replace(EVENT, agent_id="a-very-long-agent-name", tool="t" * 24, server="server")
    assert "a-very-long-agen…" in row(event)
    assert "t" * 24 + "…" in row(event)
    assert "a-very-long-ag~" in row(event, 80, glyphs=ASCII)


def test_ascii_signs_leave_only_the_data_beyond_ascii() -> None:
    assert row(replace(EVENT, message="plain", status="denied"), glyphs=ASCII).isascii()


@given(text=st.text(max_size=60), width=st.integers(66, 220))
def test_no_text_moves_a_column_or_reaches_the_terminal_raw(text: str, width: int) -> None:
    event = replace(EVENT, agent_id=text, tool=text, server=text, user_id=text, message=text, event_type=text)
    shown = row(event, width)
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in shown)
    column = next((column for column in columns_for(width) if column.name == "duration"), None)
    assert column is not None
    assert "388 ms" in shown


@pytest.mark.parametrize(
    "text", ["[/]", "[bold red]x[/]", "\x1b]52;c;aGk=\x07", "\u202eevil", "e\u0301\u200d", "漢字" * 20]
)
def test_hostile_text_is_shown_as_marks(text: str) -> None:
    shown = row(replace(EVENT, message=text, agent_id=text))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    if text.startswith("["):
        assert text in shown


def test_tokens_and_cost_stand_right_and_a_computed_cost_says_so() -> None:
    def cells(event: EventSummary, glyphs: Glyphs = UNICODE) -> str:
        look = replace(style(glyphs=glyphs), columns=chosen_columns_for(("tokens", "cost", "agent"), 60))
        return draw_row(event, look, width=59).text[3:23]

    priced = replace(EVENT, tokens=12_345, cost_microusd=8_100, cost_is_computed=True)
    assert cells(priced) == "   12,345   ≈$0.0081"
    assert cells(priced, ASCII) == "   12,345   ~$0.0081"
    assert cells(replace(priced, cost_microusd=2_500_000, cost_is_computed=False)) == "   12,345      $2.50"
    assert cells(EVENT) == "        ·          ·"


@pytest.mark.parametrize(("glyphs", "sign"), [(UNICODE, "▲"), (ASCII, "A")])
def test_an_event_that_an_alert_shows_is_marked(glyphs: Glyphs, sign: str) -> None:
    drawn = draw_row(EVENT, style(glyphs=glyphs), "alert", width=159).text
    assert drawn.startswith(f" {sign} 14:02")
    assert drawn[3:] == draw_row(EVENT, style(glyphs=glyphs), width=159).text[3:]
