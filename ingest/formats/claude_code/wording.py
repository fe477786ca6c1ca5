"""Short readable lines about long content, and access to JSON whose shape nobody promised."""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

_LINE_LENGTH: Final = 400
_LOOKED_AT: Final = 4_000
"""Only the beginning of a text can get into a line; the rest is not even looked at."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def text_of(record: dict[str, Any], key: str) -> str | None:
    """Return the text under a key; None where there is none, it is empty, or something else stands there."""
    value = record.get(key)
    return value if type(value) is str and value else None


def object_of(record: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the object under a key; an empty one where there is none."""
    value = record.get(key)
    return cast("dict[str, Any]", value) if type(value) is dict else {}


def name_of(value: Any) -> str:
    """Return a record's own kind as the last part of an event type; `unknown` where it would make a bad name."""
    return value if type(value) is str and _NAME.fullmatch(value) else "unknown"


def one_line(text: str | None) -> str | None:
    """Return a text's beginning on one line, at most 400 characters; None where it has nothing to show."""
    if not text:
        return None
    line = " ".join(text[:_LOOKED_AT].split())
    if not line:
        return None
    return line if len(line) <= _LINE_LENGTH else line[: _LINE_LENGTH - 1] + "…"


def compact(value: Any) -> str:
    """Return a JSON value on one line, at most 400 characters."""
    return one_line(json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=str)) or ""


def plain_text(content: Any) -> str:
    """Return the text of a content that is a text or a list of blocks; pictures and other blocks count as nothing."""
    if type(content) is str:
        return content
    if type(content) is not list:
        return ""
    blocks = cast("list[Any]", content)
    texts = [text_of(cast("dict[str, Any]", block), "text") for block in blocks if type(block) is dict]
    return "\n".join(text for text in texts if text)
