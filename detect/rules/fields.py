"""The names of an event's fields, as its JSON has them, and how each is read from an observed event."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from store.observed import ObservedEvent

NAME_FIELDS: Final = (
    "event_type", "agent_id", "user_id", "tenant_id", "resource_tenant_id", "host", "tool", "server", "model", "status",
)  # fmt: skip
"""Fields whose texts are names: short, and often the same."""
FEW_FIELDS: Final = tuple(name for name in NAME_FIELDS if name not in ("user_id", "host"))
"""Those of few different values: what a rule asks of them is decided once for each combination. Users are many."""
TEXT_FIELDS: Final = ("call_id", "request_id", "session_id", "trace_id", "span_id", "parent_id", "message")
TOKEN_FIELDS: Final = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
NUMBER_FIELDS: Final = (
    *TOKEN_FIELDS,
    "cost_microusd",
    "computed_microusd",
    "duration_ms",
    "outcome",
    "hour",
    "weekday",
)
"""`computed_microusd` is what tokens cost whose price the producer does not say; absent where it is not known.
`hour` (0 to 23) and `weekday` (1 is Monday) are those of the stated time in UTC."""
DAYTIMES: Final = ("night", "morning", "afternoon", "evening")
"""The quarters of a UTC day, which is what the field `daytime` tells apart."""
FIELDS: Final = (*NAME_FIELDS, *TEXT_FIELDS, *NUMBER_FIELDS, "daytime")
METADATA: Final = "metadata."

_HOUR_US: Final = 3_600_000_000
_DAY_US: Final = 24 * _HOUR_US
_EPOCH_WEEKDAY: Final = 3
"""1 January 1970 was a Thursday, counted from Monday = 0."""


def is_field(name: str) -> bool:
    """Return whether events have a field of this name."""
    return name in FIELDS or (name.startswith(METADATA) and len(name) > len(METADATA))


def getter(name: str) -> Callable[[ObservedEvent], Any]:
    """Return what reads a field; it gives None where the event has no such value."""
    if name.startswith(METADATA):
        return _metadata_getter(name.removeprefix(METADATA))
    if name in _COMPUTED:
        return _COMPUTED[name]
    return attrgetter(f"event.{name}")


def _duration_ms(event: ObservedEvent) -> float | None:
    us = event.event.duration_us
    return None if us is None else us / 1000


def _computed_microusd(event: ObservedEvent) -> int | None:
    return event.computed_microusd or None


def _hour(event: ObservedEvent) -> int:
    return event.ts_us % _DAY_US // _HOUR_US


def _daytime(event: ObservedEvent) -> str:
    return DAYTIMES[event.ts_us % _DAY_US // (6 * _HOUR_US)]


def _weekday(event: ObservedEvent) -> int:
    return (event.ts_us // _DAY_US + _EPOCH_WEEKDAY) % 7 + 1


_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_COMPUTED: Final[dict[str, Callable[[ObservedEvent], Any]]] = {
    "duration_ms": _duration_ms,
    "computed_microusd": _computed_microusd,
    "hour": _hour,
    "daytime": _daytime,
    "weekday": _weekday,
    "outcome": attrgetter("outcome"),
}


def _metadata_getter(path: str) -> Callable[[ObservedEvent], Any]:
    first, *rest = path.split(".")
    lacks = _lacking(rest[-1] if rest else first)

    def read(event: ObservedEvent) -> Any:
        metadata = event.event.metadata
        if metadata is None:  # not decoded yet, or there is none
            metadata = None if lacks(event) else event.metadata()
            if metadata is None:
                return None
        value = metadata.get(first)
        return _walk(value, rest) if rest and value is not None else value

    return read if rest else _one_level(first, lacks)


def _one_level(name: str, lacks: Callable[[ObservedEvent], bool]) -> Callable[[ObservedEvent], Any]:
    def read(event: ObservedEvent) -> Any:
        metadata = event.event.metadata
        if metadata is None:
            metadata = None if lacks(event) else event.metadata()
        return None if metadata is None else metadata.get(name)

    return read


def _lacking(key: str) -> Callable[[ObservedEvent], bool]:
    """Return what says of metadata that is not decoded that this key is nowhere in it: that costs a tenth of decoding.

    A key of plain characters stands in JSON as it is, or with the number of a character after a backslash and a u.
    """
    if not _PLAIN_KEY.fullmatch(key):
        return lambda _: False
    quoted = f'"{key}"'

    def lacks(event: ObservedEvent) -> bool:
        text = event.event.metadata_text
        return text is None or (quoted not in text and "\\u" not in text)

    return lacks


def _walk(value: Any, names: list[str]) -> Any:
    """Follow names through objects; through a list of objects they lead to the list of what each has."""
    for index, name in enumerate(names):
        if isinstance(value, dict):
            value = value.get(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        elif isinstance(value, list):
            rest = names[index:]
            found = [_walk(item, rest) for item in value]  # pyright: ignore[reportUnknownVariableType]
            return [item for item in found if item is not None] or None
        else:
            return None
    return value  # pyright: ignore[reportUnknownVariableType]
