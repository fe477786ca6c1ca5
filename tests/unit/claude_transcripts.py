"""Read a transcript as ingest does, line after line, without a store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from ingest.formats.claude_code.reader import ClaudeCodeReader
from ingest.formats.protocol import FileContext, NotAnEvent
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.events import NewEvent

FIXTURES: Final = ROOT / "tests" / "fixtures" / "claude_code"
READER: Final = ClaudeCodeReader()


def objects_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines that are JSON objects."""
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            value: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield cast("dict[str, Any]", value)


def read_objects(records: Iterable[dict[str, Any]], path: str = "session.jsonl") -> list[NewEvent]:
    """Return the events of records of one file, leaving out those that are no events.

    The reader's state goes through JSON after every record, as it does when ingest is started again.
    """
    context = FileContext(path, 0, owner="mika")
    events: list[NewEvent] = []
    for record in records:
        try:
            events += READER.read(record, context)
        except NotAnEvent:
            continue
        finally:
            context.state = json.loads(json.dumps(context.state))
    return events


def read_file(path: Path) -> list[NewEvent]:
    """Return the events of a file."""
    return read_objects(objects_of(path), str(path))


def by_id(events: Iterable[NewEvent]) -> dict[str, NewEvent]:
    """Return the events that have an id of their own, the first of each."""
    found: dict[str, NewEvent] = {}
    for event in events:
        if event.event_id is not None:
            found.setdefault(event.event_id, event)
    return found


def metadata_of(event: NewEvent) -> dict[str, Any]:
    """Return an event's metadata without what every event of a transcript carries."""
    shared = {"cwd", "gitBranch", "version", "userType"}
    return {key: value for key, value in (event.metadata or {}).items() if key not in shared}
