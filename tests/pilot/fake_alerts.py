"""Answers to questions about alerts, from a list in memory; and decisions that change it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from store.alerts.model import (
    AlertCounts,
    AlertDetail,
    AlertList,
    AlertSlice,
    AlertStep,
    Decided,
    DecisionPreview,
    Happened,
    Undone,
)
from store.alerts.states import LEVELS, STATE_AFTER, AlertState, Level, Reach
from store.filters.keys import Key
from store.filters.matching import text_matches
from store.filters.syntax import And, Not, Or, Term, Words
from tests.pilot.alert_stories import DETAILS, ROWS, STATEMENTS, detail_of
from tests.pilot.fake_filter import moment_of
from tests.pilot.made_up_events import FROZEN_US

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.alerts.model import AlertRow, Decision, InvariantRow, ShedRow
    from store.filters.model import Filter
    from store.filters.syntax import Expression

SEVERE: Final = (Level.CRITICAL, Level.HIGH)


def _holds(expression: Expression, row: AlertRow) -> bool:
    """Return whether an alert passes; what a filter asks of events is asked of the alert's agent, user and tenant."""
    match expression:
        case And():
            return all(_holds(one, row) for one in expression.operands)
        case Or():
            return any(_holds(one, row) for one in expression.operands)
        case Not():
            return not _holds(expression.operand, row)
        case Words():
            return expression.text.casefold() in row.explanation.casefold()
        case Term(key=Key.SINCE):
            return row.last_us >= moment_of(expression)
        case Term(key=Key.BEFORE):
            return row.last_us < moment_of(expression)
        case Term():
            value = {
                Key.STATE: row.state.value,
                Key.LEVEL: row.level.value,
                Key.RULE: row.rule,
                Key.AGENT: row.agent,
                Key.USER: row.user,
                Key.TENANT: row.tenant,
            }.get(expression.key)
            return value is not None and any(text_matches(asked, value) for asked in expression.values)


def _place(row: AlertRow) -> tuple[bool, int, int]:
    return row.state is AlertState.MUTED, -LEVELS.index(row.level), -row.last_us


