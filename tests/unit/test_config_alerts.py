"""Who is told of alerts: what is understood, what is refused and where, and what is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.report import settings_in_force
from config.alerts import DetectionSettings, NotifyTarget
from config.errors import SettingsError
from config.loading import Loaded, load

TOKEN = "xoxb-very-secret"  # noqa: S105 (nobody's)
NOTIFY = f"""\
alerts:
  bell: true
  notify:
    - name: on call
      webhook: https://hooks.example.com/services/{TOKEN}?key={TOKEN}
      headers: {{Authorization: Bearer {TOKEN}}}
      level: high
    - command: [~/bin/page, --token, {TOKEN}]
      timeout_s: 3
"""


def settings_of(home: Path, text: str, cwd: Path | None = None, **more: str) -> Loaded:
    path = home / ".config/auditail/config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return load(environ={"HOME": str(home), **more}, cwd=cwd or home)


@pytest.fixture(autouse=True)
def _home_of_the_process(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))


def test_targets_are_web_addresses_and_commands(home: Path) -> None:
    first, second = settings_of(home, NOTIFY).settings.alerts.notify
    assert (first.label, first.level, first.timeout_s) == ("on call", "high", 10)
    assert first.headers == {"Authorization": f"Bearer {TOKEN}"}
    assert (second.label, second.level, second.timeout_s) == ("page", "medium", 3)
    assert second.command == (str(home / "bin/page"), "--token", TOKEN)
    assert NotifyTarget(webhook="http://127.0.0.1:8080/hook").label == "127.0.0.1"


def test_they_are_handed_on_as_they_are(home: Path) -> None:
    notify = settings_of(home, NOTIFY).settings.alerts.notify
    handed = DetectionSettings(rules="/r", notify=notify)
    assert DetectionSettings.model_validate_json(handed.model_dump_json()) == handed


def test_nothing_secret_is_shown(home: Path) -> None:
    found = settings_of(home, NOTIFY)
    shown = {key: value for key, value, _ in settings_in_force(found)}["alerts.notify"]
    assert shown == [
        {
            "name": "on call",
            "webhook": "https://hooks.example.com/•••",
            "headers": {"Authorization": "•••"},
            "level": "high",
            "timeout_s": 10.0,
        },
        {"command": [str(home / "bin/page"), "•••"], "level": "medium", "timeout_s": 3.0},
    ]
    assert TOKEN not in repr(found)


def test_who_is_told_stays_the_same_with_another_token_level_or_patience() -> None:
    told = NotifyTarget(webhook="https://a.example/x", headers={"T": "1"}, level="low")
    assert told.identity == NotifyTarget(webhook="https://a.example/x", headers={"T": "2"}, timeout_s=1).identity
    others = [
        NotifyTarget(webhook="https://a.example/y"),
        NotifyTarget(name="n", webhook="https://a.example/x"),
        NotifyTarget(command=("a", "b")),
        NotifyTarget(command=("a b",)),
    ]
    assert len({told.identity, *(other.identity for other in others)}) == 5


def test_a_project_can_set_none_of_it(home: Path) -> None:
    path = home / "services/logging/config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "alerts: {rules: evil, bell: true, notify: [{command: [evil]}]}\nlogging: {export: {format: csv}}\n"
    )
    found = settings_of(home, "")
    assert found.settings.logging.export.format == "csv"
    assert found.settings.alerts.model_dump() == {"rules": None, "bell": False, "notify": ()}
    assert found.rules_folder == home / ".config/auditail/rules"


def test_own_rules_are_where_the_settings_say(home: Path) -> None:
    project = home / "project"
    assert settings_of(home, "alerts: {rules: ~/mine}").rules_folder == home / "mine"
    assert settings_of(home, "alerts: {rules: mine}").rules_folder == home / ".config/auditail/mine"
    assert settings_of(home, "", project, AUDITAIL_ALERTS__RULES="mine").rules_folder == project / "mine"
    assert settings_of(home, "", project, AUDITAIL_ALERTS__RULES="~/mine").rules_folder == home / "mine"


@pytest.mark.parametrize(
    ("entry", "line", "words"),
    [
        ("{command: [a], webhook: 'http://a'}", 3, "entry 1 of alerts.notify must name either webhook or command"),
        ("{level: high}", 3, "entry 1 of alerts.notify must name either webhook or command"),
        ("notify-send", 3, "entry 1 of alerts.notify must hold keys, as in `- {key: value, key: value}`"),
        ("{comand: [a]}", 3, "unknown key comand in entry 1 of alerts.notify: did you mean command?"),
        (
            "command: [a]\n    level: bad",
            4,
            "level in entry 1 of alerts.notify must be 'informational', 'low', 'medium', 'high' or 'critical', not",
        ),
        ("{command: []}", 3, "command in entry 1 of alerts.notify "),
        (
            f"{{command: page {TOKEN}}}",
            3,
            "command in entry 1 of alerts.notify must be a list, as in [a, b]",
        ),
        (f"{{command: [./page, {TOKEN}]}}", 3, "command in entry 1 of alerts.notify must begin with a program's name"),
        (f"webhook: ftp://{TOKEN}", 3, "webhook in entry 1 of alerts.notify must be an http or https address"),
        (f"webhook: https:///{TOKEN}", 3, "webhook in entry 1 of alerts.notify must be an http or https address"),
        (f"webhook: https://a:b/{TOKEN}", 3, "webhook in entry 1 of alerts.notify must be an http or https address"),
        (f"webhook: https://a/b c{TOKEN}", 3, "webhook in entry 1 of alerts.notify must be an http or https address"),
        (f"webhook: https://me:{TOKEN}@a/", 3, "webhook in entry 1 of alerts.notify must name no user and password"),
        (
            f"webhook: https://a\n    headers: {{T: 'a\\nb{TOKEN}'}}".replace("'", '"'),
            4,
            "headers in entry 1 of alerts.notify must hold one line of plain text for T",
        ),
        (
            f"webhook: https://a\n    headers: {{Host: {TOKEN}}}",
            4,
            "headers in entry 1 of alerts.notify must not hold Host",
        ),
        ("webhook: https://a\n    headers: {T: 1}", 4, "headers in entry 1 of alerts.notify must be text"),
        ("{command: [a], headers: {T: t}}", 3, "entry 1 of alerts.notify must not have headers, which belong to"),
        (
            "webhook: https://a\n    timeout_s: 0",
            4,
            "timeout_s in entry 1 of alerts.notify must be greater than 0, not 0",
        ),
        (
            f"{{command: [a, {TOKEN}]}}\n  - {{command: [a, {TOKEN}], level: low}}",
            2,
            "alerts.notify must name each one once: entries 1 and 2 are the same",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_without_its_secrets(
    home: Path, entry: str, line: int, words: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(home, f"alerts:\n  notify:\n  - {entry}\n")
    assert f"config.yaml:{line}: {words}" in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_variable_is_read_as_carefully_as_a_file(home: Path) -> None:
    told = settings_of(home, "", AUDITAIL_ALERTS__NOTIFY="[{command: [page, now]}]").settings.alerts.notify
    assert told[0].command == ("page", "now")
    with pytest.raises(SettingsError, match=r"\AAUDITAIL_ALERTS__NOTIFY: entry 1 of alerts.notify must name either"):
        settings_of(home, "", AUDITAIL_ALERTS__NOTIFY="[{}]")
