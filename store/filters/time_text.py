"""Times as people type them, turned into UTC microseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final

ACCEPTED: Final = "14:02, yesterday 9:30, -15m, -2h, 2026-01-27, 2026-01-27 10:30, 2026-01-27T10:30:00Z or 1769509800"
"""Examples of the accepted forms."""

_RELATIVE: Final = re.compile(r"-?(\d{1,9})\s*(s|sec|m|min|h|d|w)", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?")
_EPOCH: Final = re.compile(r"(\d{9,19})(\.\d+)?")
_UNIT_SECONDS: Final = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DAYS_BACK: Final = {"today": 0, "yesterday": 1}
_EPOCH_UNITS: Final = ((11, 1_000_000, 1), (14, 1000, 1), (17, 1, 1), (19, 1, 1000))
"""Up to so many digits: seconds, milliseconds, microseconds, nanoseconds, as a factor and a divisor."""
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_time(text: str, *, now: datetime, utc: bool) -> int:
    """Return the time that `text` names, in UTC microseconds.

    `now` is aware. A time without a zone is local, or UTC with `utc`; a clock time alone is today's; `-2h` is so long
    before `now`.

    Raises:
        ValueError: the text is none of the accepted forms, or names no time that exists.
    """
    words = text.strip().lower()
    try:
        if match := _EPOCH.fullmatch(words):
            return _epoch(match[1], match[2] or "")
        return (_moment(words, now, utc=utc) - _EPOCH_START) // _MICROSECOND
    except (OverflowError, OSError) as error:
        raise ValueError(f"no such time: {text}") from error


def _moment(words: str, now: datetime, *, utc: bool) -> datetime:
    if words == "now":
        return now
    if match := _RELATIVE.fullmatch(words):
        return now - timedelta(seconds=int(match[1]) * _UNIT_SECONDS[match[2]])
    day, _, clock = words.partition(" ")
    if day in _DAYS_BACK:
        return _on_day(now, _DAYS_BACK[day], clock.strip() or "0:00", utc=utc)
    if _CLOCK.fullmatch(words):
        return _on_day(now, 0, words, utc=utc)
    return _aware(datetime.fromisoformat(words.upper()), utc=utc)


def _on_day(now: datetime, days_back: int, clock: str, *, utc: bool) -> datetime:
    # By calendar, not by 24 hours: days on which clocks change are longer or shorter.
    day = now.astimezone(UTC if utc else None).date() - timedelta(days=days_back)
    hour, _, rest = clock.partition(":")
    return _aware(datetime.combine(day, time.fromisoformat(f"{hour.zfill(2)}:{rest}")), utc=utc)


def _aware(moment: datetime, *, utc: bool) -> datetime:
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC) if utc else moment.astimezone()


def _epoch(digits: str, fraction: str) -> int:
    for most, factor, divisor in _EPOCH_UNITS:
        if len(digits) <= most:
            return int(digits) * factor // divisor + int(float(f"0{fraction}") * factor) // divisor
    raise ValueError(f"no such time: {digits}")


def is_time(text: str) -> bool:
    """Return whether `read_time` understands the text."""
    try:
        for utc in (False, True):
            read_time(text, now=_EPOCH_START + timedelta(days=20_000), utc=utc)
    except ValueError:
        return False
    return True


def moment_text(ts_us: int) -> str:
    """Return the text that names a time, in UTC microseconds, whenever and wherever it is read.

    Raises:
        OverflowError: it lies in no year from 1 to 9999.
    """
    moment = _EPOCH_START + timedelta(microseconds=ts_us)
    return moment.isoformat().replace("+00:00", "Z")
