"""Native events: every field comes back, and what does not fit is kept rather than lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.native import VOCABULARY, NativeReader
from ingest.formats.native_fields import HANDLERS
from ingest.formats.protocol import FileContext, NotAnEvent
from store.events import STATUS_CODES, NewEvent
from tests.conftest import ROOT

NATIVE = ROOT / "tests" / "fixtures" / "native"
READER = NativeReader()


def read(**record: Any) -> NewEvent:
    """Return the event of a record, of type agent.message unless it says otherwise."""
    (event,) = READER.read({"event_type": "agent.message", **record}, FileContext("events.jsonl", 0))
    return event


def kinds() -> list[NewEvent]:
    """Return the events of the fixture with one record of each kind."""
    lines = (NATIVE / "kinds.jsonl").read_text("utf-8").splitlines()
    return [READER.read(json.loads(line), FileContext("kinds.jsonl", 0))[0] for line in lines]


def test_the_sample_event_comes_back_whole() -> None:
    event = read(**json.loads((NATIVE / "sample.json").read_text("utf-8")))
    assert event.stated() == {
        "ts_us": 1_769_509_800_000_000,
        "event_type": "mcp.tool_call",
        "agent_id": "assistant",
        "user_id": "user_123",
        "tenant_id": "tenant_456",
        "tool": "create_content",
        "server": "content-server",
        "duration_us": 234_000,
        "status": "success",
        "metadata": {"content_id": "post_789", "title": "New Blog Post"},
    }


def test_message_with_ids() -> None:
    event = kinds()[0]
    assert (event.message, event.session_id, event.request_id) == ("Publish it, please", "sess_1", "req_abc123")
    assert event.ts_us == 1_769_509_801_500_000
    assert event.metadata is None


def test_request_with_tokens_and_cost() -> None:
    event = kinds()[1]
    assert event.model == "large-1"
    assert (event.input_tokens, event.output_tokens) == (12, 340)
    assert (event.cache_read_tokens, event.cache_write_tokens) == (2000, 0)
    assert (event.cost_microusd, event.duration_us, event.status) == (12_500, 812_500, "success")
    assert event.metadata == {"status": "ok"}


def test_a_tool_of_an_mcp_server_is_split_and_its_short_call_id_scoped() -> None:
    event = kinds()[2]
    assert (event.server, event.tool) == ("content", "publish__now")
    assert (event.call_id, event.call_scope) == ("c7", "s:sess_1")
    assert event.status == "failure"
    assert event.metadata == {"error": "quota exceeded", "status": "error"}


def test_a_time_without_a_zone_is_flagged_and_a_number_can_name_a_user() -> None:
    event = kinds()[3]
    assert event.metadata == {"rule": "no cross-tenant reads", "ts_naive": True, "status": "forbidden"}
    assert (event.status, event.user_id, event.resource_tenant_id) == ("denied", "42", "globex")


def test_an_event_without_a_time() -> None:
    event = kinds()[4]
    assert event.ts_us is None
    assert event.metadata == {"reason": "wrong password", "status": "failed"}


def test_what_does_not_fit_stays_under_its_own_name() -> None:
    event = kinds()[5]
    assert event.stated().keys() == {"event_type", "metadata"}
    assert (event.event_type, event.status) == ("billing.invoice.sent", None)
    assert event.metadata == {
        "timestamp": "yesterday",
        "duration_ms": "fast",
        "input_tokens": -5,
        "status": "teapot",
        "host": ["a", "b"],
        "metadata": "no object",
    }


def test_type_stands_for_event_type_only_where_it_is_one_of_ours() -> None:
    event = kinds()[6]
    assert (event.event_type, event.metadata) == ("file.read", {"path": "/srv/data.csv"})
    assert READER.recognises({"type": "file.read"})
    assert not READER.recognises({"type": "item.completed"})
    assert not READER.recognises({"type": ["file.read"]})
    assert "api.request" in VOCABULARY
    both = read(event_type="agent.message", type="file.read")
    assert (both.event_type, both.metadata) == ("agent.message", {"type": "file.read"})


@pytest.mark.parametrize("record", [{}, {"event_type": ""}, {"event_type": None}, {"type": "odd"}, {"silly": 1}])
def test_no_type_no_event(record: dict[str, Any]) -> None:
    with pytest.raises(NotAnEvent, match="no event_type and no known format"):
        READER.read(record, FileContext("x", 0))


@pytest.mark.parametrize("value", [7, True, ["agent.message"], {"a": 1}])
def test_a_type_that_is_no_text(value: Any) -> None:
    with pytest.raises(NotAnEvent, match="event_type must be a text"):
        READER.read({"event_type": value}, FileContext("x", 0))


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Success", "success"),
        ("completed", "success"),
        ("succeeded", "success"),
        ("fail", "failure"),
        ("FAILED", "failure"),
        ("blocked", "denied"),
        ("timed_out", "timeout"),
        ("timed out", "timeout"),
        ("in_progress", "pending"),
        ("running", "pending"),
        ("teapot", None),
    ],
)
def test_words_for_a_status(word: str, status: str | None) -> None:
    event = read(status=word)
    assert (event.status, event.metadata) == (status, {"status": word})


def test_the_five_statuses_need_no_note() -> None:
    for status in STATUS_CODES:
        event = read(status=status)
        assert (event.status, event.metadata) == (status, None)


def test_the_producers_metadata_wins_and_nothing_is_lost() -> None:
    event = read(status="ok", region="north", metadata={"status": "stated", "extra": 1, "k": 2})
    assert event.status == "success"
    assert event.metadata == {"region": "north", "status": "stated", "extra": 1, "k": 2, "extra_": {"status": "ok"}}


@pytest.mark.parametrize(
    ("value", "duration_us", "kept"),
    [
        (234, 234_000, False),
        (234.0, 234_000, False),
        ("234", 234_000, False),
        ("0.125", 125, False),
        (2.3, 2_300, False),
        (0.1, 100, False),
        (1.00005, 1_000, True),
        ("1.00005", 1_000, True),
        (0, 0, False),
        (-1, None, True),
        (-0.5, None, True),
        (float("inf"), None, True),
        (2**63, None, True),
        ("", None, True),
        ("1e3", None, True),
        (True, None, True),
        ([1], None, True),
    ],
)
def test_durations(value: Any, duration_us: int | None, kept: bool) -> None:
    event = read(duration_ms=value)
    assert event.duration_us == duration_us
    assert (event.metadata is not None) is kept


@pytest.mark.parametrize(
    ("value", "tokens", "metadata"),
    [
        (7, 7, None),
        ("7", 7, None),
        (7.0, 7, None),
        (7.5, None, {"input_tokens": 7.5}),
        ("many", None, {"input_tokens": "many"}),
        (2**63 - 1, 2**63 - 1, None),
        (2**63, None, {"input_tokens": str(2**63)}),
        (False, None, {"input_tokens": False}),
        (None, None, None),
    ],
)
def test_tokens(value: Any, tokens: int | None, metadata: dict[str, Any] | None) -> None:
    event = read(input_tokens=value)
    assert (event.input_tokens, event.metadata) == (tokens, metadata)


def test_a_number_too_large_for_the_store_is_kept_as_text() -> None:
    assert read(balance=10**30).metadata == {"balance": str(10**30)}


@pytest.mark.parametrize(
    ("record", "cost", "metadata"),
    [
        ({"cost_microusd": 1500}, 1500, None),
        ({"cost_usd": 0.0015}, 1500, None),
        ({"cost_usd": "0.0015"}, 1500, None),
        ({"cost_usd": 0.0000015}, 2, {"cost_usd": 0.0000015}),
        ({"cost_usd": 0.0015, "cost_microusd": 1500}, 1500, None),
        ({"cost_usd": 0.5, "cost_microusd": 1500}, 1500, {"cost_usd": 0.5}),
        ({"cost_microusd": 1500, "cost_usd": 0.5}, 1500, {"cost_usd": 0.5}),
        ({"cost_usd": -1}, None, {"cost_usd": -1}),
    ],
)
def test_cost(record: dict[str, Any], cost: int | None, metadata: dict[str, Any] | None) -> None:
    event = read(**record)
    assert (event.cost_microusd, event.metadata) == (cost, metadata)


def test_the_scope_of_a_call_id() -> None:
    names = {"agent_id": "a1", "trace_id": "t1", "request_id": "r1", "session_id": "s1"}
    scopes: list[str | None] = []
    while names:
        scopes.append(read(call_id="c1", **names).call_scope)
        names.popitem()
    assert scopes == ["s:s1", "r:r1", "t:t1", "a:a1"]
    assert read(call_id="c1").call_scope is None
    assert read(call_id="c" * 20, session_id="s1").call_scope is None
    assert read(session_id="s1").call_scope is None


def test_a_stated_server_leaves_the_tools_name_alone() -> None:
    event = read(tool="mcp__a__b", server="c")
    assert (event.server, event.tool) == ("c", "mcp__a__b")
    assert read(tool="mcp__half").tool == "mcp__half"


def test_empty_texts_and_nulls_are_nothing() -> None:
    event = read(agent_id="", user_id=None, tool="", metadata=None, timestamp=None, duration_ms=None, status="")
    assert event.stated() == {"event_type": "agent.message"}


def test_only_event_id_is_the_producers_id() -> None:
    assert read(event_id="e1").event_id == "e1"
    event = read(id="e1")
    assert (event.event_id, event.metadata) == (None, {"id": "e1"})


def test_the_record_given_is_not_changed() -> None:
    record = {"event_type": "agent.message", "status": "ok", "k": 1, "metadata": {"a": 1}}
    before = json.dumps(record)
    READER.read(record, FileContext("x", 0))
    assert json.dumps(record) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted(HANDLERS)) | st.text(max_size=4)


@given(record=st.dictionaries(KEYS, JSON))
def test_no_record_breaks_it_and_recognising_agrees(record: dict[str, Any]) -> None:
    record["event_type"] = "agent.message"
    assert READER.recognises(record)
    (event,) = READER.read(record, FileContext("x", 0))
    assert event.status in STATUS_CODES
    for number in (event.duration_us, event.input_tokens, event.output_tokens, event.cost_microusd):
        assert number is None or 0 <= number < 2**63
