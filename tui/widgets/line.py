"""Lines as values: what a pane shows, apart from colours and widths of the screen it ends up on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, set_cell_size

from store.safe_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Span = tuple[str, str]
"""A piece of text and what it is: roles, separated by spaces, each the part after `line--` of a component class."""

ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a pane.

    `right` is set against the right edge and wins where both do not fit; `rule` fills what is between with a thin
    rule. `target` is what choosing the row means to the pane that made it; None: nothing. A row with `skip` is passed
    over by the cursor.
    """

    spans: tuple[Span, ...] = ()
    right: tuple[Span, ...] = ()
    rule: bool = False
    target: object | None = None
    skip: bool = False


BLANK: Final = Line(skip=True)
"""An empty row between two blocks."""


def heading(title: str, *right: Span) -> Line:
    """Return a block's title with a rule to the right edge, where `right` stands."""
    return Line(((title, "title"),), right, rule=True, skip=True)


def spans_width(spans: Sequence[Span]) -> int:
    """Return how many cells the spans take."""
    return sum(cell_len(safe_text(text)) for text, _ in spans)


def fit(spans: Sequence[Span], width: int) -> list[Span]:
    """Return the spans made safe and cut to `width` cells; an ellipsis stands where something was cut off."""
    fitted: list[Span] = []
    room = width
    for text, role in spans:
        safe = safe_text(text[: width + 1])
        size = cell_len(safe)
        if size > room or len(text) > width + 1:
            if room > 0:
                fitted.append((set_cell_size(safe, room - 1) + ELLIPSIS, role))
            return fitted
        fitted.append((safe, role))
        room -= size
    return fitted


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` made safe, in exactly `width` cells; `right` sets it against the right edge."""
    ((cut, _),) = fit([(text, "")], width) or [("", "")]
    space = " " * (width - cell_len(cut))
    return space + cut if right else cut + space


def wrap(text: str, width: int, limit: int) -> list[str]:
    """Return `text`, made safe, in at most `limit` rows of `width` cells, broken after spaces where there are any.

    A line feed starts a new row. The last row ends in an ellipsis where more would follow. Never looks at more of
    the text than can be shown.
    """
    width = max(width, 2)
    bound = width * limit + limit
    rows: list[str] = []
    for row in _rows(text[: bound + 1], width):
        rows.append(row)
        if len(rows) > limit:
            break
    if len(rows) > limit or len(text) > bound + 1:
        rows = rows[:limit]
        rows[-1] = set_cell_size(rows[-1].rstrip(), min(cell_len(rows[-1].rstrip()), width - 1)) + ELLIPSIS
    return rows


def wrap_spans(spans: Sequence[Span], width: int, limit: int) -> list[tuple[Span, ...]]:
    """Return the spans as one row where they fit, else each of them wrapped on rows of its own, at most `limit`."""
    spans = [(text, role) for text, role in spans if text]
    if spans_width([(text[: width + 1], role) for text, role in spans]) <= width:
        return [tuple(spans)]
    return [
        ((row.lstrip() if text.startswith(" ") else row, role),)
        for text, role in spans
        for row in wrap(text, width, limit)
    ]


def _rows(text: str, width: int) -> Iterator[str]:
    for paragraph in text.replace("\r\n", "\n").split("\n"):
        rest = safe_text(paragraph)
        while cell_len(rest) > width:
            end = _cells_index(rest, width)
            at_space = rest.rfind(" ", 0, end + 1)
            end = at_space + 1 if at_space > 0 else end
            yield rest[:end].rstrip()
            rest = rest[end:]
        yield rest


def _cells_index(text: str, width: int) -> int:
    """Return how many characters of `text` fit in `width` cells, one at least."""
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(index, 1)
    return len(text)
