"""Which formats are known, in the order in which they are asked."""

from __future__ import annotations

from typing import Final

from ingest.formats.claude_code.reader import ClaudeCodeReader
from ingest.formats.native import NativeReader
from ingest.formats.protocol import Reader

READERS: Final[tuple[Reader, ...]] = (NativeReader(), ClaudeCodeReader())
"""All readers. The first that recognises a record reads it."""
