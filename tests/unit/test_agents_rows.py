"""What the Agents tab makes of the answers to its questions: rows, their order, their columns, what is unusual."""

from __future__ import annotations

from itertools import pairwise

import pytest

from store.analytics.model import Dimension, Durations, Figures, Seen, Usage, UsageRow
from store.filters.model import Filter
from tui.agents_cells import CellLook, cell, money
from tui.agents_columns import GAP, SCROLL_BAR, columns_for, kinds_of
from tui.agents_command import agents_command
from tui.agents_order import Order, kept, order_words, ordered, turned
from tui.agents_query import behind
from tui.agents_rows import AgentRow, Answers, alarm, total
from tui.agents_window import DAY_US, AgentsWindow
from tui.command_line import CommandPlace
from tui.glyphs import ASCII, UNICODE

WINDOW = AgentsWindow(DAY_US, 2 * DAY_US)


def row(value: str | None, calls: int = 0, **figures: int) -> AgentRow:
    """Return a row with so many calls, each an event."""
    return AgentRow(value, Figures(**{"events": calls, "calls": calls, **figures}))


def text(one: AgentRow, column: str, look: CellLook | None = None) -> str:
    """Return what a cell shows."""
    kinds = {kind.name: kind for by in (Dimension.AGENT, Dimension.MODEL) for kind in kinds_of(by)}
    spans = cell(kinds[column], one, look or CellLook(UNICODE, 2 * DAY_US))
    return "".join(part for part, _ in spans)


def usage(*rows: tuple[str | None, int, Figures]) -> Usage:
    """Return an answer by one dimension."""
    return Usage(tuple(UsageRow((value,), stretch, figures, Durations({})) for value, stretch, figures in rows))


def test_answers_are_put_together_by_value() -> None:
    answers = Answers(
        Dimension.AGENT,
        WINDOW,
        usage(("a", 0, Figures(events=4, calls=2)), ("a", 1, Figures(events=6, calls=3)), ("b", 0, Figures(events=1))),
        usage(("a", 0, Figures(events=1)), ("a", 2, Figures(events=5)), ("stranger", 0, Figures(events=1))),
        (DAY_US, DAY_US + 1, DAY_US + 2, 2 * DAY_US),
        {"a": Seen(1, 2)},
        usage(("a", 0, Figures(events=50))),
    )
    a, b = sorted(answers.rows, key=lambda one: one.value or "")
    assert (a.figures.calls, a.before, a.activity, a.last_us) == (3, Figures(events=4, calls=2), (1, 0, 5), 2)
    assert a.usual == Figures(events=50)
    assert (b.silent, b.activity, b.last_us) == (True, (0, 0, 0), None)
    whole = total([a, b])
    assert (whole.figures.events, whole.before, whole.activity) == (6, Figures(events=5, calls=2), (1, 0, 5))


def test_nothing_is_compared_before_all_is_known() -> None:
    part = Usage((UsageRow(("a",), 1, Figures(events=1)),), complete=False)
    (one,) = Answers(Dimension.AGENT, WINDOW, part).rows
    assert (one.before, one.change("events"), one.usual) == (None, None, None)


def test_rows_stay_where_they_are_and_new_ones_come_below() -> None:
    rows = [row("a", 1), row("b", 9), row(None, 99), row("new", 50)]
    assert [one.value for one in ordered(rows, Order())] == ["new", "b", "a", None]
    assert [one.value for one in ordered(rows, Order(descending=False))] == ["a", "b", "new", None]
    assert [one.value for one in kept(rows, ["a", "gone", "b"], Order())] == ["a", "b", "new", None]
    assert [one.value for one in ordered(rows, Order("name", descending=False))] == ["a", "b", "new", None]
    assert turned(Order(), "calls") == Order("calls", descending=False)
    assert turned(Order(), "name") == Order("name", descending=False)


@pytest.mark.parametrize("by", [Dimension.AGENT, Dimension.MODEL])
def test_every_column_sorts_and_says_how(by: Dimension) -> None:
    rows = [row("a", 1), row("b", 2)]
    for kind in kinds_of(by):
        assert len(ordered(rows, Order(kind.name))) == 2
        assert order_words(Order(kind.name)) != order_words(Order(kind.name, descending=False))


