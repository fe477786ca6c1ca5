"""Reader of the product's own event format: one JSON object with the names of docs/events.md.

Nothing that a producer wrote is lost: what has no field of its own, or does not fit the one it is named after, stays in
`metadata` under its own name. This is the hot path of ingest; a record is read in one pass over its items.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ingest.formats.native_fields import HANDLERS, TEXTS, Kept, keep
from ingest.formats.native_line import read_usual_line
from ingest.formats.native_scope import call_scope
from ingest.formats.protocol import NO_FORMAT, FileContext, JsonObject, NotAnEvent, PlainKeys
from ingest.formats.tool_name import split_tool_name
from store.events import NewEvent

VOCABULARY: Final = frozenset(
    f"{family}.{name}"
    for family, names in {
        "agent": "message response error",
        "mcp": "tool_call tool_result auth_check",
        "auth": "login logout token_issued failed",
        "permission": "check granted denied",
        "file": "read write edit delete",
        "content": "read create update delete publish",
        "api": "request",
    }.items()
    for name in names.split()
)
"""The event types with a meaning of their own. Other names are kept as they are."""

_EXTRA: Final = "extra"
"""Where in `metadata` a top-level key goes whose name the producer's own metadata uses already."""


class NativeReader:
    """Reads native events. See docs/formats.md for what becomes of values that do not fit."""

    name = "native"

    def recognises(self, record: JsonObject) -> bool:
        """Return whether it has an `event_type`, or failing that a `type` out of the vocabulary."""
        if "event_type" in record:
            return True
        stated = record.get("type")
        return type(stated) is str and stated in VOCABULARY

    def read_usual_line(self, raw: bytes, plain_keys: PlainKeys) -> NewEvent | None:
        """Return the event of a line that holds nothing unusual, else None."""
        return read_usual_line(raw, plain_keys)

    def read(self, record: JsonObject, context: FileContext) -> Sequence[NewEvent]:
        """Return the record's one event.

        Raises:
            NotAnEvent: `event_type` is missing, empty or no text.
        """
        del context
        event = NewEvent()
        kept: Kept = {}
        for key, value in record.items():
            if type(value) is str and key in TEXTS:
                if value:
                    setattr(event, key, value)
            elif (handler := HANDLERS.get(key)) is not None:
                handler(event, kept, key, value)
            else:
                keep(kept, key, value)
        if not event.event_type:
            _take_type(event, kept)
        if kept:
            _join_metadata(event, kept)
        if event.server is None and event.tool is not None and event.tool.startswith("mcp__"):
            event.server, event.tool = split_tool_name(event.tool)
        if event.call_id is not None:
            event.call_scope = call_scope(event)
        return (event,)


def _take_type(event: NewEvent, kept: Kept) -> None:
    stated = kept.get("type")
    if type(stated) is not str or stated not in VOCABULARY:
        raise NotAnEvent(NO_FORMAT)
    event.event_type = stated
    del kept["type"]


def _join_metadata(event: NewEvent, kept: Kept) -> None:
    """Join what has no field with the producer's metadata, whose keys win."""
    stated: dict[str, Any] | None = event.metadata
    if not stated:
        event.metadata = kept
        return
    joined = {**kept, **stated}
    clashing = {key: value for key, value in kept.items() if key in stated}
    if clashing:
        name = _EXTRA
        while name in joined:
            name += "_"
        joined[name] = clashing
    event.metadata = joined
