"""Every example of the page on alerts shows what the command writes, one after the other; every field has a line.

`pytest tests/e2e/test_alerts_docs.py --snapshot-update` writes what the commands say now into the page.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, Final

import pytest
from typer.main import get_command

from cli.alerts.document import CSV_FIELDS, detail_values, row_values
from cli.alerts_tree import alerts
from store.reader import StoreReader
from tests.alerts_example import STORE, freeze, tell
from tests.analytics_place import pretend_terminal
from tests.conftest import ROOT
from tests.e2e.cli_process import in_process

PAPER: Final = ROOT / "docs" / "alerts.md"
EXAMPLE: Final = re.compile(r"^```console\n\$ auditail (.*)\n((?:.*\n)*?)```$", re.MULTILINE)
EXAMPLES: Final = EXAMPLE.findall(PAPER.read_text("utf-8"))
NEVER_ENDING: Final = "auditail alerts watch"
WIDTH: Final = 100


def test_the_examples_show_what_the_commands_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    tell(tmp_path)
    freeze(monkeypatch)
    pretend_terminal(monkeypatch, WIDTH)
    page = PAPER.read_text("utf-8")
    at = 0
    for command, shown in EXAMPLES:
        answer = in_process("--store", STORE, *shlex.split(command), cwd=tmp_path)
        assert answer.code == 0, answer.err
        said = (answer.out + answer.err).replace("\r\n", "\n")
        if pytestconfig.getoption("--snapshot-update"):
            before = f"$ auditail {command}\n{shown}```"
            at = page.index(before, at)
            after = f"$ auditail {command}\n{said}```"
            page = page[:at] + after + page[at + len(before) :]
            at += len(after)
        else:
            assert said == shown, command
    PAPER.write_text(page)


def test_every_command_has_an_example() -> None:
    page = PAPER.read_text("utf-8")
    assert NEVER_ENDING in page
    commands: Any = get_command(alerts)
    shown = {shlex.split(command)[1] for command, _ in EXAMPLES if command.startswith("alerts ")} | {"watch"}
    assert shown == set(commands.commands)


def test_every_field_is_explained(tmp_path: Path) -> None:
    tell(tmp_path)
    reader = StoreReader.open(tmp_path / STORE)
    detail = reader.alerts.detail(4)
    assert detail is not None
    values = detail_values(detail, reader)
    fields = {
        *values,
        *row_values(detail.row),
        *CSV_FIELDS,
        *values["history"][0],
        *values["rule"],
        *values["evidence"][0],
    }
    reader.close()
    explained = re.findall(r"`([a-z0-9_]+)`", PAPER.read_text("utf-8"))
    assert fields - set(explained) == set()
