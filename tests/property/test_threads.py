"""Whatever ids events have, their thread is a tree with every one of them in it once, and its waterfall fits."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from store.threads.assembling import assemble
from store.threads.model import Level, ThreadRow
from store.threads.step import Starts, Step
from tests.property.examples import examples
from tests.unit.test_threads_tree import step
from tui.glyphs import UNICODE
from tui.widgets.thread_axis import axis_for
from tui.widgets.thread_guides import guide, step_for
from tui.widgets.thread_shape import Shape
from tui.widgets.thread_waterfall import waterfall

IDS = st.none() | st.sampled_from("abcd")
KINDS = st.sampled_from(["mcp.tool_call", "mcp.tool_result", "api.request", "agent.message", "file.read"])


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """Return steps whose ids meet often, in any order."""
    made = [
        step(
            number,
            draw(KINDS),
            draw(st.floats(0, 1_000_000)),
            agent=draw(st.sampled_from(["a", "b"])),
            status=draw(st.sampled_from([None, "success", "failure", "denied", "timeout"])),
            took_s=draw(st.none() | st.floats(0, 5_000)),
            form=draw(st.sampled_from(["native", "claude_code"])),
            counts=draw(st.sampled_from([1, 1, 1, 0])),
            call_id=draw(IDS),
            request_id=draw(IDS),
            session_id=draw(IDS),
            trace_id=draw(IDS),
            span_id=draw(IDS),
            parent_id=draw(IDS),
            timed=draw(st.sampled_from([True, True, False])),
        )
        for number in range(1, draw(st.integers(2, 12)))
    ]
    return draw(st.permutations(made))


STARTS = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["a", "b"])), max_size=3)


def rows_under(rows: tuple[ThreadRow, ...]) -> dict[int | None, list[int]]:
    """Return the row ids under each parent."""
    found: dict[int | None, list[int]] = {}
    for row in rows:
        found.setdefault(row.parent, []).append(row.event.id)
    return found


@settings(max_examples=examples(40))
@given(steps(), STARTS)
def test_a_thread_is_a_tree_with_every_step_once(made: list[Step], children: list[tuple[int, str]]) -> None:
    thread = assemble(1, Level.SESSION, "s", made, Starts(children=tuple(children), prompts=tuple(children)))
    rows = thread.rows
    seen = [row.event.id for row in rows] + [sight.event.id for row in rows for sight in row.sights]
    assert sorted(seen) == sorted(one.event.id for one in made)
    for index, row in enumerate(rows):
        assert row.depth == (0 if row.parent is None else rows[row.parent].depth + 1)
        assert row.parent is None or row.parent < index
        assert row.end_us >= row.start_us
        assert row.gap_us is None or row.gap_us >= 0
    for siblings in rows_under(rows).values():
        assert siblings == sorted(siblings)
    assert sum(row.is_last for row in rows) == len(rows_under(rows))
    assert 0 <= thread.at < len(rows)
    assert thread.wall_us >= 0


@settings(max_examples=examples(40))
@given(steps(), st.integers(0, 40), st.integers(1, 40))
def test_guides_and_waterfall_keep_to_their_columns(made: list[Step], width: int, tree: int) -> None:
    rows = assemble(1, Level.SESSION, "s", made, Starts()).rows
    axis = axis_for(rows, width, origin_us=rows[0].start_us)
    shape = Shape(rows)
    cells = step_for(rows, tree)
    for index, row in enumerate(rows):
        text = "".join(text for text, _ in waterfall(row, axis, UNICODE, holds=shape.holds(index)))
        assert cell_len(text) == width
        assert cell_len(guide(rows, index, cells, tree)) <= max(int(tree * 0.4), 1) + cells
    places = [axis.at(ts_us) for ts_us in sorted(row.start_us for row in rows if row.timed)]
    assert places == sorted(places)
    assert all(0 <= place <= max(width, 1) for place in places)


@settings(max_examples=examples(40))
@given(steps(), st.lists(st.integers(0, 11), max_size=8))
def test_folding_hides_what_lies_within_and_revealing_brings_it_back(made: list[Step], folds: list[int]) -> None:
    rows = assemble(1, Level.SESSION, "s", made, Starts()).rows
    shape = Shape(rows)
    for at in folds:
        shape.fold(at % len(rows))
    assert len(shape.shown) + sum(shape.hidden_in(at) for at in shape.shown) == len(rows)
    for at in range(len(rows)):
        shape.reveal(at)
        assert at in shape.shown
    for at in range(len(rows)):
        shape.unfold(at)
    assert shape.shown == list(range(len(rows)))
