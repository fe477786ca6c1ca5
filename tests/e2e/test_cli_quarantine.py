"""`auditail quarantine` and `auditail status` as programs: words, exit codes, and what they leave behind."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ingest import retry_service
from store.lease import ScannerLease
from store.store import Store
from tests.e2e.cli_process import Answer, auditail, command, environment, in_process
from tests.scanner_runs import until

GOOD = '{"timestamp":"2026-01-27T10:30:00Z","event_type":"mcp.tool_call","agent_id":"assistant"}\n'
BROKEN = '{"timestamp":"2026-01-27T10:30:00Z", oh dear}\n'
ODD = '{"hello":"\\u001b[2J"}\n'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with a file that has two bad records, already ingested."""
    (tmp_path / "mixed.jsonl").write_text(GOOD + BROKEN + GOOD * 30 + ODD + GOOD * 30)
    assert in_process("ingest", "mixed.jsonl", cwd=tmp_path).code == 1
    return tmp_path


def call(place: Path, *arguments: str, code: int = 0) -> Answer:
    """Run a command, which must end with this code."""
    answer = in_process(*arguments, cwd=place)
    assert answer.code == code, answer.err
    assert "Traceback" not in answer.err
    return answer


def status(place: Path, code: int) -> Any:
    """Return what `status` says as JSON."""
    return call(place, "status", "--format", "json", code=code).json()


def test_list_has_a_form_for_people_and_some_for_programs(place: Path) -> None:
    table = call(place, "quarantine", "list", code=1)
    assert [row.split()[0] for row in table.out.splitlines()] == ["1", "2"]
    found = call(place, "quarantine", "list", "--format", "json", code=1).json()
    assert [(one["id"], one["line"], one["path"]) for one in found] == [
        (1, 2, f"{place}/mixed.jsonl"),
        (2, 33, f"{place}/mixed.jsonl"),
    ]
    lines = call(place, "quarantine", "list", "--format", "jsonl", code=1).out.splitlines()
    assert [json.loads(line) for line in lines] == found
    rows = list(csv.DictReader(io.StringIO(call(place, "quarantine", "list", "--format", "csv", code=1).out)))
    assert [row["reason"] for row in rows] == [one["reason"] for one in found]
    [newest] = call(place, "quarantine", "list", "--limit", "1", "--format", "json", code=1).json()
    assert newest["id"] == 2


def test_list_by_reason_counts(place: Path) -> None:
    found = call(place, "quarantine", "list", "--by", "reason", "--format", "json", code=1).json()
    assert {one["kind"].split(":")[0]: one["records"] for one in found} == {
        "no event_type and no known format": 1,
        "not JSON": 1,
    }
    assert "no known format" in call(place, "quarantine", "list", "--by", "reason", code=1).out


def test_list_is_narrowed_and_empty_is_no_finding(place: Path) -> None:
    assert "  1  " in call(place, "quarantine", "list", "--reason", "not JSON", "--source", "mixed", code=1).out
    nothing = call(place, "quarantine", "list", "--reason", "unheard of")
    assert (nothing.out, nothing.err) == ("", "nothing in quarantine is like that\n")
    assert call(place, "quarantine", "list", "--source", "elsewhere", "--format", "json").out == "[]\n"


def test_show_marks_the_place_of_the_fault(place: Path) -> None:
    shown = call(place, "quarantine", "show", "1").out.splitlines()
    [mark] = [number for number, row in enumerate(shown) if row.strip().startswith("^^")]
    column = shown[mark].rindex("^")
    assert shown[mark - 1][column:].startswith("oh")
    assert shown[mark - 1][shown[mark].index("^^") :].startswith("6f 68")
    at = BROKEN.index("oh")
    assert f"fault   at byte {at} of the record, byte {len(GOOD) + at} of the file" in shown
    assert "^" not in call(place, "quarantine", "show", "2").out
    assert "\x1b" not in call(place, "quarantine", "show", "2").out


def test_retry_tells_what_came_of_each(place: Path) -> None:
    file = place / "mixed.jsonl"
    still = call(place, "quarantine", "retry", "--all", code=1)
    assert "     1  still bad: not JSON at byte" in still.out
    assert still.err == "0 read, 2 still in quarantine\n"
    assert "tried" in call(place, "quarantine", "show", "1").out
    mended = '{"event_type":"a.b"}'.ljust(len(ODD) - 1) + "\n"
    file.write_text(file.read_text().replace(ODD, mended))
    answer = call(place, "quarantine", "retry", "2")
    assert answer.out == "     2  read, 1 event\n"
    assert answer.err == "1 read, 0 still in quarantine\n"
    assert len(call(place, "logs", "--type", "a.b", "--format", "jsonl").out.splitlines()) == 1
    assert "nothing in quarantine has the number 2" in call(place, "quarantine", "retry", "2", code=2).complaint()
    call(place, "quarantine", "retry", "--reason", "not JSON", code=1)
    assert "could be read again" in call(place, "quarantine", "retry", "--reason", "unheard of").err


@pytest.mark.parametrize("action", ["retry", "discard"])
def test_records_are_named_in_one_way(place: Path, action: str) -> None:
    more = ("--reason", "x") if action == "discard" else ()
    assert "in one way" in call(place, "quarantine", action, *more, code=2).complaint()
    assert "in one way" in call(place, "quarantine", action, "1", "--all", *more, code=2).complaint()
    assert "number 9" in call(place, "quarantine", action, "1", "9", *more, code=2).complaint()


