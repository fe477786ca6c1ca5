"""What the System tab asks of the store, each in a worker thread, and what it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.message import Message

from store.errors import StoreError
from tui.widgets.system_quarantine import FEW, Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.health import Health, StoreParts
    from store.service import QuarantineActions, QuarantineEntry, QuarantineReason, QueryService

ROWS: Final = 200
"""So many of the newest records of a reason are listed."""


@dataclass
class HealthLoaded(Message):
    """How things are, with the quarantine as far as it is unfolded."""

    health: Health
    shown: Shown


@dataclass
class RecordLoaded(Message):
    """The bytes of a record; `entry` None: it is gone."""

    number: int
    entry: QuarantineEntry | None


@dataclass
class PartsLoaded(Message):
    """What the store's file is filled with; None: it cannot be told."""

    parts: StoreParts | None


@dataclass
class Acted(Message):
    """Records were retried or discarded, or could not be: what to say of it."""

    said: str
    trouble: bool


def ask_health(service: QueryService, is_unfolded: Callable[[QuarantineReason, int], bool]) -> HealthLoaded:
    """Ask how things are; the records of a reason only where they are shown."""
    health = service.health()
    if not health.quarantined:
        return HealthLoaded(health, Shown((), {}))
    reasons = tuple(service.quarantine_reasons())
    records = sum(one.records for one in reasons)
    rows = {
        one.kind: tuple(service.quarantine_rows(one.kind, ROWS if records > FEW else FEW))
        for one in reasons
        if is_unfolded(one, records)
    }
    return HealthLoaded(health, Shown(reasons, rows))


def retry(actions: QuarantineActions, find: Callable[[], Sequence[int]]) -> Acted:
    """Have records read again; `find` gives their numbers."""
    try:
        number = actions.request_retry(find())
    except StoreError as error:
        return Acted(str(error), trouble=True)
    said = f"{_records(number)} will be read again" if number else "There is nothing left to be read again"
    return Acted(f"{said}.", trouble=False)


def discard(actions: QuarantineActions, find: Callable[[], Sequence[int]], reason: str) -> Acted:
    """Drop records and record why; `find` gives their numbers."""
    try:
        number = actions.discard(find(), reason)
    except StoreError as error:
        return Acted(str(error), trouble=True)
    said = f"{_records(number)} discarded, and the reason recorded" if number else "There was nothing left to discard"
    return Acted(f"{said}.", trouble=False)


def _records(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"