class FakeAlerts:
    """See `store.alerts.model.AlertQuestions` and `AlertActions`. `changed` is called whenever something is done."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """Begin without any."""
        self.rows: list[AlertRow] = []
        self.details: dict[int, AlertDetail] = {}
        self.statements: list[InvariantRow] = []
        self.forgotten: list[ShedRow] = []
        self.failing = False
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[str] = []
        self.decided: list[Decision] = []
        self.looked_at: list[int] = []
        self._before: list[tuple[Decision, list[AlertRow]]] = []
        self._changed = changed

    def tell_stories(self) -> None:
        """Have the invented alerts and invariants."""
        self.rows, self.details, self.statements = list(ROWS), dict(DETAILS), list(STATEMENTS)
        self._changed()

    def put(self, rows: Iterable[AlertRow]) -> None:
        """Have these alerts instead of others with their numbers, and tell of each no more than its row says."""
        new = {row.id: row for row in rows}
        self.rows = sorted([*(row for row in self.rows if row.id not in new), *new.values()], key=_place)
        for number, row in new.items():
            known = self.details.get(number)
            self.details[number] = detail_of(row) if known is None else replace(known, row=row)
        self._changed()

    def _ask(self, name: str) -> None:
        self.asked.append(name)
        self.gate.wait(60)
        if self.failing:
            raise OSError("disk I/O error")

    # Questions.

    def matching(self, what: Filter) -> list[AlertRow]:
        """Return the alerts that pass, in the order of a list."""
        rows = [row for row in self.rows if what.expression is None or _holds(what.expression, row)]
        return sorted(rows, key=_place)

    def list(self, what: Filter, limit: int) -> AlertList:
        """See `AlertQuestions`."""
        self._ask("list")
        rows = self.matching(what)
        return AlertList(tuple(rows[:limit]), len(rows))

    def counts(self) -> AlertCounts:
        """See `AlertQuestions`."""
        by_state = {state: sum(row.state is state for row in self.rows) for state in AlertState}
        new = [row for row in self.rows if row.state is AlertState.NEW]
        return AlertCounts(
            {state: number for state, number in by_state.items() if number},
            sum(row.count for row in self.rows if row.state is AlertState.MUTED),
            max((row.level for row in new), key=LEVELS.index, default=None),
            max((row.id for row in new if not row.historical), default=0),
        )

    def histogram(self, what: Filter, start_us: int, end_us: int, slices: int) -> Sequence[AlertSlice]:
        """See `AlertQuestions`."""
        found: list[AlertSlice] = [AlertSlice()] * slices
        for row in self.matching(what):
            if start_us <= row.last_us < end_us:
                at = (row.last_us - start_us) * slices // (end_us - start_us)
                found[at] = AlertSlice(found[at].alerts + 1, found[at].severe + (row.level in SEVERE))
        return found

    def detail(self, alert_id: int) -> AlertDetail | None:
        """See `AlertQuestions`."""
        self._ask("detail")
        return self.details.get(alert_id)

    def evidence_among(self, event_row_ids: Sequence[int]) -> frozenset[int]:
        """See `AlertQuestions`."""
        shown = {one.event.id for detail in self.details.values() for one in detail.evidence if one.hit}
        return frozenset(shown.intersection(event_row_ids))

    def invariants(self) -> Sequence[InvariantRow]:
        """See `AlertQuestions`."""
        return self.statements

    def shed(self) -> Sequence[ShedRow]:
        """See `AlertQuestions`."""
        return self.forgotten

    def preview(self, decision: Decision) -> DecisionPreview:
        """See `AlertQuestions`."""
        after = STATE_AFTER[decision.verdict]
        return DecisionPreview(sum(row.state is not after for row in self._reached(decision)), 0.0)

    def switched_off(self) -> frozenset[str]:
        """See `AlertQuestions`."""
        return frozenset()

    # Actions.

    def decide(self, decision: Decision) -> Decided:
        """See `AlertActions`."""
        self._ask("decide")
        reached = self._reached(decision)
        self.decided.append(decision)
        self._before.append((decision, reached))
        state, verdict = STATE_AFTER[decision.verdict], decision.verdict
        step = AlertStep(
            FROZEN_US, Happened.DECIDED, verdict, "lin", decision.reason, decision.until_us, decision.reach
        )
        self.put(replace(row, state=state, until_us=decision.until_us) for row in reached)
        for row in reached:
            detail = self.details[row.id]
            self.details[row.id] = replace(detail, history=(*detail.history, step))
        return Decided(len(self.decided), len(reached))

    def _reached(self, decision: Decision) -> list[AlertRow]:
        chosen = next(row for row in self.rows if row.id == decision.alert_id)
        same = [row for row in self.rows if row.rule_id == chosen.rule_id]
        if decision.reach is Reach.ALERT:
            return [chosen]
        if decision.reach is Reach.RULE_AND_AGENT or decision.what is None:
            return [row for row in same if row.agent == chosen.agent]
        found = self.matching(decision.what)
        return [row for row in same if row in found]

    def undo(self, decision_id: int | None = None) -> Undone | None:
        """See `AlertActions`."""
        self._ask("undo")
        if not self._before:
            return None
        decision, rows = self._before.pop()
        self.put(rows)
        return Undone(decision_id or len(self._before) + 1, decision.verdict, len(rows))

    def viewed(self, alert_ids: Sequence[int]) -> None:
        """See `AlertActions`."""
        self._ask("viewed")
        self.looked_at.extend(alert_ids)
        new = [row for row in self.rows if row.id in alert_ids and row.state is AlertState.NEW]
        self.put(replace(row, state=AlertState.OPEN) for row in new)
