"""Pairs tool calls with their results: observed durations, second sights, and which row settles a call."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from store.events import FINAL_STATUSES, NewEvent
from store.ids import key_of

CALL: Final = "mcp.tool_call"
RESULT: Final = "mcp.tool_result"
_FIGURES: Final = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_microusd")


@dataclass(slots=True)
class _Known:
    call_us: int | None = None
    call_row: int | None = None
    result_row: int | None = None
    call_format: int = 0
    result_format: int = 0
    settled: int = 0


class Calls:
    """What is known of the calls that a batch touches."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Start with nothing known."""
        self._connection = connection
        self._known: dict[int, _Known] = {}

    def forget(self) -> None:
        """Drop what is cached, after a rollback."""
        self._known.clear()

    def settle(self, event: NewEvent, row_id: int, format_no: int) -> int:
        """Take note of a call's or result's row; fill its observed duration; return its `outcome` (0 or 1).

        A part that another format has already shown is a second sight: its `counts` becomes 0 and it settles nothing;
        its tokens and cost go to `figures` in its metadata.
        """
        if event.event_type not in (CALL, RESULT):
            return 0
        if event.call_id is None:
            return int(event.event_type == CALL and event.status in FINAL_STATUSES)
        known = self._look_up(call_key(event.call_id, event.call_scope))
        if self._is_second_sight(known, event, row_id, format_no):
            event.counts = 0
            _put_figures_aside(event)
            return 0
        if event.event_type == RESULT:
            _observe_duration(event, known.call_us)
        if known.settled or event.status not in FINAL_STATUSES:
            return 0
        known.settled = 1
        return 1

    def _is_second_sight(self, known: _Known, event: NewEvent, row_id: int, format_no: int) -> bool:
        if event.event_type == CALL:
            seen = known.call_format
            if not seen:
                known.call_format, known.call_row = format_no, row_id
                known.call_us = None if event.ts_inferred else event.ts_us
        else:
            seen = known.result_format
            if not seen:
                known.result_format, known.result_row = format_no, row_id
        return seen not in (0, format_no)

    def _look_up(self, key: int) -> _Known:
        known = self._known.get(key)
        if known is None:
            row = self._connection.execute(
                "SELECT call_us, call_row, result_row, call_format, result_format, settled FROM call WHERE id = ?",
                (key,),
            ).fetchone()
            known = self._known[key] = _Known(*row) if row else _Known()
        return known

    def flush(self) -> None:
        """Store what the batch has learnt."""
        self._connection.executemany(
            "INSERT INTO call (id, call_us, call_row, result_row, call_format, result_format, settled)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET call_us = excluded.call_us,"
            " call_row = excluded.call_row, result_row = excluded.result_row, call_format = excluded.call_format,"
            " result_format = excluded.result_format, settled = excluded.settled",
            [
                (key, k.call_us, k.call_row, k.result_row, k.call_format, k.result_format, k.settled)
                for key, k in sorted(self._known.items())
            ],
        )
        self._known.clear()


def call_key(call_id: str, scope: str | None) -> int:
    """Return the key of a call: its id within its scope, or everywhere."""
    return key_of(b"c", (scope or "").encode("utf-8", "replace"), call_id.encode("utf-8", "replace"))


def _put_figures_aside(event: NewEvent) -> None:
    """Move tokens and cost of a second sight to its metadata: the first sight has them, and sums run over all rows.

    Running totals stay: their row already holds only what no earlier one did.
    """
    if event.usage_key is not None:
        return
    figures = {name: value for name in _FIGURES if (value := getattr(event, name)) is not None}
    if figures:
        event.annotate("figures", figures)
        for name in figures:
            setattr(event, name, None)


def _observe_duration(event: NewEvent, call_us: int | None) -> None:
    if event.duration_us is not None or event.ts_inferred or call_us is None or event.ts_us is None:
        return
    if event.ts_us >= call_us:
        event.duration_us = event.ts_us - call_us
        event.annotate("duration_kind", "observed")
