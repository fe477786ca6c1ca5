"""Rows of the panel: pieces of text, of which some are numbers that can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from store.safe_text import safe_text
from tui.agent_behind import Behind, Target
from tui.agent_facts import AgentFacts
from tui.glyphs import Glyphs
from tui.widgets.line import pad

_MOST_CHARACTERS: Final = 400
"""More of a text is never looked at."""


class Piece(NamedTuple):
    """Some text, its roles (see `tui.widgets.line_view`), and what choosing it does; None: it is no number."""

    text: str
    role: str = ""
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a pane. `right` stands at the right edge and wins; `rule` fills what is between with a thin rule."""

    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    rule: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a pane's drawing depends on besides facts and width."""

    glyphs: Glyphs
    utc: bool = False
    plain: bool = False
    """Whether there is no colour: then signs tell strengths apart."""
    unfolded: frozenset[tuple[str, ...]] = frozenset()
    """Panes that show all of their rows."""


Pane = Callable[[AgentFacts, int, Look], Sequence[Row]]
"""Makes the rows of a pane for a width. The first row is its heading."""


def heading(title: str, *right: Piece) -> Row:
    """Return a pane's title with a rule to the right edge, where `right` stands."""
    return Row((Piece(title, "title"),), right, rule=True)


def remark(text: str) -> Row:
    """Return a row of dim words."""
    return Row((Piece(text, "muted"),))


def laid(row: Row, width: int) -> tuple[Piece, ...]:
    """Return a row's pieces made safe and in exactly `width` cells."""
    right = _cut(row.right, width)
    right_width = _width(right)
    left = _cut(row.left, max(width - right_width - bool(right), 0))
    gap = width - right_width - _width(left)
    if row.rule and gap > 2:  # noqa: PLR2004 (a space, the rule, a space)
        last = 1 if right else 0
        filler = (Piece(" "), Piece("─" * (gap - 1 - last), "rule"), Piece(" " * last))
    else:
        filler = (Piece(" " * gap),)
    return tuple(piece for piece in (*left, *filler, *right) if piece.text)


def _cut(pieces: Sequence[Piece], room: int) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        text = safe_text(piece.text[:_MOST_CHARACTERS])
        size = cell_len(text)
        if size > room:
            if room > 0:
                found.append(piece._replace(text=set_cell_size(text, room - 1) + "…"))
            return found
        found.append(piece._replace(text=text))
        room -= size
    return found


def _width(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(piece.text) for piece in pieces)


def figure(text: str, width: int, target: Target | None, *, role: str = "") -> Piece:
    """Return a number at the right of `width` cells (0: as it is); it is dim where nothing is behind it."""
    nothing = isinstance(target, Behind) and target.events == 0
    return Piece(pad(text, width, right=True) if width else text, role or ("faint" if nothing else ""), target)


def named(name: str | None, kind: str) -> Piece:
    """Return a name; where there is none, that there is none."""
    return Piece(f"(no {kind})", "muted") if name is None else Piece(name)


def blank(text: str, width: int) -> str:
    """Return a text made safe, in exactly `width` cells."""
    return pad(text, width) if width > 0 else ""
