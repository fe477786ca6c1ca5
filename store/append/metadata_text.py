"""Metadata as the text that the store keeps."""

from __future__ import annotations

import json
from typing import Any

import orjson

from store.events import NewEvent


def json_text(value: dict[str, Any]) -> str:
    """Return metadata as JSON text; what the fast writer refuses (integers beyond 64 bits) the slow one takes."""
    try:
        return orjson.dumps(value).decode()
    except (orjson.JSONEncodeError, TypeError):
        return json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=str)


def metadata_text_of(event: NewEvent) -> str | None:
    """Return an event's metadata as JSON text, as the producer wrote it where that is known; None: there is none."""
    text = event.metadata_text
    return json_text(event.metadata) if text is None and event.metadata is not None else text
