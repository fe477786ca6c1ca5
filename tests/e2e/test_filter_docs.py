"""Every example of the page on filters: it parses, as one argument and as several, and finds what the store has."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any, Final

import pytest

from cli.query_arguments import sorted_out
from store.filters.model import Filter
from store.filters.parser import parse
from store.filters.printer import canonical
from tests.conftest import ROOT
from tests.e2e.cli_process import in_process

if TYPE_CHECKING:
    from pathlib import Path

PAGE: Final = (ROOT / "docs" / "filters.md").read_text()
BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
QUERIES: Final = [
    line for kind, text in BLOCK.findall(PAGE) if kind == "query" for line in text.splitlines() if line.strip()
]
ALERT_QUERIES: Final = [line for kind, text in BLOCK.findall(PAGE) if kind == "alerts" for line in text.splitlines()]
COMMANDS: Final = [line for kind, text in BLOCK.findall(PAGE) if kind == "sh" for line in text.splitlines()]
EVENTS: Final[list[dict[str, Any]]] = [
    {
        "timestamp": "2026-01-27T10:30:00Z",
        "event_type": "mcp.tool_result",
        "agent_id": "assistant",
        "user_id": "alice",
        "tool": "delete_rows",
        "status": "failure",
        "duration_ms": 2500,
        "request_id": "req_7",
        "cost_usd": 0.06,
        "message": "quota exceeded",
        "policy": {"decision": "deny"},
    },
    {"timestamp": "2026-01-27T10:31:00Z", "event_type": "permission.denied", "agent_id": "a b", "request_id": "req_7"},
    {"timestamp": "2026-01-27T10:32:00Z", "event_type": "agent.message", "message": "OR else *"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filters")
    (folder / "e.jsonl").write_text("".join(json.dumps(event) + "\n" for event in EVENTS))
    assert in_process("ingest", "e.jsonl", "--store", "s.db", cwd=folder).code == 0
    return folder


def found(place: Path, *arguments: str) -> list[str]:
    answer = in_process("infra", "logs", "--store", "s.db", "--format", "json", *arguments, cwd=place)
    assert answer.code == 0, answer.err
    return [event["timestamp"][14:16] for event in answer.json()]


def test_there_are_examples() -> None:
    assert len(QUERIES) > 20
    assert len(ALERT_QUERIES) > 3
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("query", QUERIES)
def test_an_example_means_the_same_in_every_form(place: Path, query: str) -> None:
    expression = parse(query)
    assert parse(canonical(expression)) == expression
    whole = found(place, query)
    pieces = shlex.split(query.replace('"', "'\"'").replace("\\", "\\\\")) if "'" not in query else [query]
    assert parse(" ".join(pieces)) == expression
    assert found(place, *pieces) == whole
    assert found(place, "--", canonical(expression)) == whole
    assert sorted_out(pieces, ()) == ["--", *pieces]


@pytest.mark.parametrize("query", ALERT_QUERIES)
def test_an_example_about_alerts_is_understood_where_these_are_listed(query: str) -> None:
    expression = parse(query, alerts=True)
    assert parse(canonical(expression), alerts=True) == expression


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_understood(place: Path, command: str) -> None:
    name, *arguments = shlex.split(command)
    assert name == "auditail"
    answer = in_process(*arguments, "--store", "s.db", cwd=place) if "--" not in arguments else None
    if answer is None:
        at = arguments.index("--")
        answer = in_process(*arguments[:at], "--store", "s.db", *arguments[at:], cwd=place)
    assert answer.code == 0, answer.err


@pytest.mark.parametrize(
    ("query", "minutes"),
    [
        ('agent:assistant type:mcp.* -status:success ms:>2s cost:>0.05 "quota exceeded"', ["30"]),
        ("(type:auth.failed OR type:permission.denied) -tenant:acme request:*", ["31"]),
        ("user:alice,bob tool:/^delete_/", ["30"]),
        ('agent:"a b"', ["31"]),
        ("-agent:*", ["32"]),
        ("-agent:assistant", ["31", "32"]),
        ("meta.policy.decision:deny", ["30"]),
        ('"OR"', ["32"]),
        ("has:denial", ["31"]),
        ("ms:2..3s", ["30"]),
        ("request:re:/^req_[0-9]+$/", ["30", "31"]),
    ],
)
def test_what_an_example_finds(place: Path, query: str, minutes: list[str]) -> None:
    assert found(place, query) == minutes


def test_a_mistake_is_pointed_at(place: Path) -> None:
    answer = in_process("infra", "logs", "status:failure", "agnet:assistant", "--store", "s.db", cwd=place)
    assert answer.code == 2
    lines = answer.err.splitlines()
    shown = next(text for kind, text in BLOCK.findall(PAGE) if not kind).splitlines()
    assert lines == shown


def test_flags_and_the_query_are_one_filter(place: Path) -> None:
    assert found(place, "--agent", "assistant", "-status:success") == ["30"]
    assert found(place, "-status:success", "--agent", "assistant", "--since", "2026-01-27T10:30:00Z") == ["30"]
    assert Filter.parsed("agent:assistant  status:failure").text == "agent:assistant status:failure"
