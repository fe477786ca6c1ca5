"""Times as people type them on the command line, turned into UTC microseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final

from cli.problems import UsageProblem

ACCEPTED: Final = "2026-01-27T10:30:00Z, 2026-01-27 10:30, 10:30, -24h, -15m, -7d, today, yesterday, now or 1769509800"
"""Examples of every accepted form; a time without a zone is local, with --utc it is UTC."""

_RELATIVE: Final = re.compile(r"-?(\d{1,9})\s*(s|sec|m|min|h|d|w)", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_EPOCH: Final = re.compile(r"(\d{9,19})(\.\d+)?")
_UNIT_SECONDS: Final = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EPOCH_DIGITS_PER_UNIT: Final = ((11, 1_000_000), (14, 1_000), (17, 1))
"""Up to so many digits a number counts seconds, milliseconds, microseconds; longer ones count nanoseconds."""
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse_time(text: str, *, now: datetime, utc: bool) -> int:
    """Return the time that `text` names, in UTC microseconds.

    `now` is aware. Without a zone a time is local, with `utc` it is UTC; `today` and `yesterday` begin at that zone's
    midnight; `-24h` is so long before `now`.

    Raises:
        UsageProblem: the text is none of the accepted forms.
    """
    words = text.strip()
    try:
        moment = _named(words.lower(), now, utc=utc) or _relative(words, now) or _clock(words, now, utc=utc)
        if moment is not None:
            return _micros(moment)
        if match := _EPOCH.fullmatch(words):
            return _epoch(match)
        return _micros(_aware(datetime.fromisoformat(words.upper()), utc=utc))
    except (ValueError, OverflowError, OSError) as error:
        raise UsageProblem(f"cannot read the time {text!r}: write it as {ACCEPTED}") from error


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH_START) // _MICROSECOND


def _aware(moment: datetime, *, utc: bool) -> datetime:
    if moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC) if utc else moment.astimezone()


def _midnight(now: datetime, days_back: int, *, utc: bool) -> datetime:
    # By calendar, not by 24 hours: days on which clocks change are longer or shorter.
    day = now.astimezone(UTC if utc else None).date() - timedelta(days=days_back)
    return _aware(datetime.combine(day, time()), utc=utc)


def _named(word: str, now: datetime, *, utc: bool) -> datetime | None:
    if word == "now":
        return now
    days_back = {"today": 0, "yesterday": 1}.get(word)
    return None if days_back is None else _midnight(now, days_back, utc=utc)


def _relative(text: str, now: datetime) -> datetime | None:
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return None
    return now - timedelta(seconds=int(match[1]) * _UNIT_SECONDS[match[2].lower()])


def _clock(text: str, now: datetime, *, utc: bool) -> datetime | None:
    if _CLOCK.fullmatch(text) is None:
        return None
    at = time.fromisoformat(text.zfill(5) if text.count(":") == 1 else text.zfill(8))
    day = now.astimezone(UTC if utc else None).date()
    return _aware(datetime.combine(day, at), utc=utc)


def _epoch(match: re.Match[str]) -> int:
    digits = len(match[1])
    for most, factor in _EPOCH_DIGITS_PER_UNIT:
        if digits <= most:
            fraction = match[2] or ""
            return int(match[1]) * factor + int(float(f"0{fraction}") * factor)
    return int(match[1]) // 1000
