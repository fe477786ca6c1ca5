"""Transcripts of an agent with something wrong in them, and what must come of each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from random import Random
from typing import Any, Final, cast

import orjson

from tests.conftest import ROOT
from tests.fuzz.bytes_broken import break_bytes
from tests.fuzz.records_broken import value
from tests.fuzz.specimen import Due, Specimen, at

_TRANSCRIPT: Final = ROOT / "tests" / "fixtures" / "claude_code" / "session.jsonl"
_IDS: Final = re.compile(rb"toolu_|msg_|req_|u-(?=[0-9o])|5b0c7a52-")
"""How ids begin in it: of calls, messages, requests, records and sessions."""

_CLAIMED: Final = re.compile(rb'"(?:uuid|id|tool_use_id)" ?: ?"([^"]*)"')
"""What a line says that it is, or belongs to."""

_MARK: Final = "@an odd value@"


def transcript(file: str) -> list[bytes]:
    """Return a whole session's lines, with ids that no other file has."""
    own = blake2b(file.encode(), digest_size=6).hexdigest().encode()  # no bit that tips makes it another file's
    text = _IDS.sub(lambda found: found[0] + own + b"-", _TRANSCRIPT.read_bytes())
    return [orjson.dumps(orjson.loads(line)) for line in text.splitlines()]


def broken_transcript(file: str) -> Specimen:
    """Return a transcript with something wrong; equal names give equal ones."""
    chance = Random(file)
    lines = transcript(file)
    originals = list(lines)
    for _ in range(chance.choice((0, 1, 1, 3))):
        at = chance.randrange(len(lines))
        record: dict[str, Any] = orjson.loads(originals[at])
        lines[at] = _with_one_odd_value(chance, record).encode("utf-8", "surrogatepass")
    if chance.random() < 0.3:
        chance.shuffle(lines)
    data = b"\n".join(lines) + b"\n"
    data = break_bytes(chance, data) if chance.random() < 0.6 else data
    records = [orjson.loads(line) for line in originals]
    named = [record.get("uuid", "") if record["type"] != "progress" else "" for record in records]
    return Specimen(file, data, dict(zip(originals, named, strict=True)))


def due_of_transcript(file: Specimen) -> Due:
    """Say what a transcript must give: an event at each unharmed message that nothing before it can be taken for."""
    whole: Counter[str] = Counter()
    offset = 0
    lines = file.data.split(b"\n")
    taken = {name for line in lines if line not in file.originals for name in _CLAIMED.findall(line)}
    for line in lines:
        uuid = file.originals.get(line, "").encode()
        if uuid and taken.isdisjoint(_CLAIMED.findall(line)):
            whole[at(offset)] += 1
        taken.add(uuid)
        offset += len(line) + 1
    return Due(whole, least=0)


def _with_one_odd_value(chance: Random, record: dict[str, Any]) -> str:
    """Put an odd value somewhere into the record, at the top or deep within."""
    path = chance.choice([*_paths(record)])
    holder: Any = record
    for key in path[:-1]:
        holder = holder[key]
    if type(path[-1]) is str and chance.random() < 0.1:
        del holder[path[-1]]
        return json.dumps(record)
    holder[path[-1]] = _MARK
    return json.dumps(record).replace(json.dumps(_MARK), value(chance))


def _paths(within: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value in it: keys of objects and indexes of arrays."""
    members: list[tuple[str | int, Any]] = []
    if isinstance(within, dict):
        members = list(cast("dict[str, Any]", within).items())
    elif isinstance(within, list):
        members = list(enumerate(cast("list[Any]", within)))
    for key, item in members:
        yield (key,)
        yield from ((key, *rest) for rest in _paths(item))
