"""From a file to the person who is told: an event is read, a rule fires, a command gets what there is to say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.alerts import DetectionSettings, NotifyTarget
from config.settings import IngestSettings
from ingest.supervisor import start_scanner
from store.store import Store
from tests.e2e.cli_process import auditail, in_process
from tests.listening import listening
from tests.scanner_runs import until

RULE = """\
title: Night build failed
id: 7d5c9f0e-2b1a-4c7e-9a55-3f0d8b6e1c42
name: night-build
level: high
detection:
  failed: {agent_id: nightly, status: failure}
  condition: failed
"""


@pytest.fixture
def rules(home: Path) -> Path:
    folder = home / ".config/auditail/rules"
    folder.mkdir(parents=True)
    (folder / "nightly.yml").write_text(RULE)
    return folder


def event(user: str, ago: timedelta = timedelta()) -> str:
    at = (datetime.now(UTC) - ago).isoformat()
    return json.dumps(
        {"timestamp": at, "event_type": "agent.message", "agent_id": "nightly", "user_id": user, "status": "failure"}
    )


def told(path: Path) -> list[dict[str, Any]]:
    """Return what the command was given, each once."""
    return [json.loads(line) for line in path.read_text().splitlines() if line] if path.exists() else []


@pytest.mark.usefixtures("rules")
def test_whoever_is_named_in_the_settings_is_told_and_of_the_past_nobody(home: Path) -> None:
    words = f"cat >> '{home}/told'; echo >> '{home}/told'"
    (home / ".config/auditail/config.yaml").write_text(
        f"alerts:\n  notify:\n  - name: pager\n    command: [/bin/sh, -c, {json.dumps(words)}]\n    timeout_s: 60\n"
    )
    (home / "a.jsonl").write_text(f"{event('alice')}\n{event('bob', timedelta(days=2))}\n")
    answer = auditail("--store", "s.db", "ingest", "a.jsonl", cwd=home)
    assert answer.code == 0, answer.err
    until(lambda: len(told(home / "told")) == 1)
    (said,) = told(home / "told")
    assert (said["rule"]["name"], said["agent"], said["user"], said["count"]) == ("night-build", "nightly", "alice", 1)
    assert said["text"].startswith("[high] Night build failed: alert ")
    listed = in_process("--store", "s.db", "rules", "list", "--format", "json", cwd=home).json()
    assert [one["alerts"] for one in listed["rules"] if not one["shipped"]] == [2]


def test_a_scanner_tells_while_it_reads(home: Path, rules: Path) -> None:
    store = home / "s.db"
    (home / "in").mkdir()
    with Store.open(store) as opened:
        opened.sources.add_folder(str(home / "in").encode(), "folder", "watch")
    with listening() as server:
        target = NotifyTarget(webhook=server.address(), level="low")
        detection = DetectionSettings(rules=str(rules), notify=(target,))
        scanner = start_scanner(store, IngestSettings(), detection=detection)
        try:
            (home / "in/a.jsonl").write_text(f"{event('alice')}\n")
            until(lambda: bool(server.posted))
        finally:
            scanner.terminate()
            scanner.communicate()
    assert json.loads(server.posted[0].body)["rule"]["name"] == "night-build"
