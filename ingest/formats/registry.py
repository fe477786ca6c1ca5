"""Which formats are known, in the order in which they are asked."""

from __future__ import annotations

from typing import Final

from ingest.formats.claude_code.reader import ClaudeCodeReader
from ingest.formats.native import NativeReader
from ingest.formats.protocol import JsonObject, Reader

_NATIVE: Final = NativeReader()

READERS: Final[tuple[Reader, ...]] = (_NATIVE, ClaudeCodeReader())
"""All readers. The first that recognises a record reads it."""


def recognise(record: JsonObject) -> Reader | None:
    """Return the reader for a record, judged by its content alone; None where no format is known to look so."""
    if "event_type" in record:
        return _NATIVE
    return next((reader for reader in READERS if reader.recognises(record)), None)
