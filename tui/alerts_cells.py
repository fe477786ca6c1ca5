"""How alerts are spoken of in a line: how they stand, whose they are, when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.states import AlertState
from tui.alert_words import date
from tui.format import broken_down, clock, day, short_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.alerts.model import AlertRow
    from tui.glyphs import Glyphs

STATE_ROLES: Final = {AlertState.NEW: "key", AlertState.MUTED: "faint"}
"""Roles of the states' signs; that of all others is `muted`."""
_AGENT: Final = "agent_id"
_WHO: Final = ("user_id", "tenant_id", "resource_tenant_id")
_MOST_VALUES: Final = 4
_MOST_DIGITS: Final = 5


def who_where(row: AlertRow, glyphs: Glyphs) -> str:
    """Return whose an alert is beside its agent: `mallory · acme → globex`, `root · 198.51.100.23`; empty: nobody's.

    The text is that of events, as it came.
    """
    return f" {glyphs.none} ".join(_parts(row, glyphs))


def _parts(row: AlertRow, glyphs: Glyphs) -> Iterator[str]:
    key = {field: value for field, value in row.key if value}
    user, tenant, resource = key.get("user_id") or row.user, key.get("tenant_id"), key.get("resource_tenant_id")
    if user:
        yield user
    if tenant and resource:
        yield f"{tenant} {glyphs.right} {resource}"
    elif tenant or resource:
        yield tenant or resource or ""
    others = [value for field, value in key.items() if field not in (*_WHO, _AGENT)]
    yield from others[:_MOST_VALUES]


def count_words(number: int) -> str:
    """Return a number in at most five cells: `9,870`, `12.4k`, `999k`, `1.2M`."""
    value, _, unit = short_count(number).partition(" ")
    return f"{value if len(value) < _MOST_DIGITS else value.partition('.')[0]}{unit}" if unit else value


def until_words(until_us: int, now_us: int, *, utc: bool) -> str:
    """Return until when something holds: `until 18:00` of the present day, else `until 29 Nov`; with another year."""
    if day(until_us, utc=utc) == day(now_us, utc=utc):
        return f"until {clock(until_us, utc=utc)[0][:5]}"
    at, now = broken_down(until_us, utc=utc), broken_down(now_us, utc=utc)
    year = "" if at.tm_year == now.tm_year else f" {at.tm_year}"
    return f"until {date(until_us, utc=utc)}{year}"


def when_words(ts_us: int, now_us: int, *, utc: bool, roomy: bool) -> str:
    """Return when something was, in 8 cells: `14:02:01`, of another day `22 Nov`, of another year `Nov 2025`.

    `roomy`: in 12 cells, `22 Nov 14:02` and `22 Nov 2025`.
    """
    if day(ts_us, utc=utc) == day(now_us, utc=utc):
        return clock(ts_us, utc=utc)[0]
    at = broken_down(ts_us, utc=utc)
    words = date(ts_us, utc=utc)
    if at.tm_year != broken_down(now_us, utc=utc).tm_year:
        return f"{words if roomy else words.split()[1]} {at.tm_year}"
    return f"{words} {clock(ts_us, utc=utc)[0][:5]}" if roomy else words
