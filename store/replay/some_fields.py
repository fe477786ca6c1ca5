"""From a few columns of many rows to events of which nothing else is known: all rows at once, column by column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

import msgspec
from sqlalchemy import literal_column

from store.events import STATUS_NAMES, NewEvent
from store.observed import ObservedEvent
from store.replay.decoding import COMPUTED

_PLACES: Final = ("id", "seq", "ts_us", "arrived_us", "outcome", "counts")
"""What is always read, as the first columns."""
_NAMES: Final = {
    "event_type": "type_no",
    "agent_id": "agent_no",
    "user_id": "user_no",
    "tenant_id": "tenant_no",
    "resource_tenant_id": "resource_tenant_no",
    "host": "host_no",
    "tool": "tool_no",
    "server": "server_no",
    "model": "model_no",
}
_COLUMNS: Final = {
    "status": "status",
    "duration_us": "duration_us",
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_tokens": "cache_read_tokens",
    "cache_write_tokens": "cache_write_tokens",
    "cost_microusd": "cost_microusd",
    "call_id": "call_id",
    "request_id": "request_id",
    "session_id": "session_id",
    "trace_id": "trace_id",
    "span_id": "span_id",
    "parent_id": "parent_id",
    "message": "message",
    "metadata_text": "metadata",
}
_PRICED: Final = "computed_microusd"
_OF_EVENT: Final = tuple(field.name for field in msgspec.structs.fields(NewEvent))
_DEFAULTS: Final = NewEvent()


class SomeFields:
    """Reads the fields that are asked for; all others are left at their defaults."""

    def __init__(self, fields: Collection[str]) -> None:
        """Ask for some; time, places, `counts` and `outcome` are always there, and what is no field is passed over."""
        names = [field for field in _NAMES if field in fields]
        others = [field for field in _COLUMNS if field in fields]
        self._first_other: Final = len(_PLACES) + len(names)
        self._place: Final = {field: place for place, field in enumerate((*names, *others), len(_PLACES))}
        self._is_priced: Final = _PRICED in fields
        read = [*_PLACES, *(_NAMES[field] for field in names), *(_COLUMNS[field] for field in others)]
        priced = [COMPUTED] if self._is_priced else []
        texts = [*(f"event.{name}" for name in read), *priced]
        columns: list[Any] = [literal_column(text) for text in texts]
        self.columns: Final = tuple(columns)
        """What `observed` takes, in its order."""

    def name_numbers(self, rows: Sequence[Sequence[Any]]) -> set[int]:
        """Return the numbers of all names in some rows."""
        return set[int]().union(*list(zip(*rows, strict=True))[len(_PLACES) : self._first_other])

    def observed(self, rows: Sequence[Sequence[Any]], names: Mapping[int, str | None]) -> list[ObservedEvent]:
        """Return the events of some rows, in their order."""
        if not rows:
            return []
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        row_ids, seqs, times, arrivals, outcomes, counts = columns[: len(_PLACES)]
        known: dict[str, Iterable[Any]] = {"ts_us": times, "counts": counts}
        for field, place in self._place.items():
            known[field] = _values(field, columns[place], names)
        event: Callable[..., NewEvent] = NewEvent
        events = map(event, *(known.get(field, repeat(getattr(_DEFAULTS, field))) for field in _OF_EVENT))
        priced = [cost or 0 for cost in columns[-1]] if self._is_priced else repeat(0)
        return list(map(ObservedEvent, row_ids, seqs, times, arrivals, events, outcomes, priced))


def _values(field: str, column: Sequence[Any], names: Mapping[int, str | None]) -> Iterable[Any]:
    if field == "event_type":
        return [names[number] or "" for number in column]
    if field in _NAMES:
        return map(names.__getitem__, column)
    return map(STATUS_NAMES.__getitem__, column) if field == "status" else column
