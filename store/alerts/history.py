"""What happened to an alert, and what was decided about others like it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Select, select
from sqlmodel import col

from store.alerts.model import AlertRow, AlertStep, Alike, Happened
from store.alerts.states import REACHES, VERDICTS
from store.alerts.tables import Alert, AlertDecided, AlertDecision, Notification
from store.query.access import Access, AnySelect

_ALIKE: Final = 3
_DECISION: Final = (
    col(AlertDecision.at_us),
    col(AlertDecision.verdict),
    col(AlertDecision.who),
    col(AlertDecision.reason),
    col(AlertDecision.until_us),
    col(AlertDecision.reach),
    col(AlertDecision.undone_us),
    col(AlertDecision.undone_by),
)


class History:
    """Answers with what has happened."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def steps(self, alert: AlertRow) -> tuple[AlertStep, ...]:
        """Return what happened to an alert, the oldest first."""
        steps = [
            AlertStep(alert.opened_us, Happened.OPENED),
            *self._merged(alert.id),
            *self._notified(alert.id),
            *self._decided(alert),
        ]
        return tuple(sorted(steps, key=lambda step: step.at_us))

    def _merged(self, alert_id: int) -> Iterator[AlertStep]:
        parts = select(col(Alert.changed_us)).where(col(Alert.merged_into) == alert_id).order_by(col(Alert.id))
        yield from (AlertStep(at_us, Happened.MERGED) for (at_us,) in self._access.fetch(parts))

    def _notified(self, alert_id: int) -> Iterator[AlertStep]:
        columns = (
            col(Notification.done_us),
            col(Notification.ok),
            col(Notification.label),
            col(Notification.took_ms),
            col(Notification.error),
        )
        of_this = (col(Notification.alert_id) == alert_id, col(Notification.done_us).is_not(None))
        statement: AnySelect = Select(*columns)
        for at_us, ok, label, took_ms, error in self._access.fetch(
            statement.where(*of_this).order_by(col(Notification.id))
        ):
            what = Happened.NOTIFIED if ok else Happened.NOT_NOTIFIED
            yield AlertStep(at_us, what, reason="" if ok else error or "", target=label, took_ms=took_ms)

    def _decided(self, alert: AlertRow) -> Iterator[AlertStep]:
        """Yield decisions about an alert; what had been decided before it was opened held from then on."""
        about = select(col(AlertDecided.decision_id)).where(col(AlertDecided.alert_id) == alert.id)
        statement: AnySelect = Select(*_DECISION)
        statement = statement.where(col(AlertDecision.id).in_(about)).order_by(col(AlertDecision.id))
        for at_us, verdict, who, reason, until_us, reach, undone_us, undone_by in self._access.fetch(statement):
            yield AlertStep(
                max(at_us, alert.opened_us),
                Happened.DECIDED,
                verdict=VERDICTS[int(verdict)],
                who=who,
                reason=reason,
                until_us=until_us,
                reach=REACHES[int(reach)],
            )
            if undone_us is not None:
                yield AlertStep(
                    max(undone_us, alert.opened_us), Happened.UNDONE, verdict=VERDICTS[int(verdict)], who=undone_by
                )

    def alike(self, alert_id: int, rule_no: int) -> tuple[Alike, ...]:
        """Return the newest decisions that stand and that another alert of a rule was looked at for."""
        columns = (
            col(AlertDecision.alert_id),
            col(AlertDecision.at_us),
            col(AlertDecision.verdict),
            col(AlertDecision.who),
            col(AlertDecision.reason),
        )
        of_rule = (col(AlertDecision.rule_no) == rule_no, col(AlertDecision.undone_us).is_(None))
        tenants = self._access.lookups().alert_tenants()
        seen = [] if tenants is None else [col(Alert.tenant_no).in_(tenants)]
        statement: AnySelect = Select(*columns)
        statement = statement.join_from(AlertDecision, Alert, col(Alert.id) == col(AlertDecision.alert_id))
        statement = statement.where(*of_rule, col(AlertDecision.alert_id) != alert_id, *seen)
        found: dict[int, Alike] = {}
        for number, at_us, verdict, who, reason in self._access.fetch(statement.order_by(col(AlertDecision.id).desc())):
            found.setdefault(number, Alike(number, at_us, VERDICTS[int(verdict)], who, reason))
        return tuple(found.values())[:_ALIKE]
