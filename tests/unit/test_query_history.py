"""The queries that were run come back in order, and what was being typed is not lost."""

from __future__ import annotations

from tui.query_history import MOST, HistoryWalk, QueryHistory


def all_of(history: QueryHistory) -> list[str]:
    """Return the queries, oldest first."""
    return [history[index] for index in range(len(history))]


def test_the_newest_comes_last_and_once() -> None:
    history = QueryHistory(["a", " ", "b"])
    for text in ("b", "a", " c ", "", "  "):
        history.add(text)
    assert all_of(history) == ["b", "a", "c"]


def test_only_so_many_are_kept() -> None:
    history = QueryHistory(str(number) for number in range(MOST + 5))
    history.add("x")
    assert len(history) == MOST
    assert (history[0], history[MOST - 1]) == ("6", "x")


def test_what_is_added_is_told_once() -> None:
    told: list[str] = []
    history = QueryHistory(["a"], told.append)
    history.add("a")
    history.add("b")
    history.add("")
    assert told == ["b"]


def test_walking_goes_back_and_forth_and_ends_at_what_was_typed() -> None:
    walk = HistoryWalk(QueryHistory(["a", "b"]))
    assert walk.step(1, "dra") is None
    assert [walk.step(-1, "draft"), walk.step(-1, "b"), walk.step(-1, "a")] == ["b", "a", None]
    assert [walk.step(1, "a"), walk.step(1, "b"), walk.step(1, "draft")] == ["b", "draft", None]


def test_typing_begins_the_walk_anew() -> None:
    walk = HistoryWalk(QueryHistory(["a", "b"]))
    assert walk.step(-1, "") == "b"
    walk.restart()
    assert walk.step(-1, "bx") == "b"
    assert walk.step(1, "b") == "bx"


def test_a_walk_sees_what_another_line_added() -> None:
    history = QueryHistory(["a"])
    walk = HistoryWalk(history)
    history.add("b")
    walk.restart()
    assert walk.step(-1, "") == "b"


def test_there_is_nothing_to_walk_through_at_first() -> None:
    assert HistoryWalk(QueryHistory()).step(-1, "x") is None
