"""Figures as people read them: cells, tables that fit, pages."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len

from cli.analytics.asking import Sum
from cli.analytics.cells import change, money, share, worse
from cli.analytics.drawing import bar, spark
from cli.analytics.growth import growth
from cli.analytics.look import Look
from cli.analytics.measures import FIELDS, measures
from cli.analytics.named import total_row
from cli.analytics.page import page
from cli.analytics.report import Column, Kind, Report, Table
from cli.analytics.table_text import plain, table_lines
from cli.analytics.window import Window
from store.analytics.model import Durations, Figures
from tests.pilot.hostile import TEXTS
from tui.glyphs import ASCII, UNICODE

PIPE = Look(None, colour=False, utc=True, glyphs=UNICODE, now_us=1_795_356_126_000_000)
WIDE = replace(PIPE, width=100)
COLUMNS = (
    Column("agent", Kind.TEXT, "label"),
    Column("calls", Kind.COUNT, "calls"),
    Column("activity", Kind.SPARK, "activity", 5),
    Column("failed", Kind.FAILED, "failure_rate", 2),
    Column("p95", Kind.DURATION, "p95_us", 4),
    Column("cost", Kind.MONEY, "cost_microusd", 1),
    Column("bar", Kind.BAR, "calls", 3),
)


def row(label: str, figures: Figures, **more: Any) -> dict[str, Any]:
    """Return a row with these sums."""
    return {**measures(Sum(figures, None, Durations({50: 3}))), "label": label, "activity": (0, 1, 5, 3), **more}


def table(*rows: dict[str, Any], **more: Any) -> Table:
    """Return a table of agents."""
    return Table("rows", "Agents", COLUMNS, ("label", *FIELDS), rows, **more)


BUSY = row(
    "support-bot", Figures(events=9, calls=1_234, outcomes=1_000, failures=29, reported_microusd=6_661_234, reported=3)
)
QUIET = row("local", Figures(events=1, calls=7, input_tokens=3, unpriced=1))


def test_numbers_stand_to_the_right_and_nothing_is_drawn_in_a_pipe() -> None:
    assert table_lines(table(BUSY, QUIET), PIPE) == [
        "agent        calls  failed   p95   cost",
        "support-bot  1,234   2.9 %  1 ms  $6.66",
        "local            7     -    1 ms      ?",
    ]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 160, 300])
def test_a_line_is_never_wider_than_the_terminal(width: int) -> None:
    long = row("a-very-long-name-" * 5, Figures(calls=10**9, outcomes=10**9, failures=10**8, reported_microusd=10**12))
    lines = table_lines(table(BUSY, long), replace(WIDE, width=width))
    assert max(map(cell_len, lines)) <= width
    assert all("calls" in line or any(char.isdigit() for char in line) for line in lines)


def test_columns_give_way_by_rank() -> None:
    def heads(width: int) -> list[str]:
        return table_lines(table(BUSY, QUIET), replace(WIDE, width=width))[0].split()

    assert heads(100) == ["agent", "calls", "activity", "failed", "p95", "cost"]
    assert heads(45) == ["agent", "calls", "failed", "cost"]
    assert heads(25) == ["agent", "calls", "cost"]


def test_a_column_without_any_value_is_left_out_and_an_empty_table_says_so() -> None:
    slow = {**BUSY, "p95_us": None, "failure_rate": None}
    assert table_lines(table(slow), PIPE)[0].split() == ["agent", "calls", "cost"]
    assert table_lines(table(empty="no agents"), PIPE) == ["no agents"]


def test_rows_left_out_are_counted() -> None:
    assert table_lines(table(BUSY, more=3), PIPE)[-1] == "and 3 more: --limit N shows N of them"


def test_inks_do_not_move_anything() -> None:
    coloured = table_lines(table(BUSY, QUIET, total=BUSY), replace(WIDE, colour=True))
    assert any("\x1b[" in line for line in coloured)
    assert [plain(line).rstrip() for line in coloured] == table_lines(table(BUSY, QUIET, total=BUSY), WIDE)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("look", [PIPE, WIDE], ids=["pipe", "terminal"])
def test_names_cannot_steer_a_terminal(text: str, look: Look) -> None:
    columns = (Column("tool", Kind.TEXT, "label"), Column(text, Kind.OF, text))
    shown = Table("rows", text, columns, (), ({"label": text, text: (1, 2)},))
    report = Report(text, Window(0, 3_600_000_000, utc=True), None, (shown, shown), remarks=(text,))
    assert all(line.isprintable() for line in page(report, look))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12, "▲ 12 %"), (-0.4, "▼ 40 %"), (0.004, "= "), (math.inf, "new "), (11.0, "▲ 12 ×"), (-1.0, "▼ 100 %")],
)
def test_changes(value: float, text: str) -> None:
    assert " ".join(change(value, WIDE)) == text


def test_changes_without_unicode() -> None:
    look = replace(WIDE, glyphs=ASCII)
    assert change(0.12, look) == ("+12", "%")
    assert change(-0.12, look) == ("-12", "%")


def test_growth_is_against_the_window_before() -> None:
    assert growth({"calls": 12, "calls_before": 10}, "calls") == 12 / 10 - 1
    assert growth({"calls": 3, "calls_before": 0}, "calls") == math.inf
    assert growth({"calls": 0, "calls_before": 0}, "calls") is None
    assert growth({"calls": 3, "calls_before": None}, "calls") is None


def test_money_and_shares() -> None:
    assert money(1_189_180_000, cents=True) == "$1,189.18"
    assert money(3, cents=True) == "<$0.01"
    assert money(8_100, cents=False) == "$0.0081"
    assert money(0, cents=False) == "$0.00"
    assert (share(0.0), share(0.0001), share(0.034), share(1.0)) == ("0.0", "<0.1", "3.4", "100.0")


def test_unknown_cost_is_neither_nothing_nor_a_number() -> None:
    nothing, partly, unknown = Figures(), Figures(reported=1, reported_microusd=5, unpriced=1), Figures(unpriced=2)
    known = [measures(Sum(one))["cost_microusd"] for one in (nothing, partly, unknown)]
    assert known == [0, 5, None]
    lines = table_lines(table(row("a", partly), row("b", unknown)), PIPE)
    assert [line.split()[-1] for line in lines[1:]] == ["<$0.0001", "?"]
    assert "≥ <" in lines[1]


def test_only_clearly_more_failures_than_before_are_worse() -> None:
    def found(failures: int, outcomes: int, before: float | None) -> bool:
        return worse({"failures": failures, "outcomes": outcomes, "failure_rate_before": before})

    assert found(33, 104, 0.05)
    assert not found(13, 394, 0.02)
    assert not found(3, 4, 0.0)
    assert not found(33, 104, None)


def test_a_total_has_the_durations_of_all_together() -> None:
    fast, slow = Sum(Figures(calls=9), None, Durations({10: 90})), Sum(Figures(calls=1), None, Durations({200: 10}))
    total = total_row([fast, slow], 2, "calls")
    assert total is not None
    assert (total["label"], total["calls"]) == ("all 2", 10)
    assert total["p50_us"] < total["p95_us"]
    assert total_row([], 0, "calls") is None


def test_small_pictures() -> None:
    assert spark((0, 1, 50, 100), 4, UNICODE) == "▁▂▃▆"
    assert spark(range(100), 10, UNICODE) == spark([sum(range(n, n + 10)) for n in range(0, 100, 10)], 10, UNICODE)
    assert spark((), 4, UNICODE) == ""
    assert spark((0, 0), 4, ASCII).strip() == ""
    assert bar(1, 2, 10, UNICODE) == "━━━━━"
    assert bar(0.001, 2, 10, UNICODE) == "╸"
    assert bar(0, 2, 10, UNICODE) == ""
    assert bar(5, 2, 3, UNICODE) == "━━━"
