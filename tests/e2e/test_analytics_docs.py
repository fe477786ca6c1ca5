"""Every example of the page on analytics shows what the command writes; every command has one, every field a line.

`pytest tests/e2e/test_analytics_docs.py --snapshot-update` writes what the commands say now into the page.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.main import get_command

from cli.analytics.measures import FIELDS
from cli.analytics_tree import analytics
from tests.analytics_place import STORE, freeze, pretend_terminal, tell_history
from tests.conftest import ROOT
from tests.e2e.cli_process import in_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAPER: Final = ROOT / "docs" / "analytics.md"
EXAMPLE: Final = re.compile(r"^```console\n\$ auditail (.*)\n((?:.*\n)*?)```$", re.MULTILINE)
EXAMPLES: Final = EXAMPLE.findall(PAPER.read_text("utf-8"))
SETTINGS: Final = re.compile(r"^```yaml\n((?:.*\n)*?)```$", re.MULTILINE)
WIDTH: Final = 100


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    tell_history(folder)
    (folder / "config.yaml").write_text("".join(SETTINGS.findall(PAPER.read_text("utf-8"))))
    return folder


def leaves(group: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command below a group."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_shows_what_the_command_writes(
    place: Path, command: str, shown: str, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    freeze(monkeypatch)
    pretend_terminal(monkeypatch, WIDTH)
    answer = in_process("--store", STORE, "--config", "config.yaml", *shlex.split(command), cwd=place)
    assert answer.code in (0, 1), answer.err
    if pytestconfig.getoption("--snapshot-update"):
        page = PAPER.read_text("utf-8")
        PAPER.write_text(
            page.replace(f"$ auditail {command}\n{shown}```", f"$ auditail {command}\n{answer.out}{answer.err}```")
        )
    else:
        assert answer.out + answer.err == shown


def test_every_command_has_an_example() -> None:
    shown = [tuple(shlex.split(command)) for command, _ in EXAMPLES]
    missing = [
        words
        for words in leaves(get_command(analytics), ("analytics",))
        if not any(one[: len(words)] == words for one in shown)
    ]
    assert missing == []


def test_every_field_of_a_row_is_explained() -> None:
    explained = re.findall(r"`([a-z0-9_]+)`", PAPER.read_text("utf-8"))
    assert set(FIELDS) - set(explained) == set()
