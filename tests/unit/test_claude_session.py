"""A small transcript with a record of every type gives the events that it should."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.unit.claude_transcripts import FIXTURES, by_id, metadata_of, objects_of, read_file, read_objects

if TYPE_CHECKING:
    from store.events import NewEvent

SESSION = FIXTURES / "session.jsonl"
PICTURE = bytes(range(200))


@pytest.fixture(scope="module")
def events() -> list[NewEvent]:
    """Return the events of the session."""
    return read_file(SESSION)


@pytest.fixture(scope="module")
def known(events: list[NewEvent]) -> dict[str, NewEvent]:
    """Return the events of the session by id."""
    return by_id(events)


def test_how_many_of_each(events: list[NewEvent]) -> None:
    assert Counter(event.event_type for event in events) == {
        "agent.message": 2,
        "agent.response": 1,
        "agent.error": 2,
        "api.request": 10,
        "mcp.tool_call": 11,
        "mcp.tool_result": 10,
        "permission.check": 2,
        "permission.denied": 3,
        "file.read": 3,
        "file.edit": 1,
        "content.fetch": 1,
        "system.claude_code.thinking": 1,
        "system.claude_code.hook_progress": 1,
        "system.claude_code.meta": 1,
        "system.claude_code.compact_summary": 1,
        "system.claude_code.stop_hook_summary": 1,
        "system.claude_code.turn_duration": 1,
        "system.claude_code.compact_boundary": 1,
        "system.claude_code.system": 1,
        "system.claude_code.hook_success": 1,
        "system.claude_code.summary": 1,
        "system.claude_code.file-history-snapshot": 1,
        "system.claude_code.queue-operation": 1,
        "system.claude_code.last-prompt": 1,
        "system.claude_code.pr-link": 1,
        "system.claude_code.brand-new-thing": 1,
    }


def test_what_every_event_of_a_conversation_carries(known: dict[str, NewEvent]) -> None:
    event = known["u-01:message"]
    assert event.session_id == "5b0c7a52-0d4e-4f7a-9d35-1f2f3c4d5e6f"
    assert (event.agent_id, event.user_id, event.tenant_id) == ("claude-code", "mika", None)
    assert (event.span_id, event.parent_id, event.trace_id) == ("u-01", None, "prompt-1")
    assert event.metadata is not None
    assert event.metadata["cwd"] == "/home/mika/shop"
    assert event.metadata["gitBranch"] == "main"
    assert event.metadata["version"] == "2.1.40"
    assert event.metadata["text"] == "Prices are rounded wrongly.\nPlease fix that."
    assert event.message == "Prices are rounded wrongly. Please fix that."
    assert "promptId" not in event.metadata


def test_a_prompt_begins_a_trace_that_lasts_until_the_next(known: dict[str, NewEvent]) -> None:
    assert known["u-03:text:0"].trace_id == "prompt-1"
    assert known["toolu_edit:result"].trace_id == "prompt-1"
    assert known["u-10:message"].trace_id == "u-10"
    assert known["toolu_open:call"].trace_id == "u-10"


def test_usage_is_the_running_total_of_a_message(events: list[NewEvent]) -> None:
    usage = [event for event in events if event.usage_key == "claude:msg_A"]
    assert [event.output_tokens for event in usage] == [1, 9, 64]
    assert len({event.event_id for event in usage}) == 3
    last = usage[-1]
    assert (last.input_tokens, last.cache_read_tokens, last.cache_write_tokens) == (12, 2000, 300)
    assert (last.span_id, last.request_id, last.model) == ("msg_A", "req_011", "claude-sonnet-4-5-20250929")
    assert metadata_of(last) == {"usage": {"service_tier": "standard"}, "stop_reason": "tool_use"}


def test_a_total_that_was_stated_already_gives_nothing() -> None:
    records = [record for record in objects_of(SESSION) if record.get("type") == "assistant"]
    same = [{**records[0], "uuid": uuid} for uuid in ("c-1", "c-2", "c-3")]
    assert [event.event_type for event in read_objects(same)] == [
        "system.claude_code.thinking",
        "api.request",
        "system.claude_code.thinking",
        "system.claude_code.thinking",
    ]


def test_copies_in_other_sessions_are_no_conflict(events: list[NewEvent]) -> None:
    assert all(event.copies_may_differ for event in events)


def test_a_text_of_the_program_itself_costs_nothing(events: list[NewEvent], known: dict[str, NewEvent]) -> None:
    assert "claude:m-local" not in {event.usage_key for event in events}
    error = known["u-23:error:0"]
    assert (error.event_type, error.status, error.model) == ("agent.error", "failure", None)


def test_calls_and_results_meet(known: dict[str, NewEvent]) -> None:
    call, result = known["toolu_bash:call"], known["toolu_bash:result"]
    assert (call.server, call.tool, call.status, call.message) == ("builtin", "Bash", None, "pytest -q")
    assert (call.span_id, call.parent_id) == ("toolu_bash", "msg_D")
    assert call.call_id == result.call_id == "toolu_bash"
    assert call.call_scope is None
    assert (result.server, result.tool, result.status) == ("builtin", "Bash", "failure")
    assert result.duration_us is None
    assert metadata_of(call)["input"] == {"command": "pytest -q", "description": "Run the tests"}
    assert metadata_of(result)["result"] == "Exit code 1\n1 failed"
    assert metadata_of(result)["remarks"] == [{"type": "text", "text": "look at the failing one"}]
    assert "toolUseResult" not in metadata_of(result)
    assert "toolu_open:result" not in known


def test_a_tool_of_an_mcp_server(known: dict[str, NewEvent]) -> None:
    for kind in ("call", "result"):
        event = known[f"toolu_mcp:{kind}"]
        assert (event.server, event.tool) == ("bug_tracker", "close__issue")
    assert "remarks" not in metadata_of(known["toolu_mcp:result"])


@pytest.mark.parametrize(
    ("call_id", "tool", "decider"), [("toolu_edit", "Edit", "user"), ("toolu_rm", "Bash", "policy")]
)
def test_a_refusal_is_read_from_the_text(known: dict[str, NewEvent], call_id: str, tool: str, decider: str) -> None:
    denied, result = known[f"{call_id}:denied"], known[f"{call_id}:result"]
    assert (denied.event_type, denied.status, denied.tool) == ("permission.denied", "denied", tool)
    assert (denied.parent_id, denied.call_id) == (call_id, None)
    assert metadata_of(denied)["decider"] == metadata_of(result)["decider"] == decider
    assert result.status == "denied"


def test_a_hooks_veto(known: dict[str, NewEvent]) -> None:
    event = known["u-30:denied"]
    assert event.parent_id == "toolu_edit2"
    assert known["u-29:attachment"].parent_id == "u-28"
    assert (event.event_type, event.status, event.message) == ("permission.denied", "denied", "ruff found problems")
    assert (event.server, event.tool) == ("builtin", "Edit")
    assert metadata_of(event)["decider"] == "hook"


def test_only_what_succeeded_touched_a_file(events: list[NewEvent]) -> None:
    touched = [event for event in events if event.event_type.startswith(("file.", "content."))]
    assert [(event.event_type, event.message) for event in touched] == [
        ("file.read", "/home/mika/shop/money.py"),
        ("file.edit", "/home/mika/shop/money.py"),
        ("file.read", "/home/mika/shop"),
        ("content.fetch", "https://example.org/rounding"),
        ("file.read", "/home/mika/shop/page.png"),
    ]
    for event in touched:
        assert metadata_of(event)["derived"] is True
        assert (event.call_id, event.counts, event.tool) == (None, 1, None)
    assert metadata_of(touched[1])["path"] == "/home/mika/shop/money.py"
    assert metadata_of(touched[3])["url"] == "https://example.org/rounding"


def test_a_duration_that_the_tool_states(known: dict[str, NewEvent]) -> None:
    assert known["toolu_fetch:result"].duration_us == 812_500
    assert known["toolu_task:result"].duration_us == 15_800_000
    assert metadata_of(known["toolu_task:result"])["child_agent_id"] == "7f3a9c1e"
    assert known["u-26:system"].duration_us == 20_100_000


def test_the_permission_mode_is_told_when_it_changes(events: list[NewEvent]) -> None:
    first, second = (event for event in events if event.event_type == "permission.check")
    assert (first.event_id, metadata_of(first)) == (None, {"mode": "default"})
    assert (second.event_id, second.message) == ("u-10:mode", "permission mode default → acceptEdits")


def test_pictures_are_remembered_by_size_and_hash(known: dict[str, NewEvent]) -> None:
    digest = hashlib.sha256(PICTURE).hexdigest()
    (attachment,) = metadata_of(known["u-10:message"])["attachments"]
    assert attachment["source"] == {
        "type": "base64",
        "media_type": "image/png",
        "data_bytes": 200,
        "data_sha256": digest,
    }
    result = metadata_of(known["toolu_shot:result"])
    assert result["result"][0]["source"]["data_sha256"] == digest
    assert result["toolUseResult"]["file"] == {
        "base64_bytes": 200,
        "base64_sha256": digest,
        "type": "image/png",
        "originalSize": 200,
    }


def test_thoughts_and_errors_of_the_service(known: dict[str, NewEvent]) -> None:
    assert metadata_of(known["u-02:thinking:0"])["thinking"] == "Rounding is in money.py, I suppose."
    error = known["u-24:error"]
    assert (error.event_type, error.message) == ("agent.error", "Overloaded")
    assert metadata_of(error)["retryInMs"] == 550.5


def test_records_without_a_time_leave_it_open(events: list[NewEvent]) -> None:
    without = [event.event_type.rpartition(".")[2] for event in events if event.ts_us is None]
    assert without == ["summary", "file-history-snapshot", "check", "last-prompt"]


def test_what_is_unknown_is_kept(known: dict[str, NewEvent]) -> None:
    assert metadata_of(known["u-31:record"]) == {"payload": {"x": 1}}


def test_every_id_is_of_one_event(events: list[NewEvent]) -> None:
    ids = Counter(event.event_id for event in events if event.event_id is not None)
    assert [event_id for event_id, times in ids.items() if times > 1] == []


def test_ids_do_not_depend_on_what_was_read_before(events: list[NewEvent]) -> None:
    records = list(objects_of(SESSION))
    ids = {event.event_id for event in events}
    for start in range(len(records)):
        later = {event.event_id for event in read_objects(records[start:]) if event.event_type != "permission.check"}
        assert later <= ids
