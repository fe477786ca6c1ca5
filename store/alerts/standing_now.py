"""How an alert stands now: what is kept of it says `muted` for good, but a mute ends by itself."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from store.alerts.states import STATES, AlertState
from store.alerts.tables import Alert

_MUTED: Final = STATES.index(AlertState.MUTED)
_STATE: Final = col(Alert.state) + 0
"""No index begins with a sum: one on states would keep a list from being read in its order."""
_UNTIL: Final = col(Alert.until_us)


def stands(state: int, until_us: int | None, now_us: int) -> tuple[AlertState, int | None]:
    """Return the state of a row as it is now, and until when its decision holds; None: none does, or for good."""
    if state == _MUTED and until_us is not None and until_us <= now_us:
        return AlertState.OPEN, None
    return STATES[state], until_us


def is_muted(now_us: int) -> ColumnElement[bool]:
    """Return the condition that an alert is muted now."""
    return and_(_STATE == _MUTED, or_(_UNTIL.is_(None), now_us < _UNTIL))


def stands_as(states: Collection[AlertState], now_us: int) -> ColumnElement[bool]:
    """Return the condition that an alert is in one of these states now."""
    conditions: list[ColumnElement[bool]] = [
        _STATE.in_([STATES.index(state) for state in states if state is not AlertState.MUTED])
    ]
    if AlertState.MUTED in states:
        conditions.append(is_muted(now_us))
    if AlertState.OPEN in states:
        conditions.append(and_(_STATE == _MUTED, now_us >= _UNTIL))
    return or_(*conditions)
