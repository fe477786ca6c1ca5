"""Within what a native call id is unique."""

from __future__ import annotations

from typing import Final

from store.events import NewEvent

_LONG_CALL_ID: Final = 20
"""A call id of so many characters is taken to be unique everywhere."""


def call_scope(event: NewEvent) -> str | None:
    """Return within what the event's call id is unique: the narrowest thing that the event names.

    None: the id is unique everywhere (it is long), or the event names nothing narrower.
    """
    if event.call_id is None or len(event.call_id) >= _LONG_CALL_ID:
        return None
    if event.session_id is not None:
        return "s:" + event.session_id
    if event.request_id is not None:
        return "r:" + event.request_id
    if event.trace_id is not None:
        return "t:" + event.trace_id
    return None if event.agent_id is None else "a:" + event.agent_id
