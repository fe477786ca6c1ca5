"""From rows of the event table to observed events: one way, whoever reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from store.events import STATUS_NAMES, NewEvent
from store.names import NO_NAME
from store.observed import ObservedEvent

_NAMED: Final = (
    "type_no", "agent_no", "user_no", "tenant_no", "resource_tenant_no", "host_no", "tool_no", "server_no", "model_no",
)  # fmt: skip
_FIGURES: Final = (
    "duration_us", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cost_microusd",
)  # fmt: skip
_TEXTS: Final = (
    "call_id", "request_id", "session_id", "trace_id", "span_id", "parent_id", "message", "metadata",
)  # fmt: skip
_HAS_TOKENS: Final = " OR ".join(f"event.{name} IS NOT NULL" for name in _FIGURES[1:5])
COMPUTED: Final = f"CASE WHEN {_HAS_TOKENS} THEN (SELECT microusd FROM price WHERE price.id = event.id) END"
"""What an event's tokens cost, as SQL. Only events with tokens have a price, and most have none."""
_PLACES: Final = ("id", "seq", "ts_us", "arrived_us", "outcome", "counts", "status")

COLUMNS: Final = (*(f"event.{name}" for name in (*_PLACES, *_NAMED, *_FIGURES, *_TEXTS)), COMPUTED)
"""What `observed` takes, as SQL over the table `event`, in its order."""
SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM event"
_FIRST_NAME: Final = len(_PLACES)
_LAST_NAME: Final = _FIRST_NAME + len(_NAMED)
_MOST_NAMES: Final = 100_000
"""Names held in memory; beyond it they are read anew."""


class NamesOf(dict[int, str | None]):
    """Texts by number, each read from a plain connection when it is first asked for. Names never change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin with only the number of no value."""
        super().__init__()
        self._connection = connection
        self[NO_NAME] = None

    def __missing__(self, number: int) -> str | None:
        """Return the text of a number that was not asked for before."""
        if len(self) > _MOST_NAMES:
            self.clear()
            self[NO_NAME] = None
        found = self._connection.execute("SELECT text FROM name WHERE id = ?", (number,)).fetchone()
        text = self[number] = None if found is None else str(found[0])
        return text


def name_numbers(rows: Iterable[Sequence[Any]]) -> set[int]:
    """Return the numbers of all names in some rows, for who looks them up together."""
    return {number for row in rows for number in row[_FIRST_NAME:_LAST_NAME]}


def observed(row: Sequence[Any], names: Mapping[int, str | None]) -> ObservedEvent:
    """Return a row of `COLUMNS` as an observer saw it when it was stored, its metadata not decoded yet.

    What no rule can look at (digest, producer's id, place in the file) is left at its default.
    """
    (
        row_id, seq, ts_us, arrived_us, outcome, counts, status,
        type_no, agent_no, user_no, tenant_no, resource_tenant_no, host_no, tool_no, server_no, model_no,
        duration_us, tokens_in, tokens_out, tokens_read, tokens_written, cost,
        call_id, request_id, session_id, trace_id, span_id, parent_id, message, metadata, computed,
    ) = row  # fmt: skip
    # In the order of the fields: several times faster than by name, and this is done for millions.
    event = NewEvent(
        names[type_no] or "", names[agent_no], names[user_no], names[tenant_no], names[resource_tenant_no],
        names[host_no], names[tool_no], names[server_no], names[model_no],
        duration_us, tokens_in, tokens_out, tokens_read, tokens_written, cost, b"", None,
        call_id, request_id, session_id, trace_id, span_id, parent_id, message,
        STATUS_NAMES[int(status)], ts_us, counts=counts, metadata_text=metadata,
    )  # fmt: skip
    return ObservedEvent(row_id, seq, ts_us, arrived_us, event, outcome, computed or 0)
