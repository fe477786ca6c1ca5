"""Leave base64 data out of what is kept: a picture is remembered by size, hash and kind."""

from __future__ import annotations

import binascii
from hashlib import sha256
from typing import Any, Final, cast

_SHORTEST: Final = 64
"""A `base64` or `data` text shorter than this is kept as it is, unless its object calls itself base64."""


def without_binary(value: Any) -> Any:
    """Return a JSON value in which encoded files have given way to `<key>_bytes` and `<key>_sha256`.

    An encoded file is the text under `data` in an object whose `type` is `base64`, or under `base64` in any object;
    the object's other keys, `media_type` among them, stay. The hash is that of the decoded bytes, so it can be compared
    with a file's; of text that is no base64 it is that of the text. The value given is not changed.
    """
    if type(value) is dict:
        return _object(cast("dict[str, Any]", value))
    if type(value) is list:
        return [without_binary(item) for item in cast("list[Any]", value)]
    return value


def _object(value: dict[str, Any]) -> dict[str, Any]:
    encoded = "data" if value.get("type") == "base64" else "base64"
    kept: dict[str, Any] = {}
    for key, item in value.items():
        if key == encoded and type(item) is str and (key == "data" or len(item) >= _SHORTEST):
            content = _decoded(item)
            kept[f"{key}_bytes"] = len(content)
            kept[f"{key}_sha256"] = sha256(content).hexdigest()
        else:
            kept[key] = without_binary(item)
    return kept


def _decoded(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogatepass")
    try:
        return binascii.a2b_base64(raw, strict_mode=True)
    except binascii.Error:
        return raw
