"""Until when a decision holds: the choices there are, and times ahead as people type them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from store.alerts.states import STANDING, Verdict
from store.filters.time_text import read_time
from tui import format as fmt

ACCEPTED: Final = "tomorrow 9:30, 3d, 2026-11-27"
"""Examples of times ahead."""

_HOUR_US: Final = 3600 * fmt.MICROS
_DAY_US: Final = 24 * _HOUR_US
_AHEAD: Final = re.compile(r"\+?\s*(\d{1,6})\s*(m|min|h|d|w|hours?|days?|weeks?)", re.IGNORECASE)
_UNIT_US: Final = {"m": 60 * fmt.MICROS, "h": _HOUR_US, "d": _DAY_US, "w": 7 * _DAY_US}
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_TOMORROW: Final = "tomorrow"


class Until(StrEnum):
    """How an end can be chosen; the value is what the choice is called."""

    HOUR = "1 h"
    DAY = "1 day"
    WEEK = "7 days"
    MONTH = "30 days"
    TYPED = "other …"
    EVER = "for good"


_SPANS: Final = {Until.HOUR: _HOUR_US, Until.DAY: _DAY_US, Until.WEEK: 7 * _DAY_US, Until.MONTH: 30 * _DAY_US}


def choices(verdict: Verdict) -> tuple[Until, ...]:
    """Return the ends that a verdict can have: none for one that does not stand, and a mute is never for good."""
    if verdict not in STANDING:
        return ()
    return tuple(one for one in Until if one is not Until.EVER or verdict is not Verdict.MUTE)


def usual(verdict: Verdict) -> Until:
    """Return the end that is chosen to begin with."""
    return Until.WEEK if verdict is Verdict.MUTE else Until.EVER


def end_us(until: Until, typed: str, now_us: int, *, utc: bool) -> int | None:
    """Return the end in UTC microseconds; None: for good.

    Raises:
        ValueError: what was typed is no time, or one that is over; the text says which.
    """
    if until is Until.EVER:
        return None
    return now_us + _SPANS[until] if until in _SPANS else read_ahead(typed, now_us, utc=utc)


def read_ahead(text: str, now_us: int, *, utc: bool) -> int:
    """Return the time ahead that `text` names, in UTC microseconds.

    A clock time alone is its next occurrence, `3d` or `+3d` so long after `now_us`; all else is read as everywhere.

    Raises:
        ValueError: it names no time, or one that is over; the text says which.
    """
    words = text.strip().lower()
    found = _ahead(words, now_us, utc=utc)
    if found is None:
        raise ValueError(f"such as {ACCEPTED}" if not words else f"not a time: {ACCEPTED}")
    if found <= now_us:
        raise ValueError("this time is over: give one ahead")
    if fmt.broken_down(found, utc=True).tm_year > _LAST_YEAR:
        raise ValueError("too far ahead: leave it for good, or look again before")
    return found


_LAST_YEAR: Final = 2099


def _ahead(words: str, now_us: int, *, utc: bool) -> int | None:
    if match := _AHEAD.fullmatch(words):
        return now_us + int(match[1]) * _UNIT_US[match[2][0]]
    first, _, clock = words.partition(" ")
    if first == _TOMORROW:
        return _on_day(1, clock.strip() or "0:00", now_us, utc=utc)
    if _CLOCK.fullmatch(words):
        today = _on_day(0, words, now_us, utc=utc)
        return _on_day(1, words, now_us, utc=utc) if today is not None and today <= now_us else today
    return _read(words, now_us, utc=utc)


def _on_day(days_ahead: int, clock: str, now_us: int, *, utc: bool) -> int | None:
    if not _CLOCK.fullmatch(clock):
        return None
    # Noon of the day: by calendar, whatever the clocks do in between.
    noon_us = fmt.day_start_us(now_us, utc=utc) + days_ahead * _DAY_US + _DAY_US // 2
    hour, _, rest = clock.partition(":")
    return _read(f"{fmt.day(noon_us, utc=utc)} {hour.zfill(2)}:{rest}", now_us, utc=utc)


def _read(words: str, now_us: int, *, utc: bool) -> int | None:
    try:
        return read_time(words, now=datetime.fromtimestamp(now_us / fmt.MICROS, tz=UTC), utc=utc)
    except ValueError:
        return None
