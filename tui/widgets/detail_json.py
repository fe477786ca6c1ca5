"""Metadata as a tree of lines: folded where it is large, so that a megabyte costs no more than what is shown of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, cast

from rich.cells import cell_len

from store.safe_text import safe_text
from tui.widgets.line import Line, Span, fit, spans_width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Path = tuple[str | int, ...]
"""Keys and indexes from the root to a value."""

OPEN_CHILDREN: Final = 8
"""A container at the top with at most this many values starts unfolded."""
OPEN_ROWS: Final = 24
"""How many rows the values that start unfolded may take together."""
CHILDREN_SHOWN: Final = 100
"""How many values of a container are shown at first; choosing "more" shows five times as many."""
TEXT_ROWS_SHOWN: Final = 20
"""How many rows of an unfolded text are shown at first."""
MORE: Final = 5
INLINE_VALUES: Final = 12
"""A list of at most this many plain values stands on one row if it fits."""
GUIDE_LEVELS: Final = 6
"""Deeper than this the guides stop growing, so that values keep room."""
KEY_WIDTH: Final = 32
BITS_SHOWN: Final = 1024


@dataclass(frozen=True, slots=True)
class Toggle:
    """Choosing the row folds or unfolds the value at `path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class ShowMore:
    """Choosing the row shows more of the container or text at `path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands: guides of its ancestors, its own branch, and what its children put before theirs."""

    path: Path
    key: str
    branch: str
    below: str


class JsonTree:
    """A JSON object and what is unfolded of it."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        """Unfold the small containers at the top, while they are few."""
        self._value = value
        self._open: set[Path] = set()
        self._shown: dict[Path, int] = {}
        rows = len(value)
        for key, child in islice(value.items(), CHILDREN_SHOWN):
            size = _size(child)
            if 0 < size <= OPEN_CHILDREN and rows + size <= OPEN_ROWS:
                self._open.add((key,))
                rows += size

    def toggle(self, path: Path) -> None:
        """Fold the value at `path`, or unfold it."""
        self._open ^= {path}

    def unfold(self, path: Path, *, unfold: bool) -> bool:
        """Set whether the value at `path` is unfolded; return whether that changed anything."""
        changed = (path in self._open) != unfold
        if changed:
            self.toggle(path)
        return changed

    def show_more(self, path: Path) -> None:
        """Show five times as much of the container or text at `path`."""
        value = self._at(path)
        first = TEXT_ROWS_SHOWN if isinstance(value, str) else CHILDREN_SHOWN
        self._shown[path] = self._shown.get(path, first) * MORE

    def lines(self, width: int) -> list[Line]:
        """Return a line for every value that is not folded away."""
        return list(self._children((), self._value, "", width))

    def _at(self, path: Path) -> Any:
        value: Any = self._value
        for step in path:
            value = value[step]
        return value

    def _children(self, path: Path, value: Any, below: str, width: int) -> Iterator[Line]:
        shown = self._shown.get(path, CHILDREN_SHOWN)
        size = _size(value)
        for number, (step, child) in enumerate(islice(_items(value), shown), 1):
            last = number == size
            branch, deeper = _guides(below, last=last, top=not path)
            key = step if isinstance(step, str) else f"{step}"
            yield from self._value_lines(_Place((*path, step), key, branch, deeper), child, width)
        if size > shown:
            yield Line(
                ((f"{below}└─ " if path else "  ", "rule"), (f"{size - shown:,} more", "muted")), target=ShowMore(path)
            )

    def _value_lines(self, place: _Place, value: Any, width: int) -> Iterator[Line]:
        key = fit([(place.key, "")], KEY_WIDTH)[0][0] if place.key else '""'
        room = width - cell_len(place.branch) - cell_len(key) - 2
        inline = _inline(value, room)
        if inline is not None:
            bare = "" if place.branch else "  "
            yield Line(((place.branch or bare, "rule"), (key, ""), ("  ", ""), *inline))
            return
        is_open = place.path in self._open
        mark = ("▾ " if is_open else "▸ ", "muted")
        line = ((place.branch, "rule"), mark, (key, ""), ("  ", ""), *_summary(value, room - 2, is_open=is_open))
        yield Line(line, target=Toggle(place.path))
        if not is_open:
            return
        if isinstance(value, str):
            yield from self._text_lines(place, value, width)
        else:
            yield from self._children(place.path, value, place.below, width)

    def _text_lines(self, place: _Place, text: str, width: int) -> Iterator[Line]:
        shown = self._shown.get(place.path, TEXT_ROWS_SHOWN)
        guide = f"{place.below}  "
        rows = wrap(text, width - cell_len(guide), shown)
        for row in rows:
            yield Line(((guide, "rule"), (row, "string")))
        if len(rows) == shown and rows[-1].endswith("…"):
            yield Line(((guide, "rule"), (f"more of {len(text):,} characters", "muted")), target=ShowMore(place.path))


def _guides(below: str, *, last: bool, top: bool) -> tuple[str, str]:
    """Return the branch of a row and what its children put before theirs."""
    if top:
        return "", ""
    if len(below) >= GUIDE_LEVELS * 3:
        return f"{below}├─ ", below
    return f"{below}{'└─ ' if last else '├─ '}", f"{below}{'   ' if last else '│  '}"


def _size(value: Any) -> int:
    """Return how many values a container has; 0 for anything else."""
    return len(cast("Sequence[Any]", value)) if isinstance(value, dict | list) else 0


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from cast("dict[str, Any]", value).items()
    else:
        yield from enumerate(cast("list[Any]", value))


def _inline(value: Any, room: int) -> list[Span] | None:
    """Return the value on one row, or None where it does not fit or is better unfolded."""
    spans = _plain(value, room)
    if spans is None and isinstance(value, list):
        values = cast("list[Any]", value)
        if len(values) <= INLINE_VALUES and not any(_size(item) for item in values):
            spans = [("[", "muted")]
            for number, item in enumerate(values):
                spans += [*([(", ", "muted")] if number else []), *(_plain(item, room) or [("", "")])]
            spans.append(("]", "muted"))
    return spans if spans is not None and spans_width(spans) <= max(room, 2) else None


def _plain(value: Any, room: int) -> list[Span] | None:
    """Return a value without parts as spans; None for a container that has any."""
    if isinstance(value, str):
        return [(_quoted(value[: max(room, 0) + 1]), "string")]
    if value is None or isinstance(value, bool):
        return [(json.dumps(value), "key")]
    if isinstance(value, int | float):
        return [(_number(value), "key")]
    if not _size(value):
        return [("{}" if isinstance(value, dict) else "[]", "muted")]
    return None


def _number(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > BITS_SHOWN:
        return f"integer of {value.bit_length():,} bits"
    return repr(value)


def _quoted(text: str) -> str:
    return f'"{safe_text(text)}"'


def _summary(value: Any, room: int, *, is_open: bool) -> list[Span]:
    """Return what stands beside the key of a value that is folded, or unfolded below."""
    if isinstance(value, str):
        if is_open:
            return [(f"{len(value):,} characters", "muted")]
        return fit([(_quoted(value[: max(room, 0) + 1]), "string")], max(room, 0))
    size = _size(value)
    unit = "key" if isinstance(value, dict) else "item"
    return [(f"{size:,} {unit}{'' if size == 1 else 's'}", "muted")]
