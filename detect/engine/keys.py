"""Group keys: whose incident it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from detect.matching.checks import text_of
from detect.matching.matcher import names_of
from detect.rules.fields import NAME_FIELDS, TEXT_FIELDS, getter

if TYPE_CHECKING:
    from store.observed import ObservedEvent

GroupKey: TypeAlias = tuple[str | None, ...]
MANY: GroupKey = ("\x00many",)
"""The key of what is one incident for all the keys beyond the limit."""


def key_reader(fields: tuple[str, ...]) -> Callable[[ObservedEvent], GroupKey]:
    """Return what reads the group key of an event; a value that is absent is None."""
    if fields and all(field in (*NAME_FIELDS, *TEXT_FIELDS) for field in fields):
        read: Callable[[ObservedEvent], Any] = names_of(fields)
        if len(fields) > 1:
            return read
        return lambda event: (read(event),)
    readers = [getter(field) for field in fields]
    return lambda event: tuple(value_text(read(event)) for read in readers)


def value_text(value: Any) -> str | None:
    """Return any JSON value as a text that can be written; None stays None."""
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    text = text_of(value)
    if text is not None:
        return text
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # a number of more than 64 bits, or half a character
        return json.dumps(value, sort_keys=True, separators=(",", ":"))


def key_text(key: GroupKey) -> str:
    """Return a key as one text, for keeping."""
    return orjson.dumps(key).decode()


def key_of_text(text: str) -> GroupKey:
    """Return the key of a text."""
    return tuple(orjson.loads(text))
