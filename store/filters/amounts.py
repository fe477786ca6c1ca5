"""Numbers with units, read exactly and written in one form.

Amounts are kept in whole base units where the key has one: `ms` in microseconds, `cost` in millionths of a dollar,
`tokens` in tokens; `meta` has none and takes any decimal. A `level` is its place among the levels, from least to worst;
an `alert` is its number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from store.alerts.states import LEVELS
from store.filters.keys import Key

_WHOLE: Final = re.compile(r"[0-9]{1,15}")
_NUMBER: Final = re.compile(r"\$?([+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}))([a-zA-Zµ]*)")
_UNITS: Final[dict[Key, dict[str, Decimal]]] = {
    Key.MS: {
        "us": Decimal(1),
        "µs": Decimal(1),
        "ms": Decimal(1_000),
        "": Decimal(1_000),
        "s": Decimal(1_000_000),
        "m": Decimal(60_000_000),
        "min": Decimal(60_000_000),
        "h": Decimal(3_600_000_000),
    },
    Key.TOKENS: {"": Decimal(1), "k": Decimal(1_000), "m": Decimal(1_000_000)},
    Key.COST: {"": Decimal(1_000_000)},
    Key.META: {"": Decimal(1)},
}
_WRITTEN: Final[dict[Key, tuple[tuple[str, Decimal], ...]]] = {
    Key.MS: (("h", Decimal(3_600_000_000)), ("m", Decimal(60_000_000)), ("s", Decimal(1_000_000))),
    Key.TOKENS: (("M", Decimal(1_000_000)), ("k", Decimal(1_000))),
}
"""Units that a whole number of them is written in, greatest first."""
EXPECTED: Final[dict[Key, str]] = {
    Key.MS: "a duration like 250, 2s, 1.5m or 1h",
    Key.TOKENS: "a number like 500, 10k or 1.5M",
    Key.COST: "dollars like 0.05",
    Key.META: "a number",
    Key.ALERT: "an alert's number like 118",
}


def read_amount(key: Key, text: str) -> Decimal | None:
    """Return an amount in the key's base unit, None where the text is none."""
    if key is Key.LEVEL:
        return next((Decimal(place) for place, level in enumerate(LEVELS) if level == text.casefold()), None)
    if key is Key.ALERT:
        return Decimal(int(text)) if text.isascii() and _WHOLE.fullmatch(text) else None
    match = _NUMBER.fullmatch(text)
    if match is None or (text.startswith("$") and key is not Key.COST):
        return None
    factor = _UNITS[key].get(match[2].casefold())
    return None if factor is None else normal(Decimal(match[1]) * factor)


def normal(amount: Decimal) -> Decimal:
    """Return the same number in one form: no trailing zeros, no exponent, no negative zero."""
    if not amount:
        return Decimal(0)
    return Decimal(format(amount.normalize(), "f"))


def write_amount(key: Key, amount: Decimal) -> str:
    """Return the text that `read_amount` reads as this amount."""
    if key is Key.LEVEL:
        return LEVELS[int(amount)].value
    if key is Key.ALERT:
        return str(int(amount))
    for unit, size in _WRITTEN.get(key, ()):
        if amount and amount % size == 0:
            return f"{format(amount / size, 'f')}{unit}"
    return format(normal(amount / _UNITS[key][""]), "f")
