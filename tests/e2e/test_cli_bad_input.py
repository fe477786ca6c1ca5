"""Whatever is wrong: one clear line that says what to do, the right exit code, nothing lost, no traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from config.settings import IngestSettings
from ingest.service import ingest_once
from tests.e2e.cli_process import auditail, command, environment, in_process

EVENT = b'{"timestamp":"2026-01-27T10:30:00Z","event_type":"mcp.tool_call","agent_id":"assistant"}\n'


def test_an_unknown_settings_key_names_the_nearest_the_file_and_the_line(tmp_path: Path) -> None:
    (tmp_path / "my.yaml").write_text("logging:\n  retention_day: 90\n")
    answer = auditail("--config", "my.yaml", "logs", cwd=tmp_path)
    assert answer.code == 2
    assert answer.complaint() == (
        f"auditail: {tmp_path}/my.yaml:2: unknown setting logging.retention_day: did you mean logging.retention_days?"
    )


@pytest.mark.parametrize(
    "content", [b"this is no database, just a text of some length\n" * 300, b"\x00" * 5000], ids=["text", "zeros"]
)
def test_a_store_that_is_not_a_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    store = tmp_path / "notes.txt"
    store.write_bytes(content)
    (tmp_path / "e.jsonl").write_bytes(EVENT)
    for arguments in (("logs",), ("status",), ("ingest", "e.jsonl")):
        answer = in_process("--store", str(store), *arguments, cwd=tmp_path)
        assert answer.code == 3, arguments
        assert "is not an auditail store" in answer.complaint()
        assert "--store" in answer.complaint()
    assert store.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    store = tmp_path / "other.db"
    with sqlite3.connect(store) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    before = store.read_bytes()
    answer = in_process("logs", "--store", str(store), cwd=tmp_path)
    assert answer.code == 3
    assert "is not an auditail store" in answer.complaint()
    assert store.read_bytes() == before


def test_a_newer_schema_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_bytes(EVENT)
    store = tmp_path / "s.db"
    assert in_process("ingest", "e.jsonl", "--store", str(store), cwd=tmp_path).code == 0
    with sqlite3.connect(store) as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    for arguments in (("logs",), ("ingest", "e.jsonl"), ("status",)):
        answer = in_process("--store", str(store), *arguments, cwd=tmp_path)
        assert answer.code == 3, arguments
        assert "9999" in answer.complaint()
        assert "upgrade auditail" in answer.complaint()


def test_a_store_that_does_not_exist_yet_says_how_to_make_one(tmp_path: Path) -> None:
    answer = in_process("logs", cwd=tmp_path)
    assert answer.code == 3
    assert "auditail ingest PATH" in answer.complaint()


def test_a_database_servers_address_is_refused_without_its_password(tmp_path: Path) -> None:
    answer = in_process("--store", "postgresql://me:secret@db/x", "logs", cwd=tmp_path)
    assert answer.code == 3
    assert "postgresql" in answer.complaint()
    assert "secret" not in answer.err


def test_a_missing_folder_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_bytes(EVENT)
    answer = auditail("ingest", "nowhere", "e.jsonl", cwd=tmp_path)
    assert answer.code == 1
    assert "nowhere" in answer.err
    assert "Traceback" not in answer.err
    assert len(in_process("logs", "--format", "json", cwd=tmp_path).json()) == 1


def test_an_unreadable_file_or_folder_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.jsonl").write_bytes(EVENT)
    (tmp_path / "in/closed.jsonl").write_bytes(EVENT)
    (tmp_path / "in/closed.jsonl").chmod(0)
    (tmp_path / "locked").mkdir(mode=0)
    answer = auditail("ingest", "in", "locked", cwd=tmp_path, mere_mortal=True)
    (tmp_path / "locked").chmod(0o700)
    assert answer.code == 1, answer.err
    assert "closed.jsonl" in answer.err
    assert "locked" in answer.err
    assert "Traceback" not in answer.err
    assert len(in_process("logs", "--format", "json", cwd=tmp_path).json()) == 1


def test_without_a_terminal_the_dashboard_says_so(tmp_path: Path) -> None:
    answer = auditail(cwd=tmp_path)
    assert answer.code == 2
    assert "needs a terminal" in answer.complaint()
    assert "auditail infra logs" in answer.complaint()


@pytest.fixture(scope="module")
def large_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of more events than a pipe holds in any format."""
    folder = tmp_path_factory.mktemp("large")
    file = folder / "e.jsonl"
    file.write_bytes(b"".join(EVENT.replace(b"}", b',"message":"%d"}' % n) for n in range(10_000)))
    assert ingest_once(folder / "s.db", [os.fsencode(file)], IngestSettings()).events == 10_000
    return folder / "s.db"


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_closed_pipe_is_not_an_error(tmp_path: Path, large_store: Path, form: str) -> None:
    arguments = command("logs", "--store", str(large_store), "--format", form, "--limit", "10000")
    process = subprocess.Popen(
        arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), errors) == (0, b"")


def test_help_into_a_closed_pipe_is_not_an_error(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as closed:
        for arguments in (("--help",), ("infra", "logs", "--help"), ("infra",), ("schema",)):
            done = subprocess.run(
                command(*arguments), cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, check=False, env=environment()
            )
            assert (done.returncode, done.stderr) == (0, b""), arguments


def test_a_full_disk_behind_standard_output_is_one_line(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        return  # only some systems can pretend
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("schema"), cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, check=False, env=environment()
        )
    assert done.returncode == 1
    assert done.stderr == b"auditail: No space left on device\n"


def test_a_time_that_is_none_shows_the_accepted_forms(tmp_path: Path) -> None:
    answer = in_process("logs", "--since", "whenever", cwd=tmp_path)
    assert answer.code == 2
    for form in ("'whenever'", "2026-01-27T10:30:00Z", "-24h", "yesterday", "today"):
        assert form in answer.complaint()


def test_what_an_error_quotes_cannot_steer_the_terminal(tmp_path: Path) -> None:
    answer = in_process("logs", "--since", "\x1b]0;owned\x07", cwd=tmp_path)
    assert "\x1b" not in answer.err
    assert auditail("logs", "--\x1b[2Jx", cwd=tmp_path).err.count("\x1b") == 0
