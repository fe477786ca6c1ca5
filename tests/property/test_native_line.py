"""The short way and the careful way of reading a native line give the same event, or the short way declines."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.native import NativeReader
from ingest.formats.native_line import read_usual_line
from ingest.formats.protocol import FileContext
from ingest.simulate.platform import Platform

CONTEXT = FileContext("events.jsonl", 0)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**40) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=6,
)
TIMES = ["2026-01-27T10:30:00Z", "2026-01-27T10:30:00.5+02:00", "2026-01-27T10:30:00", "?"]
RECORDS = st.fixed_dictionaries(
    {"event_type": st.sampled_from(["mcp.tool_call", "agent.message", "x.y", ""])},
    optional={
        "timestamp": st.sampled_from(TIMES),
        "agent_id": TEXTS | st.integers(0, 9),
        "tool": st.sampled_from(["read", "mcp__files__read", ""]),
        "server": TEXTS | st.none(),
        "status": st.sampled_from(["success", "error", "denied", None, 7]),
        "duration_ms": st.integers(-1, 2**62) | st.floats(0, 9) | st.none(),
        "input_tokens": st.integers(-1, 10**6),
        "cost_microusd": st.integers(0, 10**6),
        "call_id": TEXTS | st.just("c" * 30),
        "session_id": TEXTS,
        "message": TEXTS,
        "metadata": st.dictionaries(TEXTS, VALUES, max_size=3) | st.none() | st.just([1]),
        "colour": TEXTS,
    },
)


def plain(keys: tuple[str, ...]) -> bool:
    return "secret" not in keys


def check(record: dict[str, Any], raw: bytes) -> bool:
    """Return whether the short way took the record, after comparing."""
    usual = read_usual_line(raw, plain)
    if usual is None:
        return False
    careful = NativeReader().read(record, CONTEXT)[0]
    assert usual.metadata_text is None or orjson.loads(usual.metadata_text) == usual.metadata
    usual.metadata_text = None
    assert usual == careful
    return True


@given(RECORDS)
def test_both_ways_agree_on_any_record(record: dict[str, Any]) -> None:
    check(record, json.dumps(record, ensure_ascii=False).encode())


def test_the_simulated_platform_is_read_the_short_way() -> None:
    events = [event for _, event in zip(range(2_000), Platform(3, 1_790_000_000_000_000, 5.0), strict=False)]
    taken = [check(event, orjson.dumps(event)) for _, event in events]
    assert sum(taken) > len(taken) * 0.95


@pytest.mark.parametrize(
    "raw",
    [
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","event_type":"a.c"}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":{"k":1,"k":2}}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":{"secret":"x"}}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":{"a":[{"secret":"x"}]}}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","agent_id":""}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","counts":0}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","agent_id":"\xff"}',
        b'{"event_type":"","timestamp":"2026-01-27T10:30:00Z"}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":{"n":9223372036854775808}}',
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":{"n":[-123456789012345678901]}}',
        b'{"event_type":"a.b"}',
        b"[1]",
        b"",
        b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":' + b'{"a":' * 99 + b"1" + b"}" * 100,
    ],
)
def test_the_short_way_declines_what_needs_a_look(raw: bytes) -> None:
    assert read_usual_line(raw, plain) is None


@pytest.mark.parametrize(("opening", "closing", "times"), [(b'{"a":', b"}", 9_999), (b'{"a":[', b"]}", 32)])
def test_the_short_way_declines_what_nests_too_deeply(opening: bytes, closing: bytes, times: int) -> None:
    nested = opening * times + b"1" + closing * times
    raw = b'{"event_type":"a.b","timestamp":"2026-01-27T10:30:00Z","metadata":' + nested + b"}"
    assert read_usual_line(raw, plain) is None
