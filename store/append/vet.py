"""Finds the records that the driver refuses, so that one of them does not cost the batch."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import msgspec

from store.append.rows import json_text
from store.batch import Rejected, SourceBatch
from store.events import NewEvent
from store.tokens import indexed_text


def without_refused(batch: SourceBatch) -> SourceBatch:
    """Return the batch with every event that cannot be stored moved to `rejected`."""
    scratch = sqlite3.connect(":memory:")
    kept: list[NewEvent] = []
    refused: list[Rejected] = []
    try:
        for event in batch.events:
            why = _refusal(scratch, event)
            if why is None:
                kept.append(event)
            else:
                shown = repr(event.stated()).encode("utf-8", "backslashreplace")
                reason = f"a value cannot be stored: {why}"
                refused.append(Rejected(reason, shown, len(shown), event.offset, None))
    finally:
        scratch.close()
    return replace(batch, events=kept, rejected=[*batch.rejected, *refused])


def _refusal(scratch: sqlite3.Connection, event: NewEvent) -> str | None:
    """Return why the driver does not take one of the event's values, None where it takes all."""
    try:
        values = [value for value in msgspec.structs.astuple(event) if not isinstance(value, dict)]
        texts = [indexed_text(event), json_text(event.metadata) if event.metadata is not None else None]
        for value in (*values, *texts):
            scratch.execute("SELECT ?", (value,))
    except (sqlite3.Error, OverflowError, UnicodeError, TypeError) as error:
        return str(error)
    return None
