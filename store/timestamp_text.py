"""Times as texts, the way every output of the program has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_US: Final = -62_135_596_800_000_000
_LAST_US: Final = 253_402_300_799_999_999


def timestamp_text(ts_us: int) -> str:
    """Return UTC microseconds as ISO 8601 with Z, and only as many fraction digits (0, 3 or 6) as are needed.

    Outside of the years 1 to 9999 there is no such text: the nearest one stands for it.
    """
    ts_us = min(max(ts_us, _FIRST_US), _LAST_US)
    moment = _EPOCH + timedelta(microseconds=ts_us)
    micros = ts_us % 1_000_000
    spec = "seconds" if not micros else "milliseconds" if not micros % 1000 else "microseconds"
    return moment.replace(tzinfo=None).isoformat(timespec=spec) + "Z"
