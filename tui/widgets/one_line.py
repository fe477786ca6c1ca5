"""A bar of one line: pieces from the left, pieces at the right, each of which can be clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from store.safe_text import safe_text
from tui.widgets.ink import ink, paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.message import Message

    from tui.glyphs import Glyphs

ROLES = (
    "muted",
    "faint",
    "strong",
    "key",
    "tab",
    "tab-warning",
    "tab-error",
    "chip",
    "chip-muted",
    "chip-not",
    "success",
    "warning",
    "error",
)
"""What a piece can be; each has a `bar--` component class."""


@dataclass(frozen=True)
class Piece:
    """Some text, the role that styles it (empty: the bar's own), and the message that a click posts."""

    text: str
    role: str = ""
    click: Message | None = None


class OneLine(Widget):
    """Base of the bars. A subclass says what stands at the left and at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"bar--{role}" for role in ROLES}

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Draw with these signs."""
        super().__init__(id=id)
        self.glyphs = glyphs
        self._drawn: list[tuple[int, Piece]] = []

    def left(self, room: int) -> Sequence[Piece]:
        """Return what stands at the left; `room` cells are free."""
        raise NotImplementedError

    def right(self) -> Sequence[Piece]:
        """Return what stands at the right; it wins where both do not fit."""
        return ()

    def render_line(self, y: int) -> Strip:
        """Return the bar; rows below the first are blank. Every text passes through `safe_text` here."""
        width = self.size.width
        if y:
            return Strip.blank(width, paper(self))
        right = fit_pieces(
            [Piece(safe_text(p.text), p.role, p.click) for p in self.right()], width, self.glyphs.ellipsis
        )
        right_width = pieces_width(right)
        room = max(width - right_width - (2 if right else 0), 0)
        left = [Piece(safe_text(p.text), p.role, p.click) for p in self.left(room)]
        left = fit_pieces(left, room, self.glyphs.ellipsis)
        gap = Piece(" " * max(width - right_width - pieces_width(left), 0))
        return self._draw([*left, gap, *right])

    def _draw(self, pieces: Sequence[Piece]) -> Strip:
        self._drawn = []
        at = 0
        segments: list[Segment] = []
        for piece in pieces:
            self._drawn.append((at, piece))
            at += cell_len(piece.text)
            segments.append(Segment(piece.text, ink(self, f"bar--{piece.role}") if piece.role else Style()))
        return Strip(segments, at).apply_style(paper(self))

    def on_click(self, event: events.Click) -> None:
        """Post the message of the piece under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y:
            return
        under = [piece for start, piece in self._drawn if start <= offset.x]
        if under and under[-1].click is not None:
            self.post_message(under[-1].click)


def pieces_width(pieces: Iterable[Piece]) -> int:
    """Return how many cells the pieces take."""
    return sum(cell_len(piece.text) for piece in pieces)


def fit_pieces(pieces: Sequence[Piece], room: int, ellipsis: str) -> list[Piece]:
    """Return the pieces that fit in `room` cells, the last of them cut where it does not fit whole."""
    fitted: list[Piece] = []
    for piece in pieces:
        size = cell_len(piece.text)
        if size > room:
            if room > 0:
                fitted.append(Piece(set_cell_size(piece.text, room - 1) + ellipsis, piece.role, piece.click))
            break
        fitted.append(piece)
        room -= size
    return fitted
