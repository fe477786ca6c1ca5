"""Every example of `infra logs` against a real store, filled and read by real processes."""

from __future__ import annotations

import csv
import io
import itertools
import json
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from store.schema import EVENT_FIELDS
from tests.e2e.cli_process import auditail, command, environment, in_process
from tests.events import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

OTHERS: Final[list[dict[str, Any]]] = [
    {"timestamp": "2026-01-26T23:59:59Z", "event_type": "auth.login", "user_id": "user_123", "message": "early"},
    {"timestamp": "2026-01-27T00:00:00Z", "event_type": "auth.failed", "user_id": "mallory", "status": "failure"},
    {
        "timestamp": "2026-01-27T10:31:00Z",
        "event_type": "mcp.tool_result",
        "agent_id": "assistant",
        "request_id": "req_abc123",
    },
    {
        "timestamp": "2026-01-27T10:34:59.999999Z",
        "event_type": "permission.denied",
        "agent_id": "assistant",
        "user_id": "user_456",
        "tenant_id": "other",
        "message": "=HYPERLINK(1) \u001b]0;owned\u0007",
    },
    {"timestamp": "2026-01-27T10:35:00Z", "event_type": "agent.message", "agent_id": "assistant", "message": "late"},
    {"timestamp": "2026-01-27T10:36:00Z", "event_type": "mcp.tool_call", "agent_id": "helper", "user_id": "user_456"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of the sample and the others."""
    folder = tmp_path_factory.mktemp("logs")
    (folder / "sample.json").write_text(json.dumps(SAMPLE))
    (folder / "others.jsonl").write_text("".join(json.dumps(event) + "\n" for event in OTHERS))
    answer = auditail("ingest", "sample.json", "others.jsonl", "--store", "s.db", cwd=folder, HOME=str(folder))
    assert answer.code == 0, answer.err
    return folder


def logs(place: Path, *arguments: str, form: str = "json") -> list[dict[str, Any]]:
    # In this process: what a process of its own does to it is seen in the other tests, and each costs its start.
    answer = in_process("infra", "logs", "--store", "s.db", "--format", form, *arguments, cwd=place)
    assert answer.code == 0, answer.err
    return answer.json()


def minutes(events: list[dict[str, Any]]) -> list[str]:
    return [event["timestamp"][11:16] for event in events]


def test_the_sample_comes_back_as_it_went_in(place: Path) -> None:
    found = next(event for event in logs(place) if event["event_type"] == "mcp.tool_call")
    assert {key: found[key] for key in SAMPLE} == SAMPLE
    assert list(found) == [name for name in EVENT_FIELDS if name in found]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--agent", "assistant", "--limit", "50"), ["10:30", "10:31", "10:34", "10:35"]),
        (("--agent", "assistant", "--limit", "2"), ["10:34", "10:35"]),
        (("--type", "mcp.tool_call"), ["10:30", "10:36"]),
        (("--type", "mcp.*"), ["10:30", "10:31", "10:36"]),
        (("--user", "user_123"), ["23:59", "10:30"]),
        (("--since", "2026-01-27T00:00:00Z"), ["00:00", "10:30", "10:31", "10:34", "10:35", "10:36"]),
        (("--agent", "assistant", "--before", "2026-01-27T10:35:00Z"), ["10:30", "10:31", "10:34"]),
        (("--request-id", "req_abc123"), ["10:31"]),
        (("--user", "user_123", "--type", "mcp.tool_call"), ["10:30"]),
        (("--type", "auth.failed"), ["00:00"]),
        (("--type", "permission.denied"), ["10:34"]),
        (("--type", "auth.failed", "--type", "permission.denied"), ["00:00", "10:34"]),
        (("--tenant", "other"), ["10:34"]),
        (("--agent", "nobody"), []),
        (("--since", "2026-01-27 11:35", "--before", "2026-01-27 11:36"), ["10:35"]),
        (("--utc", "--since", "2026-01-27 10:35", "--before", "2026-01-27 10:36"), ["10:35"]),
        (("--limit", "0"), []),
    ],
)
def test_each_example_answers_right(place: Path, arguments: tuple[str, ...], expected: list[str]) -> None:
    assert minutes(logs(place, *arguments)) == expected


def test_the_alias_and_flags_before_the_command_mean_the_same(place: Path) -> None:
    whole = logs(place, "--user", "user_456")
    alias = auditail("--store", "s.db", "logs", "--user", "user_456", "--format", "json", cwd=place)
    assert alias.json() == whole
    scoped = auditail("--store", "s.db", "--tenant", "other", "logs", "--format", "json", cwd=place)
    assert minutes(scoped.json()) == ["10:34"]


def test_each_format_says_the_same(place: Path) -> None:
    whole = logs(place)
    lines = auditail("logs", "--store", "s.db", "--format", "jsonl", cwd=place)
    assert [json.loads(line) for line in lines.out.splitlines()] == whole
    table = auditail("logs", "--store", "s.db", "--utc", cwd=place)
    assert "\x1b" not in table.out
    assert "␛]0;owned␇" in table.out
    assert [line[11:16] for line in table.out.splitlines()[1:]] == minutes(whole)
    sheet = auditail("logs", "--store", "s.db", "--format", "csv", cwd=place)
    rows = list(csv.DictReader(io.StringIO(sheet.out, newline="")))
    assert [row["timestamp"] for row in rows] == [event["timestamp"] for event in whole]
    assert [row["message"] for row in rows if row["event_type"] == "permission.denied"] == [
        "'=HYPERLINK(1) \x1b]0;owned\x07"
    ]
    assert json.loads(rows[2]["metadata"]) == SAMPLE["metadata"]


def test_no_match_is_said_beside_the_data(place: Path) -> None:
    answer = auditail("logs", "--store", "s.db", "--agent", "nobody", cwd=place)
    assert (answer.code, answer.out, answer.err) == (0, "", "no event matches\n")
    assert in_process("logs", "--store", "s.db", "--agent", "nobody", "--format", "json", cwd=place).out == "[]\n"


def test_a_thousand_events_come_out_whole_as_json_and_a_hundred_as_a_table(tmp_path: Path) -> None:
    lines = (
        json.dumps(
            {"timestamp": f"2026-01-27T10:{n // 60 % 60:02}:{n % 60:02}Z", "event_type": "x.y", "message": str(n)}
        )
        for n in range(1000)
    )
    (tmp_path / "e.jsonl").write_text("\n".join(lines) + "\n")
    assert in_process("ingest", "e.jsonl", cwd=tmp_path).code == 0
    whole = auditail("logs", "--format", "json", cwd=tmp_path).json()
    assert [event["message"] for event in whole] == [str(n) for n in range(1000)]
    table = in_process("logs", cwd=tmp_path).out.splitlines()
    assert [line.split()[-1] for line in table[1:]] == [str(n) for n in range(900, 1000)]


@pytest.fixture
def follower(tmp_path: Path) -> Generator[subprocess.Popen[str]]:
    """Follow a store of three events, starting with the newest two."""
    (tmp_path / "first.jsonl").write_text("".join(_line(n) for n in range(3)))
    assert in_process("ingest", "first.jsonl", cwd=tmp_path).code == 0
    process = subprocess.Popen(
        command("logs", "--follow", "--format", "jsonl", "--limit", "2", "--type", "a.*"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    yield process
    process.kill()
    process.communicate()


def _line(number: int, event_type: str = "a.b") -> str:
    at = f"2026-01-27T10:30:{number:02}Z"
    return json.dumps({"timestamp": at, "event_type": event_type, "message": str(number)}) + "\n"


def test_follow_goes_on_with_arrivals_and_ends_quietly(tmp_path: Path, follower: subprocess.Popen[str]) -> None:
    assert follower.stdout is not None
    assert [json.loads(line)["message"] for line in itertools.islice(follower.stdout, 2)] == ["1", "2"]
    (tmp_path / "second.jsonl").write_text(_line(9) + _line(8, "other.type") + _line(0))
    assert in_process("ingest", "second.jsonl", cwd=tmp_path).code == 0
    # In order of arrival: the late event of an earlier time comes last, as it did.
    assert [json.loads(line)["message"] for line in itertools.islice(follower.stdout, 2)] == ["9", "0"]
    follower.send_signal(2)
    rest, errors = follower.communicate(timeout=60)
    assert (rest, follower.returncode) == ("", 130)
    assert "no scanner is running, last ingested" in errors
    assert "Traceback" not in errors


def test_follow_notices_that_its_reader_is_gone(follower: subprocess.Popen[str]) -> None:
    assert follower.stdout is not None
    follower.stdout.readline()
    follower.stdout.close()
    assert follower.wait(timeout=60) == 0
