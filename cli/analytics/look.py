"""How a report looks where it is written to."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli import stdout
from tui.glyphs import glyphs_for

if TYPE_CHECKING:
    from tui.glyphs import Glyphs

_RESET: Final = "\x1b[0m"
_INKS: Final = {"dim": "\x1b[2m", "bold": "\x1b[1m", "red": "\x1b[31m", "yellow": "\x1b[33m", "blue": "\x1b[34m"}


@dataclass(frozen=True, slots=True)
class Look:
    """`width`: cells of the terminal; None where there is none: nothing is cut, drawn or coloured."""

    width: int | None
    colour: bool
    utc: bool
    glyphs: Glyphs
    now_us: int

    def inked(self, text: str, ink: str | None) -> str:
        """Return the text in an ink (`dim`, `bold`, `red`, `yellow`, `blue`), as it is where there are no colours."""
        return f"{_INKS[ink]}{text}{_RESET}" if ink and self.colour and text else text


def look_of_output(*, utc: bool, ascii_only: bool, now_us: int) -> Look:
    """Return how to write to standard output as it is now."""
    on_terminal = stdout.is_terminal()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return Look(
        width=shutil.get_terminal_size().columns if on_terminal else None,
        colour=on_terminal and not plain,
        utc=utc,
        glyphs=glyphs_for(ascii_only=ascii_only or not encoding.startswith("utf")),
        now_us=now_us,
    )
