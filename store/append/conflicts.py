"""Two different events under one producer's id: the first stays, and that is written down as an event."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b

from store.events import NewEvent
from store.ids import DIGEST_SIZE


def conflict_event(
    connection: sqlite3.Connection, event: NewEvent, holder: int | NewEvent, now_us: int
) -> NewEvent | None:
    """Return the `system.id_conflict` event where the holder of the id has other content, None where it is a copy.

    `holder` is a stored event's row id or an event of the same batch. The conflict's own identity is made of the id
    and the refused content, so that reading again records it once.
    """
    if isinstance(holder, NewEvent):
        kept_digest, kept_seq = holder.digest, None
    else:
        row = connection.execute("SELECT digest, seq FROM event WHERE id = ?", (holder,)).fetchone()
        if row is None:
            return None
        kept_digest, kept_seq = row
    if kept_digest == event.digest:
        return None
    conflict = NewEvent()
    conflict.event_type = "system.id_conflict"
    conflict.ts_us = now_us
    conflict.occurrence = 0
    conflict.offset = event.offset
    conflict.tenant_id = event.tenant_id
    conflict.agent_id = event.agent_id
    refused = (event.event_id or "").encode("utf-8", "backslashreplace") + event.digest
    conflict.digest = blake2b(b"conflict" + refused, digest_size=DIGEST_SIZE).digest()
    conflict.message = f"the id {event.event_id} came again with different content; the first event was kept"
    conflict.metadata = {
        "event_id": event.event_id,
        "kept_seq": kept_seq,
        "refused_type": event.event_type,
        "refused_message": event.message,
    }
    return conflict
