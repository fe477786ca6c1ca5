"""The chart: what plotext is kept from doing."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from store.safe_text import safe_text
from tests.pilot.hostile import TEXTS, random_texts
from tui.widgets.chart import Chart, Drawn, draw

HILL = Chart((0, 1, 4, 9, 16, 9, 4, 1, 0), ((0, "1 ms"), (6, "50 ms")), "16", 4, 2)


def heights(drawn: Drawn, chart: Chart) -> list[int]:
    """Return how many rows of each bar have something in them."""
    columns = [drawn.left + index * chart.cells for index in range(len(chart.bars))]
    return [sum(row[column] != " " for row in drawn.rows[: drawn.height]) for column in columns]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_bars_are_as_high_as_their_numbers_say(ascii_only: bool) -> None:
    drawn = draw(HILL, ascii_only=ascii_only)
    found = heights(drawn, HILL)
    assert found[4] == 4
    assert found == found[::-1]
    assert found[0] == 0
    assert all(low <= high for low, high in pairwise(found[:5]))
    assert drawn.rows[0].startswith("16")
    assert "1 ms" in drawn.rows[-1]
    assert "50 ms" in drawn.rows[-1]


def test_signs_of_ascii_are_ascii() -> None:
    assert "".join(draw(HILL, ascii_only=True).rows).isascii()


def test_every_row_is_as_wide_as_the_bars() -> None:
    for chart in (HILL, Chart((5,), (), "5", 3), Chart((0, 0), ((0, "0"),), "0", 3, 4)):
        drawn = draw(chart)
        assert {len(row) for row in drawn.rows} == {drawn.left + len(chart.bars) * chart.cells}
        assert len(drawn.rows) <= chart.height + 2


def test_no_terminal_cuts_the_size() -> None:
    """Without a terminal plotext takes one of 80 columns for granted."""
    wide = Chart(tuple(range(1, 301)), (), "300", 60)
    drawn = draw(wide)
    assert len(drawn.rows[0]) == drawn.left + 300
    assert heights(drawn, wide)[-1] == 60


def test_two_threads_draw_at_the_same_time() -> None:
    charts = [Chart((index + 1, 2, 3), ((1, f"t{index}"),), str(index + 1), 3) for index in range(8)]
    alone = [draw(one) for one in charts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(draw, charts * 5)) == alone * 5


@pytest.mark.parametrize("text", [*(text[:40] for text in TEXTS if text.strip()), *random_texts(20)])
def test_labels_are_only_text(text: str) -> None:
    drawn = draw(Chart((1, 2, 3, 2, 1), ((2, text),), text[:12], 3, 8))
    assert all(safe_text(row) == row for row in drawn.rows)
    assert "\x1b" not in "".join(drawn.rows)


def test_plotext_is_loaded_by_the_first_chart_and_not_before() -> None:
    code = "import sys; from tui.widgets import chart, panel_agent; assert 'plotext' not in sys.modules; "
    code += "assert not chart.is_loaded(); chart.load(); assert chart.is_loaded()"
    subprocess.run([sys.executable, "-c", code], check=True)