def test_discard_is_recorded_and_needs_a_reason(place: Path) -> None:
    assert "--reason" in call(place, "quarantine", "discard", "1", code=2).complaint()
    assert "is empty" in call(place, "quarantine", "discard", "1", "--reason", " ", code=2).complaint()
    answer = call(place, "quarantine", "discard", "1", "--reason", "a typo, told to the team")
    assert answer.err.startswith("1 record discarded")
    [event] = call(place, "logs", "--type", "system.quarantine_discarded", "--format", "json").json()
    assert event["metadata"]["why"] == "a typo, told to the team"
    assert event["source"]["path"] == f"{place}/mixed.jsonl"
    assert event["source"]["offset"] == len(GOOD)
    assert event["user_id"]
    assert "add --yes" in call(place, "quarantine", "discard", "--all", "--reason", "x", code=2).complaint()
    assert "1 record discarded" in call(place, "quarantine", "discard", "--all", "--yes", "--reason", "x").err
    assert call(place, "quarantine", "list").err == "nothing is in quarantine\n"
    assert call(place, "quarantine", "discard", "--all", "--reason", "x").err == "nothing is in quarantine\n"


@pytest.mark.parametrize(("said", "code", "left"), [("n\n", 1, 1), ("y\n", 0, 0)])
def test_discarding_all_asks_on_a_terminal(
    place: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: int, left: int
) -> None:
    terminal = io.StringIO(said)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    answer = call(place, "quarantine", "discard", "--all", "--reason", "x", code=code)
    assert "Drop 2 records for good?" in answer.err
    assert call(place, "quarantine", "list", code=left).code == left


def test_a_scanner_that_does_not_come_round_to_it_is_no_store_problem(
    place: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry_service, "_PATIENCE_S", 0.0)
    with Store.open(home / ".local/share/auditail/auditail.db") as store:
        lease = ScannerLease(store)
        lease.acquire()
        answer = call(place, "quarantine", "retry", "1", code=1)
        lease.release()
    assert "has not come round to 1 of the records" in answer.complaint()
    assert "asked for again" in call(place, "quarantine", "list", code=1).out


def test_status_is_fine_once_the_quarantine_is_empty(place: Path) -> None:
    found = status(place, 1)
    assert found["ok"] is False
    [sentence] = found["attention"]
    assert sentence.startswith("2 records could not be read")
    assert {one["kind"] for one in found["quarantine"]} == {
        "no event_type and no known format: add an event_type, or see docs/formats.md for what is read",
        "not JSON: Expecting property name enclosed in double quotes",
    }
    assert f"attention {sentence}" in call(place, "status", code=1).out
    call(place, "quarantine", "discard", "--all", "--yes", "--reason", "x")
    found = status(place, 0)
    assert (found["ok"], found["attention"], found["quarantine"], found["quarantined"]) == (True, [], [], 0)
    assert "attention" not in call(place, "status").out


def test_status_names_what_is_missing_and_what_is_not_watched(tmp_path: Path) -> None:
    assert "there is no store" in status(tmp_path, 1)["attention"][0]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text(GOOD)
    store = tmp_path / "s.db"
    follower = subprocess.Popen(
        command("--store", str(store), "ingest", "--follow", "in"),
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    try:
        _until_stored(tmp_path, store, follower)
    finally:
        follower.kill()
        follower.communicate()
    folder.rename(tmp_path / "gone")
    in_process("--store", str(store), "ingest", "in", cwd=tmp_path)
    found = in_process("--store", str(store), "status", "--format", "json", cwd=tmp_path)
    assert found.code == 1
    attention = found.json()["attention"]
    assert any(one.startswith("no scanner is running") and "1 path should be watched" in one for one in attention)
    assert any(f"{folder}: " in one for one in attention)


def test_a_running_scanner_does_what_is_asked_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    file = folder / "a.json"
    file.write_text(f"[{GOOD}, {BROKEN}]")
    store = tmp_path / "s.db"
    ask = ("--store", str(store))
    follower = subprocess.Popen(
        command(*ask, "ingest", "--follow", "in"),
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip
    try:
        until(lambda: in_process(*ask, "quarantine", "list", cwd=tmp_path).code == 1 or follower.poll() is not None)
        answer = auditail(*ask, "quarantine", "retry", "1", cwd=tmp_path)
        assert (answer.code, answer.err) == (1, "0 read, 1 still in quarantine\n")
        assert "still bad: not JSON" in answer.out
        file.write_text(f"[{GOOD}, {GOOD}]")
        until(lambda: in_process(*ask, "quarantine", "list", cwd=tmp_path).code == 0 or follower.poll() is not None)
        assert len(in_process(*ask, "logs", "--format", "jsonl", cwd=tmp_path).out.splitlines()) == 2
    finally:
        follower.kill()
        follower.communicate()


def _until_stored(place: Path, store: Path, follower: subprocess.Popen[str]) -> None:
    """Return as soon as the store has an event and a running scanner, and nothing needs attention."""

    def fine() -> bool:
        assert follower.poll() is None
        answer = in_process("--store", str(store), "status", "--format", "json", cwd=place)
        found: dict[str, Any] = answer.json() if answer.out else {}
        return answer.code == 0 and found["scanner"]["running"] and found["store"]["events"] > 0

    until(fine)
