"""The tree of a thread: who holds whom, when each row was, and what lies between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from store.events import EventSummary, trouble_of
from store.threads.model import ThreadRow, Tokens
from store.threads.step import Starts, Step
from store.threads.tree import rows_of, totals_of

SECOND = 1_000_000


def step(number: int, event_type: str = "agent.message", at_s: float | None = None, **more: Any) -> Step:
    """Return the step with that row id, a second after the one before it."""
    ts_us = int((number if at_s is None else at_s) * SECOND)
    status, took = more.pop("status", None), more.pop("took_s", None)
    event = EventSummary(
        id=number,
        seq=number,
        ts_us=ts_us,
        arrived_us=ts_us,
        event_type=event_type,
        agent_id=more.pop("agent", "a"),
        user_id=None,
        tenant_id=None,
        resource_tenant_id=None,
        tool=None,
        server=None,
        model=None,
        status=status,
        duration_us=None if took is None else int(took * SECOND),
        trouble=trouble_of(event_type, status),
        message=None,
    )
    return Step(event, more.pop("form", "native"), **more)


def tree(*steps: Step, starts: Starts | None = None) -> list[tuple[int, int]]:
    """Return the row ids in the order of the tree with their depths."""
    return [(row.event.id, row.depth) for row in rows_of(steps, starts or Starts())]


def row_of(number: int, *steps: Step) -> ThreadRow:
    """Return the row of one of the steps."""
    return next(row for row in rows_of(steps, Starts()) if row.event.id == number)


def test_a_parent_stands_before_what_it_holds_and_siblings_in_time_order() -> None:
    root, late, early = step(2, span_id="r"), step(3, parent_id="r"), step(1, parent_id="r")
    assert tree(late, root, early) == [(2, 0), (1, 1), (3, 1)]


def test_the_last_of_its_siblings_is_known() -> None:
    rows = rows_of([step(1, span_id="r"), step(2, parent_id="r"), step(3, parent_id="r"), step(4)], Starts())
    assert [(row.event.id, row.is_last) for row in rows] == [(1, False), (2, False), (3, True), (4, True)]


def test_a_parent_that_is_not_here_makes_a_root() -> None:
    assert tree(step(1, parent_id="gone"), step(2)) == [(1, 0), (2, 0)]


def test_circles_are_cut() -> None:
    assert tree(step(1, span_id="a", parent_id="a")) == [(1, 0)]
    two = step(1, span_id="a", parent_id="b"), step(2, span_id="b", parent_id="a")
    assert sorted(depth for _, depth in tree(*two)) == [0, 1]
    three = [step(n, span_id=str(n), parent_id=str(n % 3 + 1)) for n in (1, 2, 3)]
    below = step(4, parent_id="2")
    assert len(tree(*three, below)) == 4


def test_a_deep_chain_is_no_trouble() -> None:
    chain = [step(n, span_id=str(n), parent_id=str(n - 1)) for n in range(1, 5001)]
    assert tree(*chain)[-1] == (5000, 4999)


def test_a_result_hangs_under_its_call_whatever_parent_it_names() -> None:
    root = step(1, span_id="r")
    asked = step(2, "mcp.tool_call", call_id="c", span_id="s", parent_id="r")
    answer = step(3, "mcp.tool_result", call_id="c", parent_id="r")
    assert tree(root, asked, answer) == [(1, 0), (2, 1), (3, 2)]


def test_a_result_belongs_to_the_last_call_before_it() -> None:
    calls = [step(n, "mcp.tool_call", call_id="1") for n in (1, 3)]
    results = [step(n, "mcp.tool_result", call_id="1") for n in (2, 4)]
    assert tree(*calls, *results) == [(1, 0), (2, 1), (3, 0), (4, 1)]
    assert tree(step(1, "mcp.tool_result", call_id="1"), step(2, "mcp.tool_call", call_id="1")) == [(2, 0), (1, 1)]


def test_a_parent_id_can_be_a_call_id() -> None:
    assert tree(step(1, "mcp.tool_call", call_id="c"), step(2, parent_id="c")) == [(1, 0), (2, 1)]


def test_of_rows_with_one_span_the_one_that_can_hold_others_does() -> None:
    twice = step(1, "agent.response", span_id="s"), step(2, "api.request", span_id="s")
    assert tree(*twice, step(3, parent_id="s")) == [(1, 0), (2, 0), (3, 1)]


def test_an_agent_hangs_under_the_call_that_a_result_names() -> None:
    asked = step(1, "mcp.tool_call", call_id="c")
    first = step(2, agent="kid")
    answer = step(3, "mcp.tool_result", call_id="c")
    assert tree(asked, first, answer, starts=Starts(children=((3, "kid"),))) == [(1, 0), (2, 1), (3, 1)]


def test_an_agent_that_is_resumed_hangs_under_each_of_its_calls() -> None:
    calls = [step(n, "mcp.tool_call", call_id=f"c{n}") for n in (1, 4)]
    results = [step(n, "mcp.tool_result", call_id=f"c{n - 2}") for n in (3, 6)]
    work = [step(n, agent="kid") for n in (2, 5)]
    starts = Starts(children=((3, "kid"), (6, "kid")))
    assert tree(*calls, *results, *work, starts=starts) == [(1, 0), (2, 1), (3, 1), (4, 0), (5, 1), (6, 1)]


def test_a_chain_of_lines_is_as_deep_as_its_work() -> None:
    lines = [step(1, span_id="1", trace_id="t", form="claude_code")]
    lines += [
        step(n, "agent.response", span_id=str(n), parent_id=str(n - 1), trace_id="t", form="claude_code")
        for n in range(2, 6)
    ]
    assert [depth for _, depth in tree(*lines)] == [0, 1, 1, 1, 1]


def test_a_row_with_a_final_status_ended_at_its_time() -> None:
    row = row_of(5, step(5, "api.request", status="success", took_s=2))
    assert (row.start_us, row.end_us, row.took_us) == (3 * SECOND, 5 * SECOND, 2 * SECOND)


def test_a_call_without_a_status_began_at_its_time_and_lasts_until_its_result() -> None:
    asked, answer = step(1, "mcp.tool_call", call_id="c"), step(4, "mcp.tool_result", call_id="c", took_s=3)
    row = row_of(1, asked, answer)
    assert (row.start_us, row.end_us, row.answered, row.status) == (SECOND, 4 * SECOND, True, None)
    assert row_of(4, asked, answer).start_us == 4 * SECOND
    running = row_of(1, replace(asked, event=replace(asked.event, duration_us=SECOND)))
    assert (running.start_us, running.end_us, running.answered) == (SECOND, 2 * SECOND, False)


def test_a_call_without_a_status_has_that_of_its_result() -> None:
    asked = step(1, "mcp.tool_call", call_id="c")
    failed, done = (step(2, "mcp.tool_result", call_id="c", status=status) for status in ("failure", "success"))
    assert row_of(1, asked, failed).status == "failure"
    assert row_of(1, asked, done).status == "success"
    timed_out = step(1, "mcp.tool_call", call_id="c", status="timeout")
    assert row_of(1, timed_out, done).status == "timeout"


def test_gaps_count_from_the_end_of_all_that_went_on() -> None:
    long = step(10, "api.request", status="success", took_s=8)
    rows = rows_of([step(1), step(4), long, step(15)], Starts())
    assert [row.gap_us for row in rows] == [None, 3 * SECOND, 0, 5 * SECOND]


def test_a_row_without_a_time_of_its_own_makes_no_gap() -> None:
    rows = rows_of([step(1), step(2), replace(step(900), timed=False)], Starts())
    assert [row.gap_us for row in rows] == [None, SECOND, None]


def test_what_adds_to_another_row_is_merged_into_it() -> None:
    asked = step(1, "api.request", span_id="m", tokens=Tokens(output=5), cost_microusd=1)
    more = step(2, "api.request", span_id="m", counts=0, tokens=Tokens(output=7, cache_read=1), cost_microusd=2)
    (row,) = rows_of([asked, more], Starts())
    assert (row.tokens, row.cost_microusd) == (Tokens(output=12, cache_read=1), 3)
    assert [sight.event.id for sight in row.sights] == [2]
    assert totals_of([row]).tokens.total == 13


def test_what_adds_to_a_row_that_is_not_here_is_shown_itself() -> None:
    assert tree(step(1), step(2, "api.request", span_id="m", counts=0)) == [(1, 0), (2, 0)]
    one, other = step(1, "mcp.tool_call", call_id="1", session_id="s"), step(2, "mcp.tool_call", call_id="1", counts=0)
    assert len(rows_of([one, replace(other, session_id="another")], Starts())) == 2


def test_totals_of_nothing_are_zero() -> None:
    totals = totals_of([])
    assert (totals.events, totals.tokens.total, totals.cost_microusd) == (0, 0, None)
