"""All sums of a row as one whole number, because one addition of such numbers is much faster than sixteen.

Every sum has 64 bits of its own and may be negative, as long as it stays within 64 bits.
"""

from __future__ import annotations

import struct
from typing import Final

COLUMNS: Final = (
    "events", "errors", "denials", "calls", "outcomes", "failures", "refusals",
    "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens",
    "reported_microusd", "computed_microusd", "reported", "priced", "unpriced",
)  # fmt: skip
"""The sums of a row of `rollup`, in their order."""
COUNTS: Final = COLUMNS[:7]
"""Those of them that every row has; the others are 0 where neither tokens nor cost were stated."""
_BITS: Final = 64
ONE: Final = {name: 1 << _BITS * place for place, name in enumerate(COLUMNS)}
"""The number in which the sum of this name is 1 and all others are 0; times n, it is n."""

_SIGNS: Final = sum(one << _BITS - 1 for one in ONE.values())
_ROW: Final = struct.Struct(f"<{len(COLUMNS)}q")
_COUNTS: Final = struct.Struct(f"<{len(COUNTS)}q")
_COUNTS_BITS: Final = _BITS * len(COUNTS)


def unpacked(packed: int) -> tuple[int, ...]:
    """Return the sums in the order of `COLUMNS`."""
    # Adding the signs makes every sum positive, so that none borrows from the next; flipping them again leaves each as
    # a number of its own.
    return _ROW.unpack(((packed + _SIGNS) ^ _SIGNS).to_bytes(_ROW.size, "little"))


def unpacked_counts(packed: int) -> tuple[int, ...] | None:
    """Return the sums in the order of `COUNTS`, which are not negative; None where there are others."""
    return None if packed >> _COUNTS_BITS else _COUNTS.unpack(packed.to_bytes(_COUNTS.size, "little"))
