"""Words about alerts that several parts of the dashboard share: levels, states, verdicts, times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.states import AlertState, Level, Verdict
from tui import format as fmt

if TYPE_CHECKING:
    from store.alerts.model import AlertRow
    from tui.glyphs import Glyphs

SHORT_LEVEL: Final = {
    Level.INFORMATIONAL: "INFO",
    Level.LOW: "LOW",
    Level.MEDIUM: "MED",
    Level.HIGH: "HIGH",
    Level.CRITICAL: "CRIT",
}
"""A level in four cells."""
LEVEL_ROLE: Final = {
    Level.INFORMATIONAL: "faint",
    Level.LOW: "muted",
    Level.MEDIUM: "warning strong",
    Level.HIGH: "error strong",
    Level.CRITICAL: "critical",
}
"""The role of a level's word in a pane of lines."""
STATE_WORD: Final = {
    AlertState.NEW: "new",
    AlertState.OPEN: "open",
    AlertState.SEEN: "seen",
    AlertState.RESOLVED: "resolved",
    AlertState.FALSE_POSITIVE: "false positive",
    AlertState.ACCEPTED: "risk accepted",
    AlertState.MUTED: "muted",
}
VERDICT_WORD: Final = {
    Verdict.ACKNOWLEDGE: "acknowledge",
    Verdict.RESOLVE: "resolve",
    Verdict.FALSE_POSITIVE: "false positive",
    Verdict.ACCEPT_RISK: "accept risk",
    Verdict.MUTE: "mute",
}
"""What can be decided."""
OUTCOME: Final = {
    Verdict.ACKNOWLEDGE: "acknowledged",
    Verdict.RESOLVE: "resolved",
    Verdict.FALSE_POSITIVE: "false positive",
    Verdict.ACCEPT_RISK: "risk accepted",
    Verdict.MUTE: "muted",
}
"""What was decided."""
FIELD_WORD: Final = {
    "agent_id": "agent",
    "user_id": "user",
    "tenant_id": "tenant",
    "resource_tenant_id": "resource tenant",
    "event_type": "type",
    "session_id": "session",
    "trace_id": "trace",
    "request_id": "request",
}
"""Fields of events as people call them; others are called as they are written."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def field_word(field: str) -> str:
    """Return what a field is called."""
    return FIELD_WORD.get(field, field)


def quoted(text: str, glyphs: Glyphs) -> str:
    """Return a text as somebody's words."""
    return f'"{text}"' if glyphs.ascii else f"“{text}”"


def date(ts_us: int, *, utc: bool) -> str:
    """Return `12 Mar`."""
    at = fmt.broken_down(ts_us, utc=utc)
    return f"{at.tm_mday} {_MONTHS[at.tm_mon - 1]}"


def moment(ts_us: int, now_us: int, *, utc: bool, seconds: bool = False) -> str:
    """Return `14:01`, of another day than today `22 Nov 14:01`, of another year `2025-11-22 14:01`."""
    clock = fmt.clock(ts_us, utc=utc)[0] if seconds else fmt.minute(ts_us, utc=utc)
    if fmt.day(ts_us, utc=utc) == fmt.day(now_us, utc=utc):
        return clock
    years = [fmt.broken_down(one, utc=utc).tm_year for one in (ts_us, now_us)]
    day = date(ts_us, utc=utc) if years[0] == years[1] else fmt.day(ts_us, utc=utc)
    return f"{day} {clock}"


def state_words(row: AlertRow, now_us: int, *, utc: bool) -> str:
    """Return how an alert stands, and until when: `muted until 29 Nov 14:02`."""
    word = STATE_WORD[row.state]
    standing = row.state in _STANDING_STATES and row.until_us is not None
    return f"{word} until {moment(row.until_us or 0, now_us, utc=utc)}" if standing else word


_STANDING_STATES: Final = frozenset({AlertState.FALSE_POSITIVE, AlertState.ACCEPTED, AlertState.MUTED})


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
