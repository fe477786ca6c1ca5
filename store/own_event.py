"""Events of the program itself: what somebody did to the store is an event in it."""

from __future__ import annotations

import os
import pwd
import socket
from hashlib import blake2b
from typing import Any, Final

from store.events import NewEvent
from store.ids import DIGEST_SIZE

OWN_FORMAT: Final = "auditail"
"""Format of events that nobody's file holds: the program's own."""
NO_SOURCE: Final = 0
"""Number that no source has: for events that come from no file."""


def own_event(kind: str, at_us: int, message: str, facts: dict[str, Any], identity: bytes) -> NewEvent:
    """Return the event that records what the user of this process does now (UTC microseconds).

    The same `identity` of the same source again is the same event, and is not stored a second time.
    """
    event = NewEvent()
    event.event_type = kind
    event.ts_us = at_us
    event.user_id = login_name()
    event.host = socket.gethostname()
    event.status = "success"
    event.occurrence = 0
    event.digest = blake2b(identity, digest_size=DIGEST_SIZE).digest()
    event.message = message
    event.metadata = facts
    return event


def login_name() -> str:
    """Return the login name of the user that this process runs as, or else the number."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
