"""Wall-clock time in the unit that everything here uses."""

from __future__ import annotations

import time


def now_us() -> int:
    """Return the present time in UTC microseconds since 1970."""
    return time.time_ns() // 1000
