"""Which rows are on screen: nothing moves that was not told to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.viewport import Viewport


def test_following_keeps_the_cursor_on_the_last_row_at_the_bottom() -> None:
    view = Viewport(height=10)
    view.follow(100)
    assert (view.top, view.cursor, view.screen_row) == (90, 99, 9)


def test_a_list_shorter_than_the_pane_starts_at_its_top() -> None:
    view = Viewport(height=10)
    view.follow(3)
    assert (view.top, view.cursor) == (0, 2)


def test_moving_scrolls_only_as_far_as_needed() -> None:
    view = Viewport(height=10)
    view.follow(100)
    view.move(-9)
    assert (view.top, view.cursor) == (90, 90)
    view.move(-1)
    assert (view.top, view.cursor) == (89, 89)
    view.move(1000)
    assert (view.top, view.cursor) == (90, 99)


def test_rows_put_in_above_move_nothing_on_screen() -> None:
    view = Viewport(height=10)
    view.follow(50)
    view.move(-20)
    before = view.screen_row
    view.shift(200, 250)
    assert view.cursor == 229
    assert view.screen_row == before


def test_scrolling_leaves_the_cursor_on_its_row_while_that_is_in_sight() -> None:
    view = Viewport(height=10)
    view.follow(100)
    view.move(-5)
    view.scroll(-3)
    assert view.cursor == 94
    view.scroll(-3)
    assert (view.top, view.cursor) == (84, 93)


def test_placing_puts_the_row_where_it_was_on_screen() -> None:
    view = Viewport(height=10)
    view.place(40, 7, 100)
    assert (view.cursor, view.screen_row) == (40, 7)
    view.place(2, 7, 100)
    assert (view.top, view.cursor) == (0, 2)


def test_a_lower_pane_keeps_the_cursor_in_sight() -> None:
    view = Viewport(height=20)
    view.follow(100)
    view.move(-15)
    view.resize(5)
    assert view.top <= view.cursor < view.top + 5


steps = st.one_of(
    st.tuples(st.just("move"), st.integers(-300, 300)),
    st.tuples(st.just("scroll"), st.integers(-300, 300)),
    st.tuples(st.just("resize"), st.integers(0, 60)),
    st.tuples(st.just("follow"), st.integers(0, 300)),
)


@given(st.lists(steps, max_size=30))
def test_the_cursor_is_always_on_a_row_in_sight(todo: list[tuple[str, int]]) -> None:
    view = Viewport()
    for name, number in todo:
        getattr(view, name)(number)
        assert 0 <= view.cursor <= max(view.length - 1, 0)
        assert view.top <= view.cursor < view.top + view.height
        assert 0 <= view.top <= max(view.length - view.height, 0)
