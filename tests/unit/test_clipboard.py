"""Copying: to the terminal where it takes it, else to a file that only its owner reads."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.clipboard import MOST, copy_text, takes_clipboard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App


class Terminal:
    """Stands for the app: keeps what it was given."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.taken: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        """Keep it."""
        self.taken.append(text)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def copied(text: str, environ: Mapping[str, str]) -> tuple[Terminal, str]:
    terminal = Terminal()
    app: App[None] = terminal  # type: ignore[assignment]
    return terminal, copy_text(app, text, noun="the event as JSON", name="event.json", environ=environ)


def test_a_terminal_takes_it(temporary: Path) -> None:
    terminal, said = copied('{"a":1}', {"TERM": "xterm-256color"})
    assert terminal.taken == ['{"a":1}']
    assert said == "Copied the event as JSON"
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("environ", [{}, {"TERM": "linux"}, {"TERM": "xterm", "TERM_PROGRAM": "Apple_Terminal"}])
def test_without_a_clipboard_it_is_written_for_its_owner_alone(environ: Mapping[str, str]) -> None:
    terminal, said = copied("é", environ)
    path = Path(said.removeprefix("Wrote the event as JSON to "))
    assert terminal.taken == []
    assert path.read_text("utf-8") == "é"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("variable", ["TMUX", "STY"])
def test_behind_a_multiplexer_both_are_done_and_said(variable: str) -> None:
    terminal, said = copied("x", {"TERM": "screen-256color", variable: "1"})
    assert terminal.taken == ["x"]
    path, _, more = said.removeprefix("Wrote the event as JSON to ").partition(" and ")
    assert Path(path).read_text("utf-8") == "x"
    assert more == "sent it to the clipboard, if tmux or screen lets it through"


def test_what_is_too_long_for_a_terminal_goes_to_a_file() -> None:
    terminal, said = copied("x" * MOST, {"TERM": "xterm"})
    assert terminal.taken == []
    assert said.startswith("Wrote")


def test_a_lone_surrogate_does_not_break_it() -> None:
    terminal, _ = copied("\ud800", {"TERM": "xterm"})
    assert terminal.taken == ["\\ud800"]


def test_what_is_known_of_terminals() -> None:
    assert takes_clipboard({"TERM": "xterm-kitty"}) is True
    assert takes_clipboard({"TERM": "dumb"}) is False
    assert takes_clipboard({"TERM": "tmux-256color", "TMUX": "/tmp/t,1,0"}) is None  # noqa: S108 (a value, not a file)
