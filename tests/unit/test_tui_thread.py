"""How a thread is drawn: guides, columns, the time scale with its pauses, and the words beside a bar."""

from __future__ import annotations

from typing import Any

import pytest

from store.threads.model import ThreadRow
from store.threads.step import Starts, Step
from store.threads.tree import rows_of
from tests.unit.test_threads_tree import SECOND, step
from tui.glyphs import ASCII, UNICODE
from tui.widgets.thread_axis import axis_for, spoken
from tui.widgets.thread_columns import GAP, GUTTER, SCROLL_BAR, thread_columns
from tui.widgets.thread_guides import guide, step_for
from tui.widgets.thread_waterfall import waterfall

MINUTE = 60 * SECOND


def rows(*steps: Step) -> tuple[ThreadRow, ...]:
    return rows_of(steps, Starts())


def drawn(width: int, *steps: Step) -> list[str]:
    """Return the waterfall of the steps."""
    made = rows(*steps)
    axis = axis_for(made, width, origin_us=made[0].start_us)
    return ["".join(text for text, _ in waterfall(row, axis, ASCII, holds=False)) for row in made]


def request(number: int, at_s: float, **more: Any) -> Step:
    return step(number, "api.request", at_s, **{"status": "success", **more})


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        (0, "0 ms"),
        (350_000, "350 ms"),
        (SECOND, "1 s"),
        (1_420_000, "1.4 s"),
        (119 * SECOND, "119 s"),
        (5 * MINUTE, "5 min"),
        (119 * MINUTE, "119 min"),
        (150 * MINUTE, "2.5 h"),
        (72 * 60 * MINUTE, "3 days"),
    ],
)
def test_lengths_of_time(micros: int, words: str) -> None:
    assert spoken(micros) == words


def test_bars_lie_where_time_passed() -> None:
    assert drawn(10, request(1, 2, took_s=2), request(2, 10, took_s=8)) == ["##        ", "  ########"]


def test_what_takes_less_than_a_cell_is_a_tick() -> None:
    assert drawn(10, request(1, 0), request(2, 10, took_s=5)) == ["|         ", ".....#####"]


def test_a_pause_is_dotted_and_says_how_long_it_was_where_there_is_room() -> None:
    assert drawn(20, request(1, 1, took_s=1), request(2, 10, took_s=1))[1] == "  ..... 8 s ......##"


def test_a_long_pause_is_folded_and_says_how_long_it_was() -> None:
    made = rows(request(1, 10, took_s=10), request(2, 1000, took_s=10))
    axis = axis_for(made, 23, origin_us=0)
    assert [axis.at(row.start_us) for row in made] == [0, 13]
    folded = drawn(23, request(1, 10, took_s=10), request(2, 1000, took_s=10))
    assert folded == ["##########             ", "    16.3 min ##########"]
    assert axis.ticks()[0] == (0, "+0 ms")


def test_what_went_wrong_is_said_beside_the_bar() -> None:
    early = drawn(20, request(1, 2, took_s=2, status="timeout"), request(2, 10, took_s=8))[0]
    late = drawn(20, request(1, 8, took_s=8), request(2, 10, took_s=2, status="denied"))[1]
    assert early == "#### no answer      "
    assert late == "         denied ####"


def test_even_ticks_count_from_the_beginning() -> None:
    made = rows(request(1, 10, took_s=10))
    assert axis_for(made, 50, origin_us=0).ticks() == ((0, "0 s"), (10, "2 s"), (20, "4 s"), (30, "6 s"), (40, "8 s"))
    later = axis_for(made, 50, origin_us=-MINUTE).ticks()
    assert later == ((0, "+60 s"), (45, "+70 s"))


def test_guides_lead_up_to_what_holds_a_row() -> None:
    made = rows(
        step(1, span_id="a"),
        step(2, span_id="b", parent_id="a"),
        step(3, parent_id="b"),
        step(4, parent_id="a"),
    )
    assert [guide(made, index, 3, 60) for index in range(4)] == ["", "├─ ", "│  └─ ", "└─ "]
    assert [guide(made, index, 1, 60) for index in range(4)] == ["", "├", "│└", "└"]


def test_a_tree_too_deep_for_its_column_shows_its_innermost_levels() -> None:
    made = rows(*(step(n, span_id=str(n), parent_id=str(n - 1)) for n in range(1, 101)))
    assert step_for(made, 60) == 1
    assert step_for(made[:4], 60) == 3
    deepest = guide(made, 99, 1, 60)
    assert deepest.startswith("⋯")
    assert len(deepest) <= 60 // 2


@pytest.mark.parametrize("width", [40, 60, 80, 102, 110, 120, 160, 200])
@pytest.mark.parametrize("numbers", [True, False])
def test_columns_fill_the_width(width: int, *, numbers: bool) -> None:
    columns = thread_columns(width, tokens=numbers, cost=numbers).widths()
    used = GUTTER + sum(room for _, _, room, _ in columns) + GAP * (len(columns) - 1) + SCROLL_BAR
    assert used == width
    names = [name for name, *_ in columns]
    assert names[:2] == ["time", "tree"]
    assert ("cost" in names) == (numbers and width >= 150)


def test_ascii_is_ascii() -> None:
    for glyphs in (ASCII, UNICODE):
        assert glyphs.key("← →").isascii() is glyphs.ascii