@pytest.mark.parametrize("by", [Dimension.AGENT, Dimension.MODEL])
@pytest.mark.parametrize("width", [60, 80, 100, 110, 120, 140, 160, 200, 300])
def test_columns_fit_in_their_width(by: Dimension, width: int) -> None:
    columns = columns_for(by, width)
    for left, right in pairwise(columns):
        assert left.x + left.width + GAP == right.x
    if width >= 80:
        assert columns[-1].x + columns[-1].width + SCROLL_BAR <= width
    assert {"tokens", "cost"} <= {one.name for one in columns}


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_every_cell_has_exactly_its_width(glyphs: object) -> None:
    assert glyphs in (UNICODE, ASCII)
    look = CellLook(UNICODE if glyphs is UNICODE else ASCII, 10**16, (0, 5, 9), nameless="(no agent)")
    large = Figures(*([10**13] * 16))
    rows = [
        row(None),
        row("x" * 99, 3),
        AgentRow("漢" * 40, large, Durations({255: 3}), Figures(calls=1), None, (1, 10**9), 0),
    ]
    for one in rows:
        for column in columns_for(Dimension.AGENT, 200):
            spans = cell(column, one, look)
            width = sum(2 * part.count("漢") + len(part) - part.count("漢") for part, _ in spans)
            assert width == column.width, (column.name, spans)


def test_numbers_are_said_shortly() -> None:
    assert text(row("a", 1_234_567), "calls") == "1,234,567"
    assert text(row("a"), "calls").strip() == "·"
    assert text(row("a", input_tokens=41_200_000), "tokens") == " 41.2 M"
    assert text(row("a", outcomes=1000, failures=11), "errors") == "    1.1 %"
    assert text(row("a", unpriced=3), "cost") == "  not known"
    assert text(row("a", unpriced=3, priced=1, computed_microusd=301_950_000), "cost") == "  ≥ $301.95"
    assert text(AgentRow("a", Figures(), last_us=DAY_US * 2 - 3_600_000_000), "last").strip() == "60 min"
    assert [money(one) for one in (4_999, 5_000, 81_234, 9_999_990_000, 12_345_678_901)] == [
        "<$0.01",
        "$0.01",
        "$0.08",
        "$9,999.99",
        "$12,346",
    ]


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [(112, 100, "▲ 12 %"), (96, 100, "▼ 4 %"), (100, 100, "="), (5, 0, "new"), (0, 0, "·"), (0, 7, "▼ 100 %")],
)
def test_a_change_is_said(now: int, then: int, said: str) -> None:
    one = AgentRow("a", Figures(calls=now), before=Figures(calls=then))
    assert text(one, "change").strip() == said


def test_only_what_is_far_above_its_own_history_is_an_alarm() -> None:
    assert alarm(2, 2, 0, 1000) == ""
    assert alarm(50, 100, 0, 10) == ""
    assert alarm(20, 1000, 200, 10_000) == ""
    assert alarm(45, 1000, 200, 10_000) == "warning"
    assert alarm(80, 1000, 200, 10_000) == "error"
    assert alarm(5, 5, 0, 0) == ""


def test_what_is_behind_a_number() -> None:
    what = Filter.parsed("agent:a,b tenant:acme", utc=True)
    since = "since:1970-01-02T00:00:00Z before:1970-01-03T00:00:00Z"
    one = row("a*", 3)
    found = behind(what, WINDOW, Dimension.AGENT, one, "errors")
    assert found.text == f'tenant:acme agent:"a*" has:outcome has:error {since}'
    assert behind(Filter(), WINDOW, Dimension.USER, row(None), None).text == f"-user:* {since}"
    assert behind(Filter(), WINDOW, None, one, "calls").text == f"type:mcp.tool_call {since}"
    assert "since:1970-01-01T00:00:00Z before:1970-01-02T00:00:00Z" in behind(what, WINDOW, None, one, "change").text
    unknown = row("m", unpriced=2)
    assert "tokens:*" in behind(Filter(), WINDOW, Dimension.MODEL, unknown, "cost").text
    once = behind(Filter.parsed("has:outcome"), WINDOW, None, one, "errors")
    assert once.text.count("has:outcome") == 1


def test_the_table_as_a_command() -> None:
    place = CommandPlace()
    order = Order("errors", descending=False)
    window = AgentsWindow(DAY_US, 2 * DAY_US, "now")
    assert agents_command(Filter.parsed("tenant:acme it's"), Dimension.TOOL, window, order, place, utc=False) == (
        "auditail analytics agents usage --by=tool --since=-24h --sort=failed:asc -- tenant:acme 'it'\\''s'"
    )
    moved = AgentsWindow(DAY_US, 2 * DAY_US, "moved")
    assert agents_command(Filter(), Dimension.MODEL, moved, Order("name"), place, utc=True) == (
        "auditail analytics agents usage --by=model --utc --since=1970-01-02T00:00:00Z --before=1970-01-03T00:00:00Z"
    )
    assert agents_command(Filter.parsed("a\0b"), Dimension.TOOL, moved, order, place, utc=False) is None
