"""Hours, days, weeks and months of the calendar, in local time or UTC. All times are UTC microseconds.

Days on which clocks change are longer or shorter; an hour that clocks go through twice is two, and where they go on or
back by half an hour, what is left of an hour is one of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from store.analytics.periods import Period

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND_US: Final = 1_000_000
_HOUR_US: Final = 3_600_000_000
_LONGEST: Final = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31}


def start_of(period: Period, ts_us: int, *, utc: bool) -> int:
    """Return when the period began that a time lies in.

    Raises:
        OverflowError: that is in no year from 1 to 9999.
    """
    if period is Period.HOUR:
        full = _full_hour(ts_us, utc=utc)
        return full if _offset_us(full, utc=utc) == _offset_us(ts_us, utc=utc) else _change(full, ts_us, utc=utc)
    return _midnight(_first(period, _local(ts_us, utc=utc).date()), utc=utc)


def end_of(period: Period, ts_us: int, *, utc: bool) -> int:
    """Return when the period ends that a time lies in, and the next begins.

    Raises:
        OverflowError: that is in no year from 1 to 9999.
    """
    if period is Period.HOUR:
        last = _full_hour(ts_us, utc=utc) + _HOUR_US - 1
        same = _offset_us(last, utc=utc) == _offset_us(ts_us, utc=utc)
        return last + 1 if same else _change(ts_us, last, utc=utc)
    first = _first(period, _local(ts_us, utc=utc).date())
    return _midnight(_first(period, first + timedelta(days=_LONGEST[period])), utc=utc)


def edges_of(period: Period, start_us: int, end_us: int, *, utc: bool) -> tuple[int, ...]:
    """Return a window's start, where a new period begins within it, and its end: the outer ones may be cut short.

    Raises:
        OverflowError: it lies in no year from 1 to 9999.
    """
    edges = [start_us]
    while (after := end_of(period, edges[-1], utc=utc)) < end_us:
        edges.append(after)
    return (*edges, end_us)


def _first(period: Period, day: date) -> date:
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period is Period.MONTH else day


def _midnight(day: date, *, utc: bool) -> int:
    """Return when a day begins; where clocks leave its midnight out, with the first moment after the gap."""
    start = datetime.combine(day, time(), UTC if utc else None)
    # Not by `astimezone`: in a gap it takes the offset behind it, and the day would begin before its first moment.
    return int(start.timestamp()) * _SECOND_US


def _full_hour(ts_us: int, *, utc: bool) -> int:
    """Return the full hour before a time, by the clock as it goes at that time."""
    return ts_us - (ts_us + _offset_us(ts_us, utc=utc)) % _HOUR_US


def _change(before_us: int, after_us: int, *, utc: bool) -> int:
    """Return the full second between two times at which clocks change."""
    before, after = before_us // _SECOND_US, after_us // _SECOND_US
    offset = _offset_us(before_us, utc=utc)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset_us(middle * _SECOND_US, utc=utc) == offset:
            before = middle
        else:
            after = middle
    return after * _SECOND_US


def _local(ts_us: int, *, utc: bool) -> datetime:
    moment = _EPOCH + timedelta(microseconds=ts_us)
    return moment if utc else moment.astimezone()


def _offset_us(ts_us: int, *, utc: bool) -> int:
    offset = _local(ts_us, utc=utc).utcoffset()
    return 0 if offset is None else offset // _MICROSECOND
