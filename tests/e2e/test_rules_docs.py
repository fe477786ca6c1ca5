"""The page on `auditail rules`: every example shows what the command writes; a line `…` stands for any lines."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from cli.rules_tree import rules
from store.clock import now_us
from store.store import Store
from tests.conftest import ROOT
from tests.e2e.cli_process import in_process
from tests.events import add_source, batch, line

PAGE: Final = (ROOT / "docs" / "rules.md").read_text("utf-8")
EXAMPLES: Final = re.findall(r"^```console\n\$ auditail (.*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
DAY_US: Final = 86_400_000_000
RULE: Final = re.findall(r"^```yaml\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)[0]


@pytest.fixture
def place(home: Path) -> Path:
    """A folder with a store, the page's rule, and a draft of it with a mistake."""
    with Store.open(home / "s.db") as store:
        failed = [line(f"{n}", now_us() - n * DAY_US, agent_id="nightly", status="failure") for n in (1, 3)]
        store.append([batch(add_source(store), *failed)])
    (home / "rules").mkdir()
    (home / "rules/nightly.yml").write_text(RULE)
    (home / "draft.yml").write_text(f"# mine\n{RULE.replace('level', 'levle')}")
    return home


def is_shown(shown: list[str], written: list[str]) -> bool:
    """Return whether lines are those that were written, where `…` stands for any number of them."""
    if not shown:
        return not written
    if shown[0] == "…":
        return any(is_shown(shown[1:], written[at:]) for at in range(len(written) + 1))
    return bool(written) and shown[0] == written[0] and is_shown(shown[1:], written[1:])


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_shows_what_the_command_writes(
    place: Path, command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITAIL_ALERTS__RULES", "rules")
    if command.startswith("rules enable"):
        in_process("--store", "s.db", *shlex.split(command.replace("enable", "disable")), cwd=place)
    answer = in_process("--store", "s.db", *shlex.split(command), cwd=place)
    assert answer.code == (1 if "draft" in command else 0), answer.err
    written = (answer.out if "…" in shown else answer.out + answer.err).replace(f"{place}/", "")
    lines, said = shown.splitlines(), written.splitlines()
    if "…" in lines:  # the columns are as wide as what is left out
        lines, said = ([" ".join(line.split()) for line in some] for some in (lines, said))
    assert is_shown(lines, said), written


def test_every_command_has_a_place_on_the_page() -> None:
    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    missing = [
        one.name for one in rules.registered_commands if not any(f"`rules {one.name}" in text for text in headings)
    ]
    assert missing == []
