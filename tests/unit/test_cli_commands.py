"""What ingest, quarantine, status, schema and trust say and answer, on real files and a real store."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cli.main import run
from store.schema import EVENT_FIELDS, EVENT_SCHEMA
from tests.e2e.cli_process import auditail, command, environment
from tests.scanner_runs import until

GOOD = '{"timestamp":"2026-01-27T10:30:00Z","event_type":"mcp.tool_call","agent_id":"assistant"}\n'
NO_EVENT = '{"hello": "\\u001b[2J"}\n'


class Shell:
    """Runs command lines in this process, in a folder of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Collect what is written."""
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> tuple[str, str]:
        """Run and return standard output and standard error; the exit code must be `code`."""
        found = run(arguments)
        out, err = self._capsys.readouterr()
        assert found == code, err
        assert "Traceback" not in err
        return out, err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run and return standard output as JSON."""
        return json.loads(self(*arguments, code=code)[0])


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(capsys)


def test_ingest_sums_up_and_a_second_time_adds_nothing(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text(GOOD * 3)
    (tmp_path / "in/b.json").write_text(f"[{GOOD.strip()}]")
    out, err = shell("ingest", "in")
    assert out == ""
    assert re.fullmatch(r"2 files, 4 events, 0 duplicates, 0 quarantined, 0 redacted, [\d,]+ events/s\n", err)
    assert " 0 events" in shell("ingest", "in")[1]
    assert len(shell.json("logs", "--format", "json")) == 4


def test_what_cannot_be_read_is_in_quarantine_with_its_reason_and_place(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "mixed.jsonl").write_text(GOOD + NO_EVENT + "{broken\n" + GOOD)
    _, err = shell("ingest", "mixed.jsonl", code=1)
    assert "2 events" in err
    assert "2 quarantined" in err
    assert "auditail quarantine list" in err
    listed, _ = shell("quarantine", "list", code=1)
    assert [line.split()[0] for line in listed.splitlines()] == ["1", "2"]
    assert f"{tmp_path}/mixed.jsonl:2  no event_type and no known format" in listed
    shown, _ = shell("quarantine", "show", "1")
    assert f"{tmp_path}/mixed.jsonl" in shown
    assert '{"hello": "\\u001b[2J"}' in shown
    assert shell("quarantine", "show", "2", "--raw")[0].strip() == "{broken"
    assert "no known format" in shell("quarantine", "list", "--reason", "no known format", code=1)[0]
    assert "see `auditail quarantine list`" in shell("quarantine", "show", "99", code=2)[1]


def test_an_empty_quarantine_is_no_finding(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_text(GOOD)
    shell("ingest", "e.jsonl")
    assert shell("quarantine", "list") == ("", "nothing is in quarantine\n")


def test_credentials_are_replaced_and_counted(shell: Shell, tmp_path: Path) -> None:
    secret = "sk-ant-api03-" + "a1B2" * 20
    (tmp_path / "e.jsonl").write_text(GOOD.replace("}", f', "metadata": {{"api_key": "{secret}"}}}}'))
    assert "1 redacted" in shell("ingest", "e.jsonl")[1]
    assert secret not in shell("logs", "--format", "json")[0]


def test_standard_input_is_read_to_its_end(shell: Shell, tmp_path: Path) -> None:
    answer = auditail("ingest", "-", cwd=tmp_path, given=(GOOD * 2).encode())
    assert answer.code == 0, answer.err
    assert "1 file, 2 events" in answer.err
    assert len(shell.json("logs", "--format", "json")) == 2


def test_following_stores_what_arrives_and_ends_with_a_summary(tmp_path: Path, shell: Shell) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").write_text(GOOD)
    process = subprocess.Popen(
        command("ingest", "--follow", "in"), cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment()
    )
    follower = subprocess.Popen(
        command("logs", "--follow", "--format", "jsonl"),
        cwd=_when_there(tmp_path, process),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(),
    )
    try:
        assert follower.stdout is not None
        assert json.loads(follower.stdout.readline())["agent_id"] == "assistant"
        (tmp_path / "in/late.tmp").write_text(GOOD.replace("assistant", "late"))
        (tmp_path / "in/late.tmp").rename(tmp_path / "in/late.jsonl")
        assert json.loads(follower.stdout.readline())["agent_id"] == "late"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "2 events" in err
    finally:
        for one in (process, follower):
            one.kill()
            one.communicate()
    assert "--follow" in shell("ingest", "--follow", "-", code=2)[1]
    assert "there is no nowhere" in shell("ingest", "--follow", "nowhere", code=2)[1]


def _when_there(folder: Path, process: subprocess.Popen[str]) -> Path:
    """Return the folder as soon as the process has said that it follows: then there is a store."""
    assert process.stderr is not None
    assert "following 1 path" in process.stderr.readline()
    lock = Path("~/.local/share/auditail/auditail.db.scanner.lock").expanduser()
    until(lambda: lock.exists() or process.poll() is not None)
    return folder


def test_status_says_what_holds_and_where_it_comes_from(
    shell: Shell, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = shell("status", code=1)
    assert f"none yet at {home}/.local/share/auditail/auditail.db" in out
    assert shell.json("status", "--format", "json", code=1)["scanner"] is None
    (tmp_path / "e.jsonl").write_text(GOOD + "{\n")
    shell("ingest", "e.jsonl", code=1)
    mine = home / ".config/auditail/config.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("logging:\n  retention_days: 30\n")
    monkeypatch.setenv("AUDITAIL_UI__THEME", "nord")
    out, _ = shell("status", code=1)
    assert "not running, last ingested" in out
    assert "1 event," in out
    assert re.search(rf"logging\.retention_days +30 +{re.escape(str(mine))}:2", out)
    assert re.search(r"ui\.theme +nord +AUDITAIL_UI__THEME", out)
    assert "logging.retention_days is set but not yet in force" in out
    document = shell.json("status", "--format", "json", code=1)
    assert document["store"]["events"] == 1
    assert document["quarantined"] == 1
    assert document["settings"]["logging.retention_days"] == {"value": 30, "from": f"{mine}:2"}
    assert list(document["settings_not_in_force"]) == ["logging.retention_days"]


def test_status_names_what_is_passed_over(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "e.jsonl").write_text(GOOD)
    (folder / "link.jsonl").symlink_to("e.jsonl")
    shell("ingest", "in")
    assert "      only plain files are read, passed over: 1 link (link.jsonl)\n" in shell("status")[0]
    [source] = shell.json("status", "--format", "json")["sources"]
    assert source["passed_over"] == [{"kind": "link", "number": 1, "example": "link.jsonl"}]
    assert source["staying"] == []


def test_schema_describes_what_is_written(shell: Shell, tmp_path: Path) -> None:
    assert shell.json("schema") == EVENT_SCHEMA
    (tmp_path / "e.jsonl").write_text(GOOD)
    shell("ingest", "e.jsonl")
    event = shell.json("logs", "--format", "json")[0]
    assert set(event) <= set(EVENT_FIELDS)
    assert set(event["source"]) == set(EVENT_SCHEMA["properties"]["source"]["properties"])


def test_a_project_is_trusted_once_by_a_person(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "services/logging/config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("logging: {retention_days: 90, export: {enabled: true, destination: 's3://x/\\e[2J'}}\n")
    _, err = shell("status", code=1)
    assert err.count("\n") == 1
    assert "auditail trust" in err
    assert "add --yes" in shell("trust", code=2)[1]
    _, err = shell("trust", "--yes")
    assert "delete events after 90 days" in err
    assert "\x1b" not in err
    assert shell.json("status", "--format", "json", code=1)["settings"]["logging.retention_days"]["value"] == 90
    assert "already trusted" in shell("trust")[1]
    assert "no longer trusted" in shell("trust", "--revoke")[1]
    assert shell.json("status", "--format", "json", code=1)["settings"]["logging.retention_days"]["value"] is None
    file.write_text("logging: {export: {format: csv}}\n")
    assert "nothing that needs confirming" in shell("trust")[1]
