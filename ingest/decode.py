"""One record's bytes -> one JSON object: orjson where nothing is odd, a strict slow path where something is.

The hot path calls `orjson.loads` itself; everything that fails or looks odd comes here to be repaired, or to be given
a reason that a person can act on.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn, cast

from ingest.formats.protocol import JsonObject

MAX_DEPTH: Final = 64
"""Levels of nesting that a record may have, itself included."""

REPLACEMENT: Final = "\ufffd"
"""Stands where a lone surrogate or a NUL stood: neither can be stored as text everywhere."""

CANONICAL_KEYS: Final = frozenset(
    {
        *("event_id", "timestamp", "event_type", "agent_id", "user_id", "tenant_id", "resource_tenant_id", "host"),
        *("tool", "server", "status", "duration_ms", "call_id", "request_id", "session_id", "trace_id", "span_id"),
        *("parent_id", "model", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"),
        *("cost_microusd", "message", "metadata"),
    },
)
"""Top-level keys that must not be given twice: two readers could see two different events in the same bytes."""

_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1
_INT64_DIGITS: Final = 19
_LONG_INT: Final = re.compile(rb"(?:^|[:,\[\s])-?\d{19}")
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{}]")
_SPACED_COLON: Final = re.compile(rb'"\s+:')
_CANONICAL: Final = re.compile(rb'"(' + "|".join(sorted(CANONICAL_KEYS)).encode() + rb')"\s*:')
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


class Undecodable(ValueError):  # noqa: N818 (it names what the record is, as the quarantine says it)
    """The bytes give no usable object; the text is the reason shown in the quarantine."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """An object, and what had to be mended in it ("NUL", "lone surrogate"); no repairs: empty."""

    record: JsonObject
    repairs: tuple[str, ...] = ()


def decode_strictly(raw: bytes) -> Decoded | None:
    """Return the object that a record's bytes hold, or None where they are blank.

    NUL bytes around the record (left by a crash in a sparse file) are dropped; NULs and lone surrogates in strings are
    replaced; integers beyond 64 bits become text.

    Raises:
        Undecodable: it is not UTF-8, not JSON, cut off, too deep, not an object, or gives a canonical key twice.
    """
    stripped = raw.strip(b" \t\r\n\x00")
    if not stripped:
        return None
    offset = raw.find(stripped)
    try:
        text = stripped.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Undecodable(f"not UTF-8 at byte {offset + error.start} of the record") from error
    check_depth(stripped)
    pairs: list[tuple[str, Any]] = []
    value = _parse(text, offset, pairs)
    if not isinstance(value, dict):
        raise Undecodable(f"not a JSON object but {_kind_of(value)}")
    _refuse_twice(pairs)
    repairs: list[str] = ["NUL"] if b"\x00" in raw else []
    record = cast("JsonObject", value)
    if "\\u" in text:
        record = _mend(record, repairs)
    return Decoded(record, tuple(dict.fromkeys(repairs)))


def check_depth(raw: bytes) -> None:
    """Raise `Undecodable` where brackets nest deeper than `MAX_DEPTH`."""
    if raw.count(b"{") + raw.count(b"[") <= MAX_DEPTH:
        return
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise Undecodable(f"nested deeper than {MAX_DEPTH} levels")


_DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")
"""Maps every digit to `0`, so that one search finds all long runs."""
_LONG_RUN: Final = b"0" * 19


def has_long_integer(raw: bytes) -> bool:
    """Return whether an integer may be beyond 64 bits: the fast parser would round it."""
    return _LONG_RUN in raw.translate(_DIGITS) and _LONG_INT.search(raw) is not None


def may_repeat_a_key(raw: bytes, record: JsonObject) -> bool:
    """Return whether a canonical top-level key may stand twice in `raw`, which gave `record`.

    The fast parser keeps the last of two equal keys, so fewer keys come out than went in. Where the bytes hold exactly
    as many `":` as the object has keys, there is no room for another one; text that happens to contain `":` only makes
    the slower look necessary.
    """
    if b"\\u" not in raw:
        if _SPACED_COLON.search(raw) is None and raw.count(b'":') == _count_keys(record):
            return False
        names = _CANONICAL.findall(raw)
        return len(names) != len(set(names))
    return True


def _count_keys(value: Any) -> int:
    total = 0
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            members = cast("JsonObject", item)
            total += len(members)
            waiting.extend(members.values())
        elif isinstance(item, list):
            waiting.extend(cast("list[Any]", item))
    return total


def _parse(text: str, offset: int, top_pairs: list[tuple[str, Any]]) -> Any:
    """Parse; `top_pairs` ends up holding the members of the outermost object as they were given."""

    def members(pairs: list[tuple[str, Any]]) -> JsonObject:
        top_pairs[:] = pairs
        return dict(pairs)

    decoder = json.JSONDecoder(
        object_pairs_hook=members,
        parse_constant=_refuse_constant,
        parse_int=_integer,
        parse_float=_finite,
    )
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        if _is_cut_off(text, error):
            raise Undecodable("cut off: the record ends in the middle of a value") from error
        at = offset + len(text[: error.pos].encode("utf-8", "surrogatepass"))
        raise Undecodable(f"not JSON at byte {at} of the record: {error.msg}") from error
    except RecursionError as error:
        raise Undecodable(f"nested deeper than {MAX_DEPTH} levels") from error


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    unterminated = error.msg.startswith(("Unterminated string", "Invalid \\", "Invalid control character"))
    return error.pos >= len(text) or (unterminated and text.rfind('"') <= error.pos)


def _refuse_constant(name: str) -> NoReturn:
    raise Undecodable(f"{name} is not JSON: numbers must be finite")


def _integer(digits: str) -> int | str:
    if len(digits) < _INT64_DIGITS:
        return int(digits)
    if len(digits) > _INT64_DIGITS + 1:
        return digits
    number = int(digits)
    return number if _INT64_MIN <= number <= _INT64_MAX else digits


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise Undecodable(f"the number {digits[:20]} is too large: numbers must be finite")
    return number


def _refuse_twice(pairs: list[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen and key in CANONICAL_KEYS:
            raise Undecodable(f'the key "{key}" is given twice: which one is meant cannot be known')
        seen.add(key)


def _mend(record: JsonObject, repairs: list[str]) -> JsonObject:
    """Return the record with every string storable; what was replaced is added to `repairs`."""

    def replace(found: re.Match[str]) -> str:
        repairs.append("NUL" if found[0] == "\x00" else "lone surrogate")
        return REPLACEMENT

    return cast("JsonObject", _map_strings(record, lambda text: _UNSTORABLE.sub(replace, text)))


def _map_strings(value: Any, change: Callable[[str], str]) -> Any:
    """Recursion is bounded: depth was checked before."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        members = cast("JsonObject", value)
        return {change(key): _map_strings(item, change) for key, item in members.items()}
    if isinstance(value, list):
        return [_map_strings(item, change) for item in cast("list[Any]", value)]
    return value


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {list: "an array", str: "a string", int: "a number", float: "a number"}
    return names.get(cast("type[Any]", type(value)), "another value")
