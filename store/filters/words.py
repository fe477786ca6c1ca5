"""Whether a row has words in its full text, worked out from the row itself just as the inverted index was fed."""

from __future__ import annotations

import json

from store.events import STATUS_NAMES
from store.tokens import full_text, words


def words_match(
    asked: str, message: str | None, tool: str | None, status: int, payload: str | None, *, prefix: bool
) -> bool:
    """Return whether the words of `asked` (as they are cut, joined by blanks) stand in a row's texts in this order.

    `status` is its code, `payload` its metadata as JSON text; with `prefix` the last word need only begin so.
    """
    named = STATUS_NAMES[status]
    if _surely_lacks(asked, " ".join(text for text in (message, tool, named, payload) if text)):
        return False
    metadata = None if payload is None else json.loads(payload)
    text = f" {' '.join(words(full_text(message, tool, named, metadata)))} "
    return (f" {asked}" if prefix else f" {asked} ") in text


def _surely_lacks(asked: str, raw: str) -> bool:
    """Return whether a plain text, which nothing escaped or folded can add to, lacks the first word of `asked`."""
    return raw.isascii() and "\\" not in raw and asked.partition(" ")[0] not in raw.lower()
