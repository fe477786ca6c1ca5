"""The stretch of time that a report is about, and the equally long one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from cli.problems import UsageProblem
from store.analytics.calendar_spans import start_of
from store.analytics.periods import Period, window_before
from store.filters.keys import TIME_KEYS, Key
from store.filters.syntax import Expression, Moment, Term
from store.filters.time_text import read_time

if TYPE_CHECKING:
    from store.filters.model import Filter

DEFAULT_DAYS: Final = 30
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_US: Final = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """[start_us, end_us) in UTC microseconds. `utc`: its days are days of UTC, else local ones."""

    start_us: int
    end_us: int
    utc: bool
    default: str | None = None
    """What it is called where nobody chose it, such as `last 30 days`."""

    @property
    def before_us(self) -> int:
        """When the equally long window before it begins."""
        return window_before(self.start_us, self.end_us)[0]


class Default(Protocol):
    """Where a window begins unless somebody says so."""

    def __call__(self, end_us: int, *, utc: bool) -> int:
        """Return the start of the window that ends at a time (UTC microseconds), in UTC days or local ones."""
        ...


def last_days(end_us: int, *, utc: bool) -> int:
    """Return the midnight with which the last 30 days begin, today included."""
    return last_periods(Period.DAY, DEFAULT_DAYS)(end_us, utc=utc)


def last_periods(period: Period, count: int) -> Default:
    """Return what gives the start of the last `count` periods, the running one included."""

    def start(end_us: int, *, utc: bool) -> int:
        at = end_us
        for _ in range(count):
            at = start_of(period, at - 1, utc=utc)
        return at

    return start


def windowed(
    what: Filter, now_us: int, *, default: Default = last_days, name: str = f"last {DEFAULT_DAYS} days"
) -> tuple[Filter, Window]:
    """Return the filter without its times, and the window that these name.

    Where neither a beginning nor an end is named, the window ends with the running hour, so that it is made of whole
    hours. Times within alternatives (`since:-1h OR has:error`) stay in the filter.

    Raises:
        UsageProblem: the window would end before it begins, or the calendar does not know it.
    """
    kept = [one for one in what.operands if not _is_time(one)]
    times = [one for one in what.operands if _is_time(one)]
    since = [_moment(one, now_us, utc=what.utc) for one in times if _key(one) is Key.SINCE]
    before = [_moment(one, now_us, utc=what.utc) for one in times if _key(one) is Key.BEFORE]
    whole_hours = (now_us // _HOUR_US + 1) * _HOUR_US
    end = min(before) if before else now_us if since else whole_hours
    try:
        start = max(since) if since else default(end, utc=what.utc)
    except (OverflowError, ValueError, OSError) as error:
        raise UsageProblem("the calendar does not go so far back: name both --since and --before") from error
    if start >= end:
        raise UsageProblem("this window ends before it begins: --since must name an earlier time than --before")
    chosen = bool(since or before)
    return what.with_operands(kept), Window(start, end, what.utc, None if chosen else name)


def _is_time(operand: Expression) -> bool:
    return isinstance(operand, Term) and operand.key in TIME_KEYS


def _key(operand: Expression) -> Key | None:
    return operand.key if isinstance(operand, Term) else None


def _moment(operand: Expression, now_us: int, *, utc: bool) -> int:
    assert isinstance(operand, Term)
    (value,) = operand.values
    assert isinstance(value, Moment)
    return read_time(value.text, now=_EPOCH + timedelta(microseconds=now_us), utc=utc)
