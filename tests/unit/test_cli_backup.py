"""What `backup` and `restore` say and answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import run
from store.lease import ScannerLease
from store.store import Store

EVENT = '{"timestamp":"2026-01-27T10:30:00Z","event_type":"mcp.tool_call","agent_id":"assistant"}\n'


class Shell:
    """Runs command lines in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Collect what is written."""
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run and return standard error; standard output must be empty and the exit code must be `code`."""
        found = run(arguments)
        out, err = self._capsys.readouterr()
        assert (found, out) == (code, ""), err
        return err


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """A shell in a folder with a store of two events in `s.db`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text(EVENT * 2)
    shell = Shell(capsys)
    shell("ingest", "--store", "s.db", "a.jsonl")
    return shell


def test_there_and_back(shell: Shell, tmp_path: Path) -> None:
    said = shell("backup", "--store", "s.db", "copy")
    assert said.startswith(f"{tmp_path}/s.db copied to copy, ")
    (tmp_path / "b.jsonl").write_text(EVENT)
    shell("ingest", "--store", "s.db", "b.jsonl")
    lines = shell("restore", "--store", "s.db", "copy").splitlines()
    assert lines[0] == f"{tmp_path}/s.db restored from copy, 2 events"
    [kept] = tmp_path.glob("s.db.before-*")
    assert lines[1] == f"what it was before is kept as {kept}: delete it when you no longer need it"
    assert "`auditail ingest`" in lines[2]
    assert " 0 events" in shell("ingest", "--store", "s.db", "a.jsonl")
    assert " 1 event," in shell("ingest", "--store", "s.db", "b.jsonl")


def test_into_a_new_place(shell: Shell, tmp_path: Path) -> None:
    shell("backup", "--store", "s.db", "copy")
    said = shell("restore", "--store", "new/s.db", "copy")
    assert f"{tmp_path}/new/s.db restored from copy, 2 events" in said
    assert "kept" not in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("backup", "--store", "s.db", "a.jsonl"), 2, "a.jsonl is there already: name another file, or add --force"),
        (("backup", "--store", "s.db", "s.db", "--force"), 2, "s.db is the store's own file"),
        (("backup", "--store", "s.db", "."), 2, ". is a folder: name a file in it"),
        (("backup", "--store", "s.db", "no/copy"), 2, "there is no folder no"),
        (("backup", "--store", "none.db", "copy"), 3, "no store at"),
        (("backup", "--store", "postgresql://u:p@h/d", "copy"), 3, "a postgresql store is not supported"),
        (("restore", "--store", "s.db", "missing"), 3, "there is no missing: name the file that `auditail backup`"),
        (("restore", "--store", "s.db", "a.jsonl"), 3, "a.jsonl is no copy of an auditail store"),
        (("restore", "--store", "s.db", "s.db"), 3, "s.db is the store itself"),
        (("backup",), 2, "missing argument 'FILE'"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    shell: Shell, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    before = sorted(tmp_path.iterdir())
    said = shell(*arguments, code=code)
    assert said.startswith("auditail: ")
    assert words in said
    assert said.count("\n") == 1
    assert [path for path in sorted(tmp_path.iterdir()) if path not in before and "lock" not in path.name] == []


def test_restoring_under_a_dashboard_is_refused(shell: Shell, tmp_path: Path) -> None:
    shell("backup", "--store", "s.db", "copy")
    with Store.open(tmp_path / "s.db") as store:
        lease = ScannerLease(store)
        lease.acquire()
        said = shell("restore", "--store", "s.db", "copy", code=3)
        lease.release()
    assert "close the dashboard that is open on it, then restore again" in said
    assert said.count("\n") == 1
