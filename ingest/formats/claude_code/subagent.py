"""Who started a sub-agent: the file itself tells in old versions, a small file beside it in new ones."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.wording import text_of
from ingest.formats.protocol import JsonObject

_TRANSCRIPT: Final = re.compile(r"(agent-[A-Za-z0-9_-]+)\.jsonl(?:\..*)?")
_LARGEST: Final = 65_536


@dataclass(frozen=True, slots=True)
class Start:
    """What is known of a sub-agent's start; None: nothing."""

    call_id: str | None = None
    agent_type: str | None = None
    description: str | None = None


def is_sidecar(record: JsonObject) -> bool:
    """Return whether a record is such a small file, `agent-<id>.meta.json`; it is for looking up only."""
    return "type" not in record and type(record.get("agentType")) is str


def start_of(line: Line, prompt: str) -> Start | None:
    """Return how the sub-agent of a line was started; None where the line is not a sub-agent's first."""
    if line.parent_uuid is not None or not (line.record.get("isSidechain") is True or "agentId" in line.record):
        return None
    call_id = line.memory.starter(prompt)
    return Start(call_id) if call_id else _beside(line.context.path)


def _beside(path: str) -> Start:
    """Read what stands beside a sub-agent's transcript. Anything unusual about it counts as nothing known."""
    match = _TRANSCRIPT.fullmatch(Path(path).name)
    if match is None:
        return Start()
    try:
        raw = _read_small(Path(path).with_name(f"{match[1]}.meta.json"))
        stated: Any = json.loads(raw)
    except (OSError, ValueError, RecursionError):
        return Start()
    if type(stated) is not dict:
        return Start()
    sidecar = cast("JsonObject", stated)
    return Start(
        call_id=text_of(sidecar, "toolUseId"),
        agent_type=text_of(sidecar, "agentType"),
        description=text_of(sidecar, "description"),
    )


def _read_small(path: Path) -> bytes:
    """Return the bytes of a regular file of moderate size; it never waits and follows no link.

    Raises:
        OSError: there is no such file, or it is something else.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise OSError("too large")
    return raw
