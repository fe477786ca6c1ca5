"""The metadata tree: what is unfolded, and how much is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.widgets.detail_json import JsonTree, ShowMore, Toggle

if TYPE_CHECKING:
    from tui.widgets.line import Line


def rows(tree: JsonTree, width: int = 54) -> list[str]:
    return ["".join(text for text, _ in line.spans) for line in tree.lines(width)]


def more_of(lines: list[Line]) -> list[ShowMore]:
    return [line.target for line in lines if isinstance(line.target, ShowMore)]


def test_small_objects_start_unfolded_and_large_ones_folded() -> None:
    tree = JsonTree({"policy": {"id": "t-01", "mode": None}, "headers": {f"h{i}": i for i in range(12)}, "ok": True})
    assert rows(tree) == ["▾ policy  2 keys", '├─ id  "t-01"', "└─ mode  null", "▸ headers  12 keys", "  ok  true"]


def test_short_lists_of_plain_values_stand_on_one_row() -> None:
    assert rows(JsonTree({"fields": ["id", 2, None, []], "none": []})) == [
        '  fields  ["id", 2, null, []]',
        "  none  []",
    ]


def test_a_list_that_does_not_fit_is_a_container() -> None:
    assert rows(JsonTree({"fields": ["long"] * 9}), 30)[0] == "▸ fields  9 items"


def test_deeper_values_are_unfolded_one_by_one_with_guides() -> None:
    tree = JsonTree({"a": {"b": {"c": 1}, "d": 2}})
    tree.toggle(("a", "b"))
    assert rows(tree) == ["▾ a  2 keys", "├─ ▾ b  1 key", "│  └─ c  1", "└─ d  2"]


def test_a_long_text_unfolds_into_its_lines() -> None:
    tree = JsonTree({"code": "first line of it\nsecond\n" + "x" * 60})
    assert rows(tree, 30)[0].startswith('▸ code  "first line')
    tree.toggle(("code",))
    assert rows(tree, 30)[1:3] == ["  first line of it", "  second"]


def test_more_is_shown_when_asked_for() -> None:
    tree = JsonTree({"rows": list(range(1000))})
    tree.toggle(("rows",))
    assert len(tree.lines(54)) == 102
    (more,) = more_of(tree.lines(54))
    tree.show_more(more.path)
    assert len(tree.lines(54)) == 502
    tree.show_more(more.path)
    assert len(tree.lines(54)) == 1001
    assert more_of(tree.lines(54)) == []


def test_many_keys_at_the_top_are_bounded_too() -> None:
    tree = JsonTree({f"k{i}": {"x": i} for i in range(5000)})
    lines = tree.lines(54)
    assert len(lines) < 150
    assert more_of(lines) == [ShowMore(())]


def test_whatever_is_deep_keeps_room_for_values() -> None:
    value: Any = 1
    for _ in range(60):
        value = {"k": value}
    tree = JsonTree({"top": value})
    path: tuple[str, ...] = ("top",)
    for _ in range(59):
        path = (*path, "k")
        tree.toggle(path)
    assert all(len(row) <= 54 for row in rows(tree))
    assert rows(tree)[-1].endswith("k  1")


def test_numbers_that_python_would_refuse_to_write_are_described() -> None:
    assert rows(JsonTree({"n": 1 << 40_000})) == ["  n  integer of 40,001 bits"]


def test_folding_what_is_folded_changes_nothing() -> None:
    tree = JsonTree({"a": {"b": 1}})
    assert not tree.unfold(("a",), unfold=True)
    assert tree.unfold(("a",), unfold=False)
    assert [line.target for line in tree.lines(54)] == [Toggle(("a",))]
