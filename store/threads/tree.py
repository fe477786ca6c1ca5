"""From steps to a thread's rows: order, depth, times, gaps and totals."""

from __future__ import annotations

from collections.abc import Sequence

from store.events import DENIAL, ERROR, Status
from store.threads.merging import Merged, merged
from store.threads.model import NO_TOKENS, Sight, ThreadRow, Totals
from store.threads.parents import parents_of
from store.threads.step import CALL, RESULT, Starts, Step


def rows_of(steps: Sequence[Step], starts: Starts) -> tuple[ThreadRow, ...]:
    """Return the rows of a tree: a parent before what it holds, siblings in time order."""
    nodes = merged(steps)
    alone = [node.step for node in nodes]
    parents = parents_of(alone, starts)
    children: list[list[int]] = [[] for _ in nodes]
    for at, parent in enumerate(parents):
        if parent is not None:
            children[parent].append(at)
    spans = _spans(alone, children, parents)
    gaps = _gaps(alone, spans)
    order, depths = _order(parents, children)
    place = {at: index for index, at in enumerate(order)}
    last = {them[-1] for them in children if them}
    roots = [at for at in order if parents[at] is None]
    last.add(roots[-1] if roots else -1)
    rows: list[ThreadRow] = []
    for at in order:
        parent, node = parents[at], nodes[at]
        rows.append(
            ThreadRow(
                event=node.step.event,
                depth=depths[at],
                parent=None if parent is None else place[parent],
                is_last=at in last,
                start_us=spans[at][0],
                end_us=spans[at][1],
                gap_us=gaps[at],
                tokens=node.tokens,
                cost_microusd=node.cost_microusd,
                call_id=node.step.call_id,
                status=_status(at, alone, children),
                answered=_answered(at, alone, children),
                timed=node.step.timed,
                sights=_sights(node),
            )
        )
    return tuple(rows)


def _sights(node: Merged) -> tuple[Sight, ...]:
    return tuple(Sight(step.event, step.format) for step in node.sights)


def _answered(at: int, steps: Sequence[Step], children: Sequence[Sequence[int]]) -> bool:
    step = steps[at]
    return step.kind != CALL or step.settled or _result_of(at, steps, children) is not None


def _status(at: int, steps: Sequence[Step], children: Sequence[Sequence[int]]) -> Status | None:
    step = steps[at]
    result = _result_of(at, steps, children) if step.kind == CALL and not step.settled else None
    return step.event.status if result is None else steps[result].event.status


def _result_of(at: int, steps: Sequence[Step], children: Sequence[Sequence[int]]) -> int | None:
    """Return the place of the result that a call holds."""
    call_id = steps[at].call_id
    return next((c for c in children[at] if steps[c].kind == RESULT and steps[c].call_id == call_id), None)


def _spans(
    steps: Sequence[Step], children: Sequence[Sequence[int]], parents: Sequence[int | None]
) -> list[tuple[int, int]]:
    """Return when each step began and ended.

    A record is written when what it tells of is over, so a step with a duration ended at its timestamp. Only a call
    without a final status is written as it starts: it lasts until its result, which itself takes no time.
    """
    spans: list[tuple[int, int]] = []
    for at, step in enumerate(steps):
        ts_us, took = step.event.ts_us, step.event.duration_us or 0
        start, end = ts_us - took, ts_us
        result = _result_of(at, steps, children) if step.kind == CALL else None
        parent = parents[at]
        if result is not None and not took:
            start, end = ts_us, max(steps[result].event.ts_us, ts_us)
        elif step.kind == CALL and not step.settled:
            start, end = ts_us, ts_us + took
        elif step.kind == RESULT and parent is not None and steps[parent].kind == CALL:
            start = ts_us
        spans.append((start, end))
    return spans


def _gaps(steps: Sequence[Step], spans: Sequence[tuple[int, int]]) -> list[int | None]:
    """Return for each step how long nothing had been going on when it began."""
    gaps: list[int | None] = []
    until: int | None = None
    for step, (start, end) in zip(steps, spans, strict=True):
        if not step.timed:
            gaps.append(None)
            continue
        gaps.append(None if until is None else max(start - until, 0))
        until = end if until is None else max(until, end)
    return gaps


def _order(parents: Sequence[int | None], children: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Return the places in the order of the tree, and how deep each lies."""
    depths = [0] * len(parents)
    order: list[int] = []
    waiting = [at for at in range(len(parents) - 1, -1, -1) if parents[at] is None]
    while waiting:
        at = waiting.pop()
        order.append(at)
        for child in reversed(children[at]):
            depths[child] = depths[at] + 1
            waiting.append(child)
    return order, depths


def totals_of(rows: Sequence[ThreadRow]) -> Totals:
    """Return the numbers over some rows."""
    costs = [row.cost_microusd for row in rows if row.cost_microusd is not None]
    return Totals(
        events=len(rows),
        errors=sum(1 for row in rows if row.event.trouble & ERROR),
        denials=sum(1 for row in rows if row.event.trouble & DENIAL),
        tokens=sum((row.tokens for row in rows), NO_TOKENS),
        cost_microusd=sum(costs) if costs else None,
    )
