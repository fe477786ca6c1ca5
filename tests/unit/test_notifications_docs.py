"""The page on notifications: its settings load, its JSON is what is said, its program does what it says."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from config.alerts import NotifyTarget
from config.loading import load
from detect.notify.command import running
from detect.notify.delivery import FIRST_PAUSE_S, GIVE_UP_S, LONGEST_PAUSE_S
from detect.notify.outcome import TOLD
from store.alerts.notices import MOST_A_MINUTE
from store.store import Store
from tests.conftest import ROOT
from tests.events import open_store
from tests.notices import notice, payloads, queue

PAGE: Final = (ROOT / "docs" / "notifications.md").read_text()
BLOCKS: Final = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
TARGET: Final = NotifyTarget(command=("page",))


def blocks(kind: str) -> list[str]:
    return [text for one, text in BLOCKS if one == kind]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def keys_in_tables() -> set[str]:
    return {
        name for cell in re.findall(r"^\| ((?:`\w+` ?)+)\|", PAGE, re.MULTILINE) for name in re.findall(r"\w+", cell)
    }


def test_its_settings_load_and_every_key_is_explained(home: Path) -> None:
    (settings,) = blocks("yaml")
    file = home / ".config/auditail/config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(settings)
    first, second = load(environ={"HOME": str(home)}, cwd=home).settings.alerts.notify
    assert (first.label, second.label) == ("on call", "note-alert")
    assert set(NotifyTarget.model_fields) <= keys_in_tables()


def test_its_alert_is_what_is_said(store: Store) -> None:
    shown: dict[str, Any] = json.loads(blocks("json")[0])
    rule = shown["rule"]
    queue(
        store,
        TARGET,
        [notice(118, rule_id=rule["id"], rule=rule["name"], title=rule["title"], explanation=shown["explanation"])],
    )
    assert payloads(store) == [shown]
    assert set(shown) <= keys_in_tables()


def test_its_summary_is_what_is_said(store: Store) -> None:
    shown: dict[str, Any] = json.loads(blocks("json")[1])
    queue(store, TARGET, [notice(number, rule="password-guessing") for number in range(109, 119 + 57)])
    said = payloads(store)[-1]
    assert said["first_alerts"][:3] == shown["first_alerts"]
    assert said | {"first_alerts": shown["first_alerts"]} == shown
    assert set(shown) <= keys_in_tables()


def test_its_program_notes_an_alert(tmp_path: Path) -> None:
    program, notes = tmp_path / "note-alert", tmp_path / "alerts.txt"
    program.write_text(blocks("python")[0].replace("/usr/bin/env python3", sys.executable))
    program.chmod(0o700)
    target = NotifyTarget(command=(str(program), str(notes)), timeout_s=60)
    assert running(target, {})(blocks("json")[0]) == TOLD
    assert notes.read_text() == "[high] Password guessing: alert 118, 7 events\n"


def test_its_numbers_are_those_of_the_program() -> None:
    assert (MOST_A_MINUTE, FIRST_PAUSE_S, LONGEST_PAUSE_S, GIVE_UP_S) == (10, 5, 15 * 60, 86_400)
    for words in ("ten alerts in a minute", "for 5 seconds", "up to 15 minutes", "for a day is given up"):
        assert words in PAGE.replace("**", "")
