"""Which rows of a long list are on screen, and which one the cursor is on. Numbers only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Viewport:
    """`top` is the first visible row, `cursor` the chosen one, `height` the visible rows, `length` all rows."""

    top: int = 0
    cursor: int = 0
    height: int = 1
    length: int = 0

    def _settle(self) -> None:
        self.cursor = min(max(self.cursor, 0), max(self.length - 1, 0))
        self.top = min(max(self.top, 0), max(self.length - self.height, 0))

    @property
    def screen_row(self) -> int:
        """How many rows below the top of the pane the cursor is."""
        return self.cursor - self.top

    def follow(self, length: int) -> None:
        """Put the cursor on the last row and show it at the bottom."""
        self.length = length
        self.cursor = self.top = length
        self._settle()

    def place(self, cursor: int, screen_row: int, length: int) -> None:
        """Put the cursor on a row, that many rows below the top of the pane."""
        self.length = length
        self.cursor = cursor
        self.top = cursor - min(max(screen_row, 0), self.height - 1)
        self._settle()

    def move(self, step: int) -> None:
        """Move the cursor and bring it into sight."""
        self.cursor += step
        self._settle()
        self.top = min(max(self.top, self.cursor - self.height + 1), self.cursor)

    def scroll(self, step: int) -> None:
        """Move what is visible; the cursor stays on its row as long as that is in sight."""
        self.top += step
        self._settle()
        self.cursor = min(max(self.cursor, self.top), max(min(self.top + self.height, self.length) - 1, 0))

    def shift(self, rows: int, length: int) -> None:
        """Account for rows put in (taken out, negative) above: the same rows stay in the same places."""
        self.length = length
        self.top += rows
        self.cursor += rows
        self._settle()

    def resize(self, height: int) -> None:
        """Show more or fewer rows; the bottom row stays, and the cursor in sight."""
        bottom = self.top + self.height
        self.height = max(height, 1)
        self.top = bottom - self.height
        self._settle()
        self.top = min(max(self.top, self.cursor - self.height + 1), self.cursor)
