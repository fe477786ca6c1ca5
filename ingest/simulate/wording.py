"""Numbers and sizes as a platform's log lines write them."""

from __future__ import annotations

from typing import Final

_KILO: Final = 1_000


def tokens_text(tokens: int) -> str:
    """Return a token count for a summary: `612 tokens`, `3.1k tokens`."""
    return f"{tokens} tokens" if tokens < _KILO else f"{tokens / _KILO:.1f}k tokens"


def size_text(size: int) -> str:
    """Return a size in bytes for a summary: `812 B`, `3.2 KB`, `18 KB`."""
    if size < _KILO:
        return f"{size} B"
    return f"{size / _KILO:.1f} KB" if size < 10 * _KILO else f"{size // _KILO} KB"


def amount_text(cents: int) -> str:
    """Return an amount of money: `1 210.00 EUR`."""
    return f"{cents // 100:,}".replace(",", " ") + f".{cents % 100:02d} EUR"


def ordinal(number: int) -> str:
    """Return a positive whole number as an ordinal: `1st`, `2nd`, `11th`."""
    suffix = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
