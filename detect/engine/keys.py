"""Group keys: whose incident it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson

from detect.engine.limits import MOST_OF_VALUE
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
    if len(readers) == 1:
        only = readers[0]
        return lambda event: (value_text(only(event)),)
    if len(readers) == 2:  # noqa: PLR2004, with one more this way is no longer quicker
        first, second = readers
        return lambda event: (value_text(first(event)), value_text(second(event)))
    return lambda event: tuple(value_text(read(event)) for read in readers)


def value_text(value: Any) -> str | None:
    """Return any JSON value as a text that can be written; None stays None.

    A long one is cut, with a hash of the whole at its end: what is remembered must stay small.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    elif (text := text_of(value)) is None:
        try:
            text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
        except TypeError:  # a number of more than 64 bits, or half a character
            text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text if len(text) <= MOST_OF_VALUE else _cut(text)


def _cut(text: str) -> str:
    whole = blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{text[: MOST_OF_VALUE - 20]}… {whole}"


def key_text(key: GroupKey) -> str:
    """Return a key as one text, which names incidents."""
    return orjson.dumps(key).decode()
