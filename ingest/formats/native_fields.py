"""What becomes of each key of a native record: the field that it fills, or else its place in the metadata."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ingest.formats.protocol import NotAnEvent
from ingest.formats.quantities import LARGEST, scaled_number, whole_number
from ingest.formats.statuses import STATUS_OF_WORD, status_of
from ingest.formats.timestamps import UnreadableTime, parse_timestamp
from store.events import STATUS_CODES, NewEvent

Kept = dict[str, Any]
"""Keys and values that end in the event's metadata."""
Handler = Callable[[NewEvent, Kept, str, Any], None]

_IDS: Final = frozenset(
    "event_id agent_id user_id tenant_id resource_tenant_id call_id request_id session_id trace_id span_id "
    "parent_id".split()
)
"""Fields in which a whole number stands for the text of its digits."""
TEXTS: Final = _IDS | frozenset("event_type host tool server model message".split())
"""Keys that are fields of their own where the value is a text. An empty text is the same as none."""
_COUNTS: Final = frozenset("input_tokens output_tokens cache_read_tokens cache_write_tokens".split())
_LONGEST_MS: Final = LARGEST // 1_000


def keep(kept: Kept, key: str, value: Any) -> None:
    """Keep a value that fits no field, a number too large for the store as text."""
    kept[key] = str(value) if type(value) is int and not -LARGEST <= value <= LARGEST else value


def _not_a_text(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    if value is None:
        return
    if key == "event_type":
        raise NotAnEvent("event_type must be a text")
    if type(value) is int and key in _IDS:
        setattr(event, key, str(value))
    else:
        keep(kept, key, value)


def _status(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    if type(value) is str:
        event.status = STATUS_OF_WORD.get(value) or status_of(value)
        if value and value not in STATUS_CODES:
            kept[key] = value
    elif value is not None:
        keep(kept, key, value)


def _timestamp(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    if value is None:
        return
    try:
        event.ts_us, naive = parse_timestamp(value)
    except UnreadableTime:
        keep(kept, key, value)
    else:
        if naive:
            kept["ts_naive"] = True


def _duration(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    if type(value) is int and 0 <= value <= _LONGEST_MS:  # the usual case, without another call
        event.duration_us = value * 1_000
        return
    if value is None:
        return
    scaled = scaled_number(value, 1_000)
    if scaled is None:
        keep(kept, key, value)
        return
    event.duration_us, exact = scaled
    if not exact:
        kept[key] = value


def _count(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    if type(value) is int and 0 <= value <= LARGEST:  # the usual case, without another call
        setattr(event, key, value)
        return
    if value is None:
        return
    number = whole_number(value)
    if number is None:
        keep(kept, key, value)
    else:
        setattr(event, key, number)


def _cost_microusd(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    """Take a cost in millionths of a dollar; it goes before one in dollars, which is kept where it differs."""
    in_dollars = event.cost_microusd
    _count(event, kept, key, value)
    if in_dollars is not None and in_dollars != event.cost_microusd:
        kept.setdefault("cost_usd", in_dollars / 1_000_000)


def _cost_usd(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    """Take a cost in dollars, unless it is stated in millionths as well."""
    if value is None:
        return
    scaled = scaled_number(value, 1_000_000)
    if scaled is None:
        keep(kept, key, value)
        return
    if event.cost_microusd is None:
        event.cost_microusd = scaled[0]
    if not scaled[1] or event.cost_microusd != scaled[0]:
        kept[key] = value


def _metadata(event: NewEvent, kept: Kept, key: str, value: Any) -> None:
    if type(value) is dict:
        event.metadata = value
    elif value is not None:
        kept[key] = value


HANDLERS: Final[dict[str, Handler]] = {
    **dict.fromkeys(TEXTS, _not_a_text),
    **dict.fromkeys(_COUNTS, _count),
    "timestamp": _timestamp,
    "status": _status,
    "duration_ms": _duration,
    "cost_microusd": _cost_microusd,
    "cost_usd": _cost_usd,
    "metadata": _metadata,
}
"""How a key's value is taken; a key that is not here has no field."""
