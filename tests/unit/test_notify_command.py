"""A notice given to a real command: what it gets, and what becomes of one that fails, hangs or leaves others behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import detect
from config.alerts import NotifyTarget
from detect.notify.command import running
from detect.notify.outcome import TOLD, Outcome

PYTHON = (sys.executable, "-I", "-c")
PACKAGES = str(Path(detect.__file__).resolve().parent.parent)


def run(*words: str, timeout_s: float = 60, environ: dict[str, str] | None = None) -> Outcome:
    target = NotifyTarget(command=words, timeout_s=timeout_s)
    return running(target, environ if environ is not None else {"PATH": os.environ["PATH"]})('{"text": "é"}')


def test_it_gets_the_notice_as_its_standard_input_and_words_as_they_are(tmp_path: Path) -> None:
    words = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read() + sys.argv[2].encode())"
    assert run(*PYTHON, words, str(tmp_path / "got"), "$HOME; rm -rf *") == TOLD
    assert (tmp_path / "got").read_bytes() == '{"text": "é"}$HOME; rm -rf *'.encode()


def test_its_surroundings_are_its_own(tmp_path: Path) -> None:
    words = (
        "import os, sys; open(sys.argv[1], 'w').write('\\n'.join(["
        "os.getcwd(), str(os.getpgrp() == os.getpid()), os.environ.get('AUDITAIL_DETECTION', '-'),"
        " os.environ.get('PYTHONPATH', '-'), os.environ['OWN']]))"
    )
    environ = {
        "AUDITAIL_DETECTION": '{"notify": [{"webhook": "https://a/token"}]}',
        "PYTHONPATH": os.pathsep.join((PACKAGES, "/own/path")),
        "OWN": "kept",
    }
    assert run(*PYTHON, words, str(tmp_path / "got"), environ=environ) == TOLD
    assert (tmp_path / "got").read_text().splitlines() == ["/", "True", "-", "/own/path", "kept"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("import sys; sys.exit(3)", "the command ended with 3"),
        (
            "import sys; sys.stderr.write('first\\n\\x1b[31mno \\u202e route\\n\\n'); sys.exit(1)",
            "the command ended with 1: ␛[31mno ‹202e› route",
        ),
        ("import os; os.kill(os.getpid(), 9)", "the command was ended by signal 9"),
    ],
)
def test_one_that_fails_is_tried_again(words: str, error: str) -> None:
    assert run(*PYTHON, words, environ={"PYTHONIOENCODING": "utf-8"}) == Outcome(error)


def test_what_it_says_is_cut_to_a_line() -> None:
    found = run(*PYTHON, "import sys; sys.stderr.write('x' * 1_000_000); sys.exit(1)")
    assert found.error is not None
    assert len(found.error) == 300
    assert found.error.endswith("x…")


def test_one_that_hangs_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    found = run("/bin/sh", "-c", f"exec 9> '{pipe}'; sleep 600 & wait", timeout_s=0.3)
    assert found == Outcome("the command did not end within 0.3 s")
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""  # the end: nobody holds it open any more
    os.close(reader)


def test_one_that_leaves_something_behind_is_done_when_it_is_done() -> None:
    assert run("/bin/sh", "-c", "sleep 2 & exit 0", timeout_s=60) == TOLD


def test_one_that_is_not_there() -> None:
    assert run("/no/such/program") == Outcome("the command cannot be run: No such file or directory")
