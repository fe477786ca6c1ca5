"""A thread out of its steps: the tree with what is said above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from store.threads.model import Level, Thread, ThreadRow
from store.threads.step import Starts, Step
from store.threads.tree import rows_of, totals_of


def assemble(
    asked: int,
    level: Level,
    key: str,
    steps: Sequence[Step],
    starts: Starts,
    *,
    wider: Level | None = None,
    cut: bool = False,
) -> Thread:
    """Return the thread of the event with the row id `asked`, which is one of the steps."""
    rows = rows_of(steps, starts)
    timed = [row for row in rows if row.timed] or rows
    return Thread(
        event_row_id=asked,
        level=level,
        key=key,
        wider=wider,
        rows=rows,
        at=_place(asked, rows),
        totals=totals_of(rows),
        start_us=min(row.start_us for row in timed),
        end_us=max(row.end_us for row in timed),
        users=_distinct(step.event.user_id for step in steps),
        tenants=_distinct(step.event.tenant_id for step in steps),
        sessions=_distinct(step.session_id for step in steps),
        cut=cut,
    )


def _place(asked: int, rows: Sequence[ThreadRow]) -> int:
    for index, row in enumerate(rows):
        if row.event.id == asked or any(sight.event.id == asked for sight in row.sights):
            return index
    return 0


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))
