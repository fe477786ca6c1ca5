"""How times, durations and numbers read on screen. The only place where UTC microseconds become local time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.glyphs import Glyphs

MICROS: Final = 1_000_000
"""Microseconds in a second."""

_LAST_SECOND: Final = 253_402_300_799
_FIRST_SECOND: Final = -62_135_596_800
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
_YEAR: Final = 365 * _DAY
_THOUSAND: Final = 1000
_TEN_THOUSAND: Final = 10_000
_MILLION: Final = 1_000_000
_TEN: Final = 10
_KIB: Final = 1024
_LEAST_RATE: Final = 0.1
_HIGH_RATE: Final = 100
_LEAST_PERCENT: Final = 0.05


def now_us() -> int:
    """Return the present time in UTC microseconds."""
    return time.time_ns() // 1000


def broken_down(ts_us: int, *, utc: bool) -> time.struct_time:
    """Return the calendar fields of a time, local or UTC; times outside years 1 to 9999 are held at the edge."""
    seconds = min(max(ts_us // MICROS, _FIRST_SECOND), _LAST_SECOND)
    try:
        return time.gmtime(seconds) if utc else time.localtime(seconds)
    except (OverflowError, OSError, ValueError):
        return time.gmtime(seconds)


def clock(ts_us: int, *, utc: bool) -> tuple[str, str]:
    """Return `14:02:06` and `.204` of a time: the second part is the dim one."""
    at = broken_down(ts_us, utc=utc)
    return f"{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02}", f".{ts_us % MICROS // 1000:03}"


def minute(ts_us: int, *, utc: bool) -> str:
    """Return `14:02`."""
    at = broken_down(ts_us, utc=utc)
    return f"{at.tm_hour:02}:{at.tm_min:02}"


def day(ts_us: int, *, utc: bool) -> str:
    """Return `2026-11-22`."""
    at = broken_down(ts_us, utc=utc)
    return f"{at.tm_year:04}-{at.tm_mon:02}-{at.tm_mday:02}"


def zone_offset(ts_us: int, *, utc: bool) -> str:
    """Return `+01:00`, the offset from UTC in force at that time; `UTC` where times are shown in UTC."""
    if utc:
        return "UTC"
    seconds = broken_down(ts_us, utc=False).tm_gmtoff or 0
    minutes = abs(seconds) // _MINUTE
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def day_start_us(ts_us: int, *, utc: bool) -> int:
    """Return the midnight (local or UTC) that began the day of a time, in UTC microseconds."""
    at = broken_down(ts_us, utc=utc)
    if utc:
        return ts_us // (_DAY * MICROS) * (_DAY * MICROS)
    return int(time.mktime((at.tm_year, at.tm_mon, at.tm_mday, 0, 0, 0, 0, 0, -1))) * MICROS


def full_time(ts_us: int, *, utc: bool) -> str:
    """Return `2026-11-22 14:02:01.052`."""
    hms, millis = clock(ts_us, utc=utc)
    return f"{day(ts_us, utc=utc)} {hms}{millis}"


def count(number: int) -> str:
    """Return `18,402`."""
    return f"{number:,}"


def short_count(number: int) -> str:
    """Return at most six cells: `9,870`, `12.4 k`, `12.4 M`, `3.1 G`."""
    if number < _TEN_THOUSAND:
        return f"{number:,}"
    scaled = float(number)
    for unit in ("k", "M", "G", "T"):
        scaled /= _THOUSAND
        if scaled < _THOUSAND - 0.05:
            return f"{scaled:.1f} {unit}"
    return f"{scaled:.0f} T"


def size(number: int) -> str:
    """Return a number of bytes as `880 B`, `3.1 MB`, `1.2 GB` (steps of 1024)."""
    if number < _KIB:
        return f"{number} B"
    scaled = float(number)
    for unit in ("KB", "MB", "GB"):
        scaled /= _KIB
        if scaled < _KIB - 0.05:
            return f"{scaled:.1f} {unit}" if scaled < _TEN else f"{scaled:.0f} {unit}"
    return f"{scaled / _KIB:.1f} TB"


def duration(micros: int) -> tuple[str, str]:
    """Return number and unit, `("388", "ms")`, `("1.4", "s")`, `("2.5", "min")`; below a millisecond `("<1", "ms")`."""
    if micros < _THOUSAND:
        return ("0" if micros <= 0 else "<1"), "ms"
    if micros < MICROS:
        return str(micros // _THOUSAND), "ms"
    seconds = micros / MICROS
    if seconds < 10 * _MINUTE:
        return f"{seconds:.1f}", "s"
    if seconds < 10 * _HOUR:
        return f"{seconds / _MINUTE:.0f}", "m"
    return f"{seconds / _HOUR:.0f}", "h"


def elapsed(micros: int) -> str:
    """Return `02:14`, from an hour on `1:02:14`; negative counts as zero."""
    seconds = max(micros, 0) // MICROS
    hours, rest = divmod(seconds, _HOUR)
    minutes, seconds = divmod(rest, _MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def ago(micros: int) -> str:
    """Return how long ago something was: `now`, `40 s ago`, `2 min ago`, `3 h ago`, `12 days ago`."""
    seconds = max(micros, 0) // MICROS
    if seconds < _TEN:
        return "now"
    if seconds < 2 * _MINUTE:
        return f"{seconds} s ago"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min ago"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h ago"
    return f"{seconds // _DAY} days ago"


def span(micros: int) -> str:
    """Return a length of time as people say it: `40 s`, `12 min`, `5.2 h`, `68 days`, `8.2 years`; negative is none."""
    seconds = max(micros, 0) / MICROS
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    if seconds < 2 * _DAY:
        return f"{seconds / _HOUR:.1f} h"
    if seconds < 2 * _YEAR:
        return f"{seconds / _DAY:,.0f} days"
    return f"{seconds / _YEAR:,.1f} years"


def rate(per_second: float) -> str:
    """Return `5.1/s`; from a hundred on without decimals, `1,204/s`; `0/s` for nothing."""
    if per_second <= 0:
        return "0/s"
    if per_second < _LEAST_RATE:
        return "<0.1/s"
    return f"{per_second:.1f}/s" if per_second < _HIGH_RATE else f"{per_second:,.0f}/s"


def percent(part: int, whole: int) -> str:
    """Return `1.1`, the share in per cent without its sign; `0.0` of nothing; `<0.1` where it would read as none."""
    if not part or not whole:
        return "0.0"
    share = 100 * part / whole
    return f"{share:.1f}" if share >= _LEAST_PERCENT else "<0.1"


def money(microusd: int) -> str:
    """Return `$0.0081`, from a dollar on `$301.95`."""
    dollars = microusd / _MILLION
    return f"${dollars:,.2f}" if abs(dollars) >= 1 else f"${dollars:.4f}"


def cost(microusd: int | None, glyphs: Glyphs, *, computed: bool) -> str:
    """Return what an event cost, `≈$0.0081` where that was computed; empty: it is not known."""
    return "" if microusd is None else (glyphs.about if computed else "") + money(microusd)
