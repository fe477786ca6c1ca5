"""Real transcripts: nothing breaks, every call is found, and tokens agree with a count made another way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.claude_transcripts import by_id, objects_of, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from store.events import NewEvent

KINDS = {
    "input_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "cache_read_tokens": "cache_read_input_tokens",
    "cache_write_tokens": "cache_creation_input_tokens",
}
Tokens = dict[tuple[str, str], int]
"""(session, kind of token) -> how many."""


@pytest.fixture(scope="module")
def files(corpora: Path) -> list[Path]:
    """Return the transcripts."""
    found = sorted((corpora / "claude-code").glob("*.jsonl"))
    assert found
    return found


@pytest.fixture(scope="module")
def events(files: list[Path]) -> list[NewEvent]:
    """Return the events of all transcripts."""
    return [event for path in files for event in read_file(path)]


def lines_with_usage(files: list[Path]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (session, message id, usage) of every line that states one, read without the reader."""
    return [
        (record["sessionId"], record["message"]["id"], record["message"]["usage"])
        for path in files
        for record in objects_of(path)
        if record.get("type") == "assistant"
        and record["message"].get("usage")
        and record["message"].get("model") != "<synthetic>"
    ]


def largest_per_message(files: list[Path]) -> Tokens:
    """Return the independent count: for every message the largest number of each kind that any line states."""
    largest: dict[tuple[str, str, str], int] = defaultdict(int)
    for session, message_id, usage in lines_with_usage(files):
        for kind, key in KINDS.items():
            at = (session, message_id, kind)
            largest[at] = max(largest[at], usage.get(key) or 0)
    totals: Tokens = defaultdict(int)
    for (session, _, kind), number in largest.items():
        totals[session, kind] += number
    return dict(totals)


def as_the_store_keeps(events: list[NewEvent]) -> Tokens:
    """Return the tokens per session after keeping, for each usage key, only what is more than before."""
    recorded: dict[tuple[str, str], int] = defaultdict(int)
    totals: Tokens = defaultdict(int)
    for event in events:
        if event.usage_key is None:
            continue
        assert event.session_id is not None
        for kind in KINDS:
            more = max(0, (getattr(event, kind) or 0) - recorded[event.usage_key, kind])
            recorded[event.usage_key, kind] += more
            totals[event.session_id, kind] += more
    return dict(totals)


def test_every_call_is_found_once_and_paired_with_its_result(events: list[NewEvent]) -> None:
    known = by_id(events).values()
    calls = {event.call_id for event in known if event.event_type == "mcp.tool_call"}
    results = {event.call_id for event in known if event.event_type == "mcp.tool_result"}
    assert (len(calls), len(calls & results)) == (559, 555)
    assert None not in calls


def test_every_result_knows_its_tool(events: list[NewEvent]) -> None:
    assert [event.event_id for event in events if event.event_type == "mcp.tool_result" and not event.tool] == []


def test_tokens_of_every_session_agree_with_an_independent_count(files: list[Path], events: list[NewEvent]) -> None:
    assert as_the_store_keeps(events) == largest_per_message(files)


def test_the_order_of_files_does_not_change_the_tokens(files: list[Path]) -> None:
    backwards = [event for path in reversed(files) for event in read_file(path)]
    assert as_the_store_keeps(backwards) == largest_per_message(files)


def test_adding_up_lines_would_be_wrong(files: list[Path]) -> None:
    added = sum(usage.get("output_tokens") or 0 for _, _, usage in lines_with_usage(files))
    right = sum(number for (_, kind), number in largest_per_message(files).items() if kind == "output_tokens")
    assert added > 1.1 * right


def test_ids_name_one_event_each(events: list[NewEvent]) -> None:
    seen: dict[str, NewEvent] = {}
    for event in events:
        if event.event_id is None or event.usage_key is not None:
            continue
        first = seen.setdefault(event.event_id, event)
        assert first is event, event.event_id


def test_every_conversation_has_its_session_user_and_agent(events: list[NewEvent]) -> None:
    spoken = [event for event in events if event.event_type.startswith(("agent.", "mcp.", "api."))]
    assert all(event.session_id and event.user_id == "mika" and event.agent_id for event in spoken)
    assert {event.agent_id for event in spoken} > {"claude-code"}
