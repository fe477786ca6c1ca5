"""Transcripts that are not as they should be: nothing breaks, and what can be kept is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import IngestSettings
from ingest.formats.claude_code.binary import without_binary
from ingest.formats.claude_code.denials import decider_of
from ingest.formats.claude_code.memory import Memory
from ingest.formats.claude_code.wording import one_line
from ingest.formats.protocol import FileContext, NotAnEvent
from ingest.formats.registry import READERS
from ingest.service import ingest_once
from store.filters.model import Filter
from store.reader import StoreReader
from tests.unit.claude_transcripts import FIXTURES, READER, by_id, metadata_of, objects_of, read_file, read_objects


def refusal(record: dict[str, Any]) -> str:
    """Return why a record is no event."""
    with pytest.raises(NotAnEvent) as caught:
        READER.read(record, FileContext("x.jsonl", 0))
    return str(caught.value)


def test_messages_without_content_are_refused_with_a_reason() -> None:
    first, second, third, *_ = objects_of(FIXTURES / "odd.jsonl")
    assert refusal(first) == refusal(second) == "this user record has no message content"
    assert refusal(third) == "a block of this user record's content is no object"
    assert refusal({"sessionId": "s", "uuid": "u"}) == "no type, in a transcript of Claude Code"


def test_one_bad_block_does_not_take_the_others_along() -> None:
    known = by_id(read_file(FIXTURES / "odd.jsonl"))
    assert metadata_of(known["x-4:message"]) == {"text": "one of two", "unreadable_blocks": [7]}
    assert metadata_of(known["x-7:block:2"])["block"] == {"type": "hologram", "depth": 3}
    assert known["x-7:block:2"].event_type == "system.claude_code.hologram"


def test_calls_and_results_without_their_id() -> None:
    known = by_id(read_file(FIXTURES / "odd.jsonl"))
    call, result = known["x-7:call:1"], known["x-8:result:0"]
    assert (call.call_id, call.tool, metadata_of(call)["input"]) == (None, "Bash", "no object")
    assert (result.call_id, result.tool) == (None, None)
    assert (known["toolu_never_seen:result"].tool, known["toolu_never_seen:result"].status) == (None, "success")


def test_tokens_that_are_no_numbers_are_kept_aside() -> None:
    usage = by_id(read_file(FIXTURES / "odd.jsonl"))["msg_X1:usage:7-0-0-0"]
    assert (usage.input_tokens, usage.output_tokens) == (7, None)
    assert metadata_of(usage) == {"usage": {"output_tokens": -1}}


def test_times() -> None:
    known = by_id(read_file(FIXTURES / "odd.jsonl"))
    assert known["x-5:message"].ts_us is None
    assert metadata_of(known["x-5:message"])["timestamp"] == "4 March, nine"
    assert known["x-6:message"].ts_us == 1_772_614_800_000_000
    assert metadata_of(known["x-6:message"])["ts_naive"] is True


def test_a_type_that_would_make_a_bad_name() -> None:
    event = by_id(read_file(FIXTURES / "odd.jsonl"))["x-10:record"]
    assert event.event_type == "system.claude_code.unknown"
    assert metadata_of(event)["type"].startswith("bad type")


def test_a_record_without_uuid_has_no_id_of_its_own() -> None:
    event = read_file(FIXTURES / "odd.jsonl")[-1]
    assert (event.event_id, event.event_type, event.session_id) == (None, "agent.message", None)
    assert metadata_of(event)["sessionId"] == 5


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"type": "user", "uuid": "u", "message": {}}, "claude_code"),
        ({"type": "never-seen", "sessionId": "s"}, "claude_code"),
        ({"type": "never-seen", "uuid": "u", "parentUuid": None}, "claude_code"),
        ({"type": "summary", "summary": "x"}, "claude_code"),
        ({"type": "file-history-snapshot", "snapshot": {}}, "claude_code"),
        ({"type": "pr-link"}, "claude_code"),
        ({"agentType": "Explore", "toolUseId": "t"}, "claude_code"),
        ({"type": "user", "uuid": "u", "event_type": "agent.message"}, "native"),
        ({"type": "agent.message"}, "native"),
        ({"type": "summary"}, None),
        ({"type": "never-seen", "uuid": "u"}, None),
        ({"type": "session_meta", "payload": {}, "timestamp": "2026-01-27T10:30:00Z"}, None),
        ({"type": 7, "sessionId": "s"}, None),
        ({"silly": "this"}, None),
        ({}, None),
    ],
)
def test_formats_are_told_by_content(record: dict[str, Any], name: str | None) -> None:
    reader = next((reader for reader in READERS if reader.recognises(record)), None)
    assert (reader.name if reader else None) == name
    assert [reader.name for reader in READERS] == ["native", "claude_code"]


def test_the_small_file_beside_a_transcript_gives_no_events() -> None:
    assert read_file(FIXTURES / "agent-7f3a9c1e.meta.json") == []
    assert list(objects_of(FIXTURES / "agent-7f3a9c1e.meta.json")) != []


@pytest.mark.parametrize(
    ("error", "decider"),
    [
        ("The user doesn't want to proceed with this tool use. The tool use was rejected", "user"),
        ("The user doesn\u2019t want to proceed with this tool use.", "user"),
        ("This command requires approval", "policy"),
        ("Claude requested permissions to write to /etc/hosts, but you haven't granted it yet.", "policy"),
        ("Permission to use Bash with command rm has been denied.", "policy"),
        ("Exit code 1\nPermission denied", None),
        ("Exit code 1\n" + "x" * 500 + "requires approval", None),
        ("", None),
    ],
)
def test_refusals(error: str, decider: str | None) -> None:
    assert decider_of(error) == decider


def test_words_of_refusal_in_a_good_result_mean_nothing() -> None:
    block = {"type": "tool_result", "tool_use_id": "t1", "content": "Merging requires approval", "is_error": False}
    (event,) = read_objects([{"type": "user", "uuid": "u", "message": {"content": [block]}}])
    assert event.status == "success"


def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    state: dict[str, Any] = {}
    memory = Memory(state)
    for number in range(1_000):
        memory.remember_tool(f"t{number}", "builtin", "Read", "/x")
        memory.start_trace(f"agent {number}", "trace")
        memory.remember_prompt(f"prompt {number}", f"t{number}")
    assert len(json.dumps(state)) < 8_000
    assert memory.tool("t999") == ("builtin", "Read", "/x")
    assert memory.tool("t0") == (None, None, None)
    assert memory.starter("prompt 999") == "t999"
    assert memory.starter("prompt 0") is None


def test_a_data_text_that_is_no_base64_is_hashed_as_it_is() -> None:
    assert without_binary({"type": "base64", "data": "å"})["data_bytes"] == 2
    assert without_binary({"data": "kept", "base64": "short"}) == {"data": "kept", "base64": "short"}


def test_a_line_is_one_line_and_short() -> None:
    assert one_line("a\n\n  b\t c ") == "a b c"
    assert one_line(" \n") is one_line(None)
    assert len(one_line("x " * 5_000) or "") == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)
KINDS = st.sampled_from(
    ["text", "tool_use", "tool_result", "thinking", "redacted_thinking", "image", "server_tool_use", "odd"]
)
BLOCK_KEYS = "id name input text thinking tool_use_id content is_error source data".split()
RECORD_KEYS = (
    "uuid parentUuid sessionId timestamp agentId isSidechain isMeta toolUseResult promptId requestId permissionMode "
    "attachment data subtype error content durationMs isApiErrorMessage cwd"
).split()
BLOCK = st.fixed_dictionaries({"type": KINDS | JSON}, optional=dict.fromkeys(BLOCK_KEYS, JSON))
MESSAGE = st.fixed_dictionaries(
    {"content": st.lists(BLOCK | JSON, max_size=4) | JSON}, optional=dict.fromkeys(("id", "model", "usage"), JSON)
)
RECORD = st.fixed_dictionaries(
    {"type": st.sampled_from(["user", "assistant", "system", "attachment", "progress", "permission-mode", "odd"])},
    optional={"message": MESSAGE | JSON, **dict.fromkeys(RECORD_KEYS, JSON)},
)


@given(records=st.lists(RECORD, max_size=4))
def test_no_record_breaks_it(records: list[dict[str, Any]]) -> None:
    before = json.dumps(records)
    for event in read_objects(records):
        json.dumps(event.metadata)
        assert event.event_type.isprintable()
        for text in (event.agent_id, event.session_id, event.tool, event.span_id, event.parent_id, event.message):
            assert text is None or isinstance(text, str)
    assert json.dumps(records) == before


def test_a_kind_of_record_that_is_not_known_yet_is_kept_among_the_others(tmp_path: Path) -> None:
    known = {"type": "user", "uuid": "u-1", "sessionId": "s-1", "timestamp": "2026-01-27T10:30:00Z"}
    lines = [{**known, "message": {"role": "user", "content": "hello"}}, {"type": "brand-new", "weight": 3}]
    (tmp_path / "session.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    summary = ingest_once(tmp_path / "s.db", [bytes(tmp_path / "session.jsonl")], IngestSettings())
    assert (summary.events, summary.quarantined) == (2, 0)
    reader = StoreReader.open(tmp_path / "s.db")
    try:
        assert [row.event_type for row in reader.newest(Filter(), 5).rows] == [
            "agent.message",
            "system.claude_code.brand-new",
        ]
    finally:
        reader.close()
