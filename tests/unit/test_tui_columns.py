"""Narrowing: which columns stay at which width."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tui.columns import GAP, LADDER, LADDER_BESIDE_DETAIL, SCROLL_BAR, Column, Step, columns_for


def widths(columns: tuple[Column, ...]) -> dict[str, int]:
    return {column.name: column.width for column in columns}


def test_a_wide_list_has_every_column_at_its_full_width() -> None:
    assert widths(columns_for(160)) == {
        "time": 12,
        "type": 17,
        "agent": 17,
        "user": 8,
        "tenant": 7,
        "tool": 25,
        "duration": 8,
        "status": 9,
        "summary": 36,
    }


def test_eighty_columns_have_glyph_and_short_time_and_no_summary() -> None:
    columns = columns_for(80)
    assert widths(columns) == {"time": 8, "type": 16, "agent": 15, "tool": 18, "duration": 8, "status": 1}
    assert [column.heading for column in columns] == ["time", "type", "agent", "tool", "took", ""]


def test_beside_the_detail_the_summary_goes_and_the_user_stays() -> None:
    assert list(widths(columns_for(102, beside_detail=True))) == [
        "time",
        "type",
        "agent",
        "user",
        "tool",
        "duration",
        "status",
    ]


def test_columns_are_given_up_in_order() -> None:
    gone: list[str] = []
    shown = set(widths(columns_for(160)))
    for width in range(160, 79, -1):
        now = set(widths(columns_for(width)))
        gone += sorted(shown - now)
        shown = now
    assert gone == ["tenant", "user", "summary"]


@pytest.mark.parametrize("beside_detail", [False, True])
def test_columns_never_overlap_nor_reach_the_scroll_bar(*, beside_detail: bool) -> None:
    least = (LADDER_BESIDE_DETAIL if beside_detail else LADDER)[-1].least()
    for width in range(least, 260):
        columns = columns_for(width, beside_detail=beside_detail)
        for left, right in pairwise(columns):
            assert left.x + left.width + GAP == right.x
        assert columns[-1].x + columns[-1].width <= width - SCROLL_BAR


def test_below_the_last_step_the_last_step_stays() -> None:
    assert columns_for(1) == columns_for(LADDER[-1].least())


@pytest.mark.parametrize("ladder", [LADDER, LADDER_BESIDE_DETAIL])
def test_every_step_gives_something_up(ladder: tuple[Step, ...]) -> None:
    least = [step.least() for step in ladder]
    assert least == sorted(set(least), reverse=True)
