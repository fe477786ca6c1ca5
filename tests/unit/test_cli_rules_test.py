"""`auditail rules test` on real files and a real store."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from store.clock import now_us
from store.store import Store
from tests.e2e.cli_process import Answer, in_process
from tests.events import add_source, batch, line

BASE = "0e7c1a52-6a3b-4a0e-9d2e-0d8d0c6f1a0"
MINE = f"""\
title: Night build fails
id: {BASE}1
name: night-build
detection:
  failed: {{agent_id: "nightly*", status: failure}}
  condition: failed
auditail: {{cool-down: 10m, group-by: agent_id}}
---
title: By query
id: {BASE}2
name: by-query
auditail: {{filter: "agent:nightly status:failure"}}
---
title: Again and again
id: {BASE}3
name: again
correlation: {{type: event_count, rules: failed-login, group-by: user_id, timespan: 1h, condition: {{gte: 2}}}}
"""
SILENT = f"""\
title: Quiet
id: {BASE}4
name: quiet
detection: {{hit: {{agent_id: nightly}}, condition: hit}}
auditail: {{kind: silence}}
"""
HOUR_US = 3_600_000_000


@pytest.fixture
def place(home: Path) -> Path:
    """A home with a store of three days, and rules beside it."""
    now = now_us()
    failed = [
        line(f"{hours}", now - round(hours * HOUR_US), agent_id=agent, status="failure")
        for hours, agent in ((70, "nightly"), (50, "nightly"), (2, "nightly"), (1.9, "nightly2"), (1.85, "nightly2"))
    ]
    logins = [line(f"login {n}", now - n * 1_000_000, event_type="auth.failed", user_id="eve\x1b[31m") for n in (1, 2)]
    with Store.open(home / "s.db") as opened:
        opened.append([batch(add_source(opened), *failed, *logins, line("plain", now))])
    (home / "mine.yml").write_text(MINE)
    return home


def answer_of(home: Path, *arguments: str, code: int = 0) -> Answer:
    answer = in_process("rules", "test", *arguments, "--store", "s.db", cwd=home)
    assert answer.code == code, answer.err
    return answer


def test_every_rule_of_a_file_is_answer_of(place: Path) -> None:
    out = answer_of(place, "mine.yml").out.splitlines()
    said = [row for row in out if "would" in row]
    assert said == [
        "night-build: would have fired 4 times in 3 days, on 2 agents",
        "by-query: would have fired 3 times in 3 days, on 1 agent",
        "again: would have fired once in 3 days, of 1 user",
    ]
    assert len([row for row in out if "nightly2" in row]) == 1
    assert "\x1b" not in "".join(out)


def test_only_the_rule_and_the_time_that_are_asked_for(place: Path) -> None:
    out = answer_of(place, "mine.yml", "--rule", "Night-Build", "--since", "-3h").out
    assert out.splitlines()[0] == "night-build: would have fired 2 times in 3 hours, on 2 agents"
    assert "by-query" not in out


def test_json_has_everything(place: Path) -> None:
    (found,) = orjson.loads(answer_of(place, "mine.yml", "--rule", "again", "--format", "json").out)
    assert (found["rule"], found["complete"], found["events"], found["replayed"]) == ("again", True, 8, 2)
    (incident,) = found["incidents"]
    assert incident["count"] == 2
    assert len(incident["evidence"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none.yml",), "none.yml:1: the file cannot be read"),
        (("mine.yml", "--rule", "other"), "no rule in mine.yml is called other: there is night-build, by-query, again"),
        (("mine.yml", "--since", "whenever"), "cannot read the time 'whenever'"),
        (("bad.yml",), "bad.yml has rules that cannot be used, see above: mend them first"),
    ],
)
def test_what_cannot_be_tested_is_said(place: Path, arguments: tuple[str, ...], words: str) -> None:
    (place / "bad.yml").write_text(MINE.replace("status: failure", "statsu: failure"))
    assert words in answer_of(place, *arguments, code=2).err


def test_a_silence_is_not_tested_and_says_why(place: Path) -> None:
    (place / "quiet.yml").write_text(SILENT)
    answer = answer_of(place, "quiet.yml")
    assert answer.out == ""
    assert "quiet: a silence cannot be looked for in what is stored" in answer.err


def test_without_a_store_it_says_so(home: Path) -> None:
    (home / "mine.yml").write_text(MINE)
    answer_of(home, "mine.yml", code=3)
