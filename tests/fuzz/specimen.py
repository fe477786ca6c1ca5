"""One broken file and what must come of it: worked out from its bytes alone, by other means than ingest uses."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import orjson

from ingest.containers.lines import LINE_LIMIT
from tests.fuzz.bytes_broken import BOM, break_bytes, long_line
from tests.fuzz.records_broken import break_record

_SPACE: Final = b" \t\r\n"
_BLANK: Final = _SPACE + b"\x00"
_TWICE: Final = "a key is given twice"
_WRAPPERS: Final = ("events", "logs")


@dataclass(frozen=True, slots=True)
class Specimen:
    """A file's name and bytes, and its records as they were before anything was broken: bytes to message."""

    name: str
    data: bytes
    originals: dict[bytes, str]


@dataclass(frozen=True, slots=True)
class Due:
    """What a file must give: `whole` counts messages or places of unharmed records, the others bound the outcomes."""

    whole: Counter[str]
    least: int
    most: int | None = None

    @classmethod
    def something(cls, data: bytes) -> Due:
        """Ask for an event or a reason where there are any bytes but blank ones."""
        return cls(Counter(), least=int(bool(data.removeprefix(BOM).strip(_BLANK))))


def at(offset: int) -> str:
    """Name a byte offset, where an event is told by its place instead of its message."""
    return f"at byte {offset}"


def native_record(chance: Random, file: str, index: int) -> dict[str, Any]:
    """Return an ordinary record whose message occurs nowhere else, so that no two files begin alike."""
    record: dict[str, Any] = {
        "timestamp": f"2026-01-27T10:{chance.randrange(60):02}:00Z",
        "event_type": chance.choice(("agent.message", "mcp.tool_call", "auth.failed", "file.read")),
        "message": f"{file}:{index}",
        "agent_id": chance.choice(("a", "büro", "c d")),
    }
    extra = {"metadata": {"text": "x" * chance.choice((0, 5, 300)), "list": [1, {"b": None}]}, "duration_ms": 1.5}
    return record | {key: item for key, item in extra.items() if chance.random() < 0.5}


def broken_lines(chance: Random, file: str) -> tuple[bytes, dict[bytes, str]]:
    """Return a file of one record a line with something wrong, and its records."""
    records = [native_record(chance, file, index) for index in range(chance.choice((1, 2, 5, 9)))]
    lines = [orjson.dumps(record) for record in records]
    originals = {line: record["message"] for line, record in zip(lines, records, strict=True)}
    if chance.random() < 0.5:
        at = chance.randrange(len(lines))
        lines[at] = break_record(chance, records[at])
    if chance.random() < 0.01:
        lines.insert(chance.randrange(len(lines) + 1), long_line(chance, LINE_LIMIT))
    data = b"\n".join(lines) + chance.choice((b"\n", b"\n", b""))
    return break_bytes(chance, data) if chance.random() < 0.7 else data, originals


def broken_document(chance: Random, file: str, shape: str) -> tuple[bytes, dict[bytes, str]]:
    """Return a document (`object`, `array` or `wrapper`) with something wrong, and its records."""
    records = [native_record(chance, file, index) for index in range(chance.choice((1, 2, 5)))]
    parts = [orjson.dumps(record) for record in records]
    originals = {part: record["message"] for part, record in zip(parts, records, strict=True)}
    if chance.random() < 0.5:
        at = chance.randrange(len(parts))
        parts[at] = break_record(chance, records[at])
    comma, end = chance.choice(((b",", b""), (b",\n  ", b"\n")))
    array = b"[" + end + comma.join(parts) + end + b"]"
    key = chance.choice(_WRAPPERS)
    data = {"object": parts[0], "array": array, "wrapper": b'{"%s": %s, "n": 1}' % (key.encode(), array)}[shape]
    return break_bytes(chance, data) if chance.random() < 0.7 else data, originals


def due_of_lines(file: Specimen) -> Due:
    """Say what a line file must give: something for each line, and the event of each line that is unharmed."""
    *lines, last = file.data.removeprefix(BOM).split(b"\n")
    kept = [line.strip(_BLANK) for line in lines]
    taken = [*kept, last.strip(_SPACE)]  # NULs at the end may be room for what is still to be written
    whole = Counter(file.originals[line] for line in taken if line in file.originals)
    least = sum(map(bool, kept))
    long_blanks = sum(len(line) > LINE_LIMIT and not line.strip(_BLANK) for line in lines)
    return Due(whole, least, least + long_blanks + bool(last.strip(_BLANK)))


def due_of_document(file: Specimen) -> Due:
    """Say what a document must give: something, and the event of each unharmed record where all of it is JSON."""
    try:
        text = file.data.removeprefix(BOM).strip(_BLANK).decode()
        document: Any = json.loads(text, object_pairs_hook=_members)
    except (ValueError, RecursionError):
        return Due.something(file.data)
    messages = {json.dumps(orjson.loads(raw), sort_keys=True): text for raw, text in file.originals.items()}
    records = _records(document)
    whole = Counter(messages[text] for record in records if (text := json.dumps(record, sort_keys=True)) in messages)
    return Due(whole, len(records), len(records))


def due_of_stream(file: Specimen) -> Due:
    """Say what standard input must give: what begins with `[` is a document, all else lines where it is none.

    An object over several lines may also be taken for lines, where one of them is a record.
    """
    document = due_of_document(file)
    if document.most is not None or file.data.removeprefix(BOM).strip(_BLANK).startswith(b"["):
        return Due(document.whole, document.least)
    return Due(due_of_lines(file).whole, document.least)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object that equals no ordinary one where a key stands in it twice."""
    members = dict(pairs)
    return members if len(members) == len(pairs) else members | {_TWICE: True}


def _records(document: Any) -> list[Any]:
    """Return the records of a parsed document: the elements of an array or a wrapper, else itself."""
    if isinstance(document, list):
        return document  # pyright: ignore[reportUnknownVariableType]
    if isinstance(document, dict) and "event_type" not in document:
        for key in _WRAPPERS:
            if isinstance(document.get(key), list):  # pyright: ignore[reportUnknownMemberType]
                return document[key]  # pyright: ignore[reportUnknownVariableType]
    return [document]
