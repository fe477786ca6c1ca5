"""How it goes with those who are to be told of alerts."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlmodel import col

from store.alerts.notice_queue import DECIDED, GONE_TARGET
from store.alerts.tables import Notification
from store.alerts.targets import TargetState
from store.query.access import Access

_DAY_US: Final = 86_400 * 1_000_000


def telling(access: Access, now_us: int) -> tuple[TargetState, ...]:
    """Return the targets for which something waits or was done in the last 24 hours, by name; a scope limits nothing.

    Raises:
        StoreError: the store cannot be read.
    """
    row = Notification
    waits = col(row.done_us).is_(None)
    failed = waits & col(row.error).is_not(None)
    needless = col(row.error).in_((DECIDED, GONE_TARGET))
    given_up = col(row.done_us).is_not(None) & (col(row.ok) == 0) & ~needless
    # The greatest number is the last one's.
    last = func.coalesce(func.max(col(row.id)).filter(failed), func.max(col(row.id)).filter(given_up))
    asked = (
        select(
            col(row.target),
            func.max(col(row.label)),
            func.count().filter(waits),
            func.count().filter(failed),
            func.count().filter(given_up),
            func.count().filter(col(row.ok) == 1),
            func.min(col(row.created_us)).filter(waits),
            last,
        )
        .where(waits | (col(row.done_us) >= now_us - _DAY_US))
        .group_by(col(row.target))
    )
    found = access.fetch(asked)
    numbers = [one[-1] for one in found if one[-1] is not None]
    errors = dict(access.fetch(select(col(row.id), col(row.error)).where(col(row.id).in_(numbers))))
    states = (TargetState(*counts, error=errors.get(failed_id)) for _, *counts, failed_id in found)
    return tuple(sorted(states, key=lambda one: one.label))
