"""Text as someone writes it who wants more than to be read."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from store.safe_text import safe_text

if TYPE_CHECKING:
    from textual.app import App

MARKUP: Final = "[/] [/red] [bold [@click=app.quit]press me[/] [link=https://evil.example]x[/link] \\[ [[ $error"

TEXTS: Final = (
    MARKUP,
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]0;title\x1b\\ \x1b[2J\x1b[6n\x1b[31mred\x1b[0m",
    "\x9b31m\x9d52;c;ZXZpbA==\x9c \x90 \x84",
    "admin\u202egnp.exe\u2066x\u2069 \u200b\u200d\ufeff\u2028\u2029",
    "nul\x00bel\x07back\x08tab\tline\nreturn\rform\x0cdel\x7f",
    "lone \ud800 and \udfff surrogates",
    "\U000e0041\U000e0042 tags, \u115f fillers \u3164, \ufe0f selectors",
    "wide 漢字かな🧑‍🚀 combining e\u0301\u0301\u0301",
    "x" * 20_000,
    "漢" * 9_000,
    "a b " * 9_000,
    "",
    " ",
)
"""The measured attacks, and texts that are only awkward."""


def random_texts(number: int, seed: int = 5) -> list[str]:
    """Return texts made of pieces of the attacks and of any characters at all."""
    dice = random.Random(seed)
    pieces = [*(text[:40] for text in TEXTS), "[", "]", "/", "\x1b", "\x1b[", "\n", "{", '"', "\\"]
    return [
        "".join(
            dice.choice(pieces) if dice.random() < 0.6 else chr(dice.randrange(0x110000))
            for _ in range(dice.randrange(1, 12))
        )
        for _ in range(number)
    ]


def unsafe_on_screen(app: App[Any]) -> list[str]:
    """Return the pieces that would reach the terminal with something in them that it could act on."""
    strips = app.screen._compositor.render_strips()  # pyright: ignore[reportPrivateUsage] (what is drawn has no public view)
    return [s.text for strip in strips for s in strip if safe_text(s.text) != s.text]
