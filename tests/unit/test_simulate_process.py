"""The platform as a process of its own: it ends with its parent or on a signal, and leaves whole files."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from watchfiles import watch

import ingest
from ingest.simulate.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(ingest.__file__).parents[1]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "ingest.simulate", "--out", str(tmp_path / "events"), "--rate", "100"]
    with subprocess.Popen(
        [*command, "--seed", "4", "--backfill", "2m"],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        yield process
        process.kill()


def wait_for_files(platform: subprocess.Popen[bytes], folder: Path) -> None:
    """Return as soon as there is a single file, which the platform writes only after its history."""
    for _ in watch(folder.parent, rust_timeout=200, yield_on_timeout=True, step=20, debounce=50):
        assert platform.poll() is None
        if list(folder.glob("*/*.json")):
            return


def read_all(folder: Path) -> int:
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return len([orjson.loads(line) for text in texts for line in text.splitlines()])


def test_it_ends_when_standard_input_does(platform: subprocess.Popen[bytes], tmp_path: Path) -> None:
    wait_for_files(platform, tmp_path / "events")
    output, _ = platform.communicate(timeout=60)
    assert (platform.returncode, output) == (0, b"")
    assert read_all(tmp_path / "events") > 5_000
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_on_a_signal(platform: subprocess.Popen[bytes], tmp_path: Path, number: int) -> None:
    wait_for_files(platform, tmp_path / "events")
    platform.send_signal(number)
    assert platform.wait(timeout=60) == 0
    assert platform.stdout is not None
    assert platform.stdout.read() == b""
    assert read_all(tmp_path / "events") > 5_000
    assert not list(tmp_path.rglob("*.tmp"))


def test_it_ends_when_its_folder_cannot_be_written(tmp_path: Path) -> None:
    events = tmp_path / "events"
    (events / "platform-11.jsonl").mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-m", "ingest.simulate", "--out", str(events), "--backfill", "2m"],
        cwd=HOUSE,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.wait(timeout=60) == 3
        assert process.stderr is not None
        assert process.stderr.read().decode() == f"Cannot write to {events}: Is a directory\n"


def test_wrong_values_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path), "--rate", "0"]) == 2
    assert capsys.readouterr().err == "The rate must be greater than 0 events per second, not 0.\n"
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file")]) == 3
    assert capsys.readouterr().err.startswith(f"Cannot write to {tmp_path / 'file'}: ")
    with pytest.raises(SystemExit) as refused:
        main(["--out", str(tmp_path), "--backfill", "soon"])
    assert refused.value.code == 2
    assert "'soon' is not a length of time" in capsys.readouterr().err


def test_it_starts_without_the_screen_and_the_store() -> None:
    script = "import sys, ingest.simulate.live, ingest.simulate.headless; print([m for m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=HOUSE, capture_output=True, check=True, env={})
    loaded = done.stdout.decode()
    assert "ingest.simulate.stories" in loaded
    assert not any(f"'{name}'" in loaded for name in ("textual", "sqlmodel", "typer", "rich", "pydantic"))
