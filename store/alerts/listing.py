"""Lists of alerts, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlmodel import col

from store import dialect
from store.alerts.finding import alert_conditions, asks_events
from store.alerts.model import AlertCounts, AlertList, AlertRow, AlertSlice
from store.alerts.rows import ROW_COLUMNS, alert_rows
from store.alerts.standing_now import is_muted, stands
from store.alerts.states import LEVELS, AlertState, Level
from store.alerts.tables import Alert, AlertRule
from store.filters.model import Filter
from store.query.access import Access, AnySelect

_SEVERE: Final = LEVELS.index(Level.HIGH)
_ORDER: Final = (col(Alert.level).desc(), col(Alert.last_us).desc(), col(Alert.id).desc())
_MOST_US: Final = 1 << 62
_ALL: Final = Filter()


class AlertLists:
    """Answers with alerts, and with their numbers."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def conditions(self, what: Filter = _ALL) -> list[ColumnElement[bool]]:
        """Return what an alert must fulfil to be found, and seen at all."""
        return alert_conditions(what.expression, self._access.lookups(utc=what.utc))

    def find(self, what: Filter, limit: int) -> AlertList:
        """Return the alerts that a filter finds; see `AlertQuestions.list`."""
        conditions, muted = self.conditions(what), is_muted(self._access.now_us())
        if asks_events(what.expression):
            return self._at_once(limit, conditions, muted)
        matched = self.number(conditions)
        numbers = self._first(limit, *conditions, ~muted)
        if len(numbers) < min(limit, matched):
            numbers += self._first(limit - len(numbers), *conditions, muted)
        return AlertList(self.rows(numbers), max(matched, len(numbers)))

    def _at_once(self, limit: int, conditions: Sequence[ColumnElement[bool]], muted: ColumnElement[bool]) -> AlertList:
        """Return a list in one statement: slower than two where these read their index, but events are asked once."""
        statement = select(col(Alert.id), func.count().over()).where(*conditions).order_by(muted, *_ORDER)
        found = self._access.fetch(statement.limit(max(limit, 1)))
        numbers = [number for number, _ in found]
        return AlertList(self.rows(numbers[:limit]), int(found[0][1]) if found else 0)

    def rows(self, numbers: Sequence[int]) -> tuple[AlertRow, ...]:
        """Return alerts in the order of their numbers here, whatever they are."""
        if not numbers:
            return ()
        statement: AnySelect = Select(*ROW_COLUMNS)
        statement = statement.join_from(Alert, AlertRule, col(Alert.rule_no) == col(AlertRule.rule_no))
        rows = self._access.fetch(statement.where(dialect.is_among(col(Alert.id), numbers)))
        found = {one.id: one for one in alert_rows(self._access, rows, self._access.now_us())}
        return tuple(found[number] for number in numbers if number in found)

    def number(self, conditions: Sequence[ColumnElement[bool]]) -> int:
        """Return how many alerts fulfil all conditions."""
        return int(self._access.fetch(select(func.count()).select_from(Alert).where(*conditions))[0][0])

    def _first(self, limit: int, *conditions: ColumnElement[bool]) -> list[int]:
        statement = select(col(Alert.id)).where(*conditions).order_by(*_ORDER).limit(limit)
        return [number for (number,) in self._access.fetch(statement)]

    def counts(self) -> AlertCounts:
        """See `AlertQuestions`."""
        now_us = self._access.now_us()
        state, until, level, news = col(Alert.state), col(Alert.until_us), col(Alert.level), col(Alert.historical) == 0
        numbers = (func.count(), dialect.total(col(Alert.count)), func.max(col(Alert.id)).filter(news))
        statement = select(state, until, level, *numbers).where(*self.conditions())
        by_state = Counter[AlertState]()
        muted_events, worst, newest = 0, -1, 0
        for kept_state, kept_until, severity, alerts, events, last in self._access.fetch(
            statement.group_by(state, until, level)
        ):
            stood, _ = stands(kept_state, kept_until, now_us)
            by_state[stood] += alerts
            if stood is AlertState.MUTED:
                muted_events += events
            if stood is AlertState.NEW:
                worst, newest = max(worst, severity), max(newest, last or 0)
        return AlertCounts(dict(by_state), muted_events, LEVELS[worst] if worst >= 0 else None, newest)

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Sequence[AlertSlice]:
        """See `AlertQuestions`."""
        span_us, last_us = end_us - start_us, col(Alert.last_us)
        if span_us <= 0:
            return [AlertSlice()] * slices
        unit = 1 if span_us * slices < _MOST_US else 1_000_000
        part = (last_us - start_us) // unit * slices // max(1, span_us // unit)
        numbers = (func.count(), dialect.total(case((col(Alert.level) >= _SEVERE, 1), else_=0)))
        statement = select(part, *numbers).where(last_us >= start_us, last_us < end_us, *self.conditions(what))
        found: dict[int, AlertSlice] = {}
        for place, alerts, severe in self._access.fetch(statement.group_by(part)):
            at = min(int(place), slices - 1)  # seconds are coarser than the window's end
            known = found.get(at, AlertSlice())
            found[at] = AlertSlice(known.alerts + alerts, known.severe + severe)
        return [found.get(place, AlertSlice()) for place in range(slices)]
