"""Records that are JSON, or nearly so, and hold what nobody expects."""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final

from ingest.decode import CANONICAL_KEYS

_KEYS: Final = sorted(CANONICAL_KEYS)
_NUMBERS: Final = (
    *"0 -0 1.5 -1 1e3 1e308 1e309 -1e999 1E+400 0.1e-500 NaN Infinity -Infinity 01 +1 .5 1. 0x10 1_000".split(),
    *(str(2**63 - 1), str(2**63), str(-(2**63)), str(-(2**63) - 1), str(2**64), "9" * 30, "9" * 5_000, "1" + "0" * 19),
    *("9" * 400 + ".5", "1e" + "9" * 30, "4102444800000000000", "253402300800", "-62135596801"),
)
_TEXTS: Final = (
    '""', '" "', '"a.b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"a\\u0000b"', '"\\u001b]52;c;eA==\\u0007"',
    '"\\u202e"', '"\u2028"', '"x\\ny"', '"=1+1"', '"[/]"', '"[@click=app.quit]x[/]"', '"0000-00-00T00:00:00Z"',
    '"9999-12-31T23:59:60Z"', '"2026-02-30T00:00:00+99:99"', '"1e400"', '"' + "é" * 70_000 + '"', '"\\/\\b"', '"\\x"',
    '"password=hunter2"', '"AKIAIOSFODNN7EXAMPLE"', '"Bearer ' + "a" * 5_000 + '"', '"mcp__a__b__c"', '"\U0001f600"',
)  # fmt: skip
_OTHERS: Final = (
    "null",
    "true",
    "[]",
    "{}",
    "[[]]",
    '[{"event_type":"a.b"}]',
    '{"":null}',
    '{"a":{"a":{}}}',
    "",
    "undefined",
)


def value(chance: Random) -> str:
    """Return the text of some value, JSON or not."""
    kind = chance.randrange(4)
    if kind == 0:
        return chance.choice(_NUMBERS)
    if kind == 1:
        return chance.choice(_TEXTS)
    if kind == 2:
        depth = chance.choice((1, 10, 61, 62, 63, 64, 300, 3_000))
        opening, closing = chance.choice((("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")))
        return opening * depth + chance.choice(("1", "null", '""')) + closing * depth
    return chance.choice(_OTHERS)


def _key(chance: Random) -> str:
    odd = ("", "a", "type", "events", "logs", "\\u0065vent_type", "\\ud800", "event_type ", "k" * 3_000, "password")
    return chance.choice(_KEYS) if chance.random() < 0.7 else chance.choice(odd)


def _set(chance: Random, record: dict[str, Any]) -> str:
    members = {json.dumps(key): json.dumps(item) for key, item in record.items()}
    for _ in range(chance.choice((1, 1, 3))):
        members[f'"{_key(chance)}"'] = value(chance)
    return "{" + ",".join(f"{key}:{item}" for key, item in members.items()) + "}"


def _give_twice(chance: Random, record: dict[str, Any]) -> str:
    """Give a key again: at the top or deeper, spaced or escaped, with an equal or another value."""
    text = json.dumps(record)
    key = chance.choice(list(record)) if chance.random() < 0.7 else _key(chance)
    written = chance.choice(
        (f'"{key}":', f'"{key}" :', f'"{key}"\t:', f'"\\u{ord(key[0]):04x}{key[1:]}":' if key else '"":')
    )
    again = written + chance.choice((value(chance), '"other"', json.dumps(record.get(key))))
    return chance.choice((
        text[:-1] + "," + again + "}",
        "{" + again + "," + text[1:],
        text[:-1] + f',"metadata":{{{again},{again}}}' + "}",
    ))  # fmt: skip


def _drop(chance: Random, record: dict[str, Any]) -> str:
    left = dict(record)
    left.pop(chance.choice(list(left)))
    return json.dumps(left)


def _many_keys(chance: Random, record: dict[str, Any]) -> str:
    return json.dumps(record | {"metadata": {f"k{n}": n for n in range(chance.choice((100, 3_000)))}})


def _no_object(chance: Random, record: dict[str, Any]) -> str:
    return chance.choice((value(chance), json.dumps([record]), json.dumps(json.dumps(record)), f"{record}"))


def _same_id(chance: Random, record: dict[str, Any]) -> str:
    """Take an id that other files' records take too, with other content."""
    return json.dumps(record | {"event_id": f"id-{chance.randrange(3)}", "call_id": f"call-{chance.randrange(3)}"})


def _spaced(chance: Random, record: dict[str, Any]) -> str:
    return json.dumps(record, indent=chance.choice((None, 1)), separators=chance.choice(((",", ":"), (" , ", " : "))))


_WAYS: Final = (_set, _set, _set, _give_twice, _give_twice, _drop, _many_keys, _no_object, _same_id, _spaced)


def break_record(chance: Random, record: dict[str, Any]) -> bytes:
    """Return the record's bytes with one thing wrong or odd; equal generators break equally."""
    return chance.choice(_WAYS)(chance, record).encode("utf-8", "surrogatepass")
