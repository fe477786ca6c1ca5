"""A project's settings cannot shorten retention or send the log away before a person has confirmed them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from config.errors import UnreadableSettingsError
from config.loading import Loaded, load, project_request
from config.settings import Settings
from config.trust import TrustedFiles

DOCUMENT = "logging: {retention_days: 90, export: {enabled: true, format: json, destination: s3://your-bucket/logs}}\n"


def project(home: Path, text: str) -> Path:
    path = home / "project/services/logging/config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def loaded(home: Path, **more: str) -> Loaded:
    return load(environ={"HOME": str(home), **more}, cwd=home / "project")


def confirm(home: Path, path: Path) -> None:
    request = project_request(environ={"HOME": str(home)}, file=path)
    assert request is not None
    TrustedFiles(home / ".local/state/auditail").add(request.path, request.digest)


def test_unconfirmed_wishes_are_ignored_and_the_notice_says_how_to_confirm(home: Path) -> None:
    path = project(home, DOCUMENT)
    found = loaded(home)
    assert found.settings == Settings()
    assert found.notice is not None
    assert "\n" not in found.notice
    for words in (str(path), "delete events after 90 days", "export events to s3://your-bucket/logs", "auditail trust"):
        assert words in found.notice


def test_a_confirmation_holds_for_this_content_at_this_path_only(home: Path) -> None:
    path = project(home, DOCUMENT)
    confirm(home, path)
    assert loaded(home).settings.logging.retention_days == 90
    path.write_text(DOCUMENT.replace("90", "1"))
    assert loaded(home).settings.logging.retention_days is None
    elsewhere = home / "other/project"
    (elsewhere / "services/logging").mkdir(parents=True)
    (elsewhere / "services/logging/config.yaml").write_text(DOCUMENT)
    found = load(environ={"HOME": str(home)}, cwd=elsewhere)
    assert found.settings.logging.retention_days is None


def test_a_confirmation_can_be_taken_back(home: Path) -> None:
    path = project(home, DOCUMENT)
    confirm(home, path)
    trusted = TrustedFiles(home / ".local/state/auditail")
    assert trusted.remove(path.resolve())
    assert not trusted.remove(path.resolve())
    assert loaded(home).notice is not None


@pytest.mark.parametrize(
    "text",
    [
        "logging: {export: {destination: 's3://evil/x'}}",
        "logging: {export: {enabled: true}}",
        "logging: {retention_days: 3650}",
    ],
)
def test_each_wish_alone_needs_confirming(home: Path, text: str) -> None:
    project(home, text)
    found = loaded(home)
    assert found.settings == Settings()
    assert found.notice is not None


def test_enabling_export_cannot_ride_on_the_users_own_destination(home: Path) -> None:
    project(home, "logging: {export: {enabled: true}}")
    found = loaded(home, AUDITAIL_LOGGING__EXPORT__DESTINATION="/own")
    assert found.settings.logging.export.enabled is False


def test_what_the_user_says_wins_without_any_question(home: Path) -> None:
    project(home, "logging: {retention_days: 1}")
    found = loaded(home, AUDITAIL_LOGGING__RETENTION_DAYS="365")
    assert found.settings.logging.retention_days == 365
    assert found.notice is None


def test_nothing_but_logging_is_read_from_a_project(home: Path) -> None:
    project(
        home,
        "store: {path: /tmp/evil.db}\ningest: {paths: [/], redact: false}\nui: {theme: nord}\ndatabase: {url: x}\n"
        "logging: {export: {format: csv}}\n",
    )
    found = loaded(home)
    assert found.settings.model_dump(exclude={"logging"}) == Settings().model_dump(exclude={"logging"})
    assert found.settings.logging.export.format == "csv"
    assert found.notice is None


def test_the_list_of_confirmed_files_is_its_owners_alone(home: Path) -> None:
    confirm(home, project(home, DOCUMENT))
    kept = home / ".local/state/auditail/trusted.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert len(json.loads(kept.read_text())) == 1


@pytest.mark.parametrize("damage", ["{", "[]", "\x00"])
def test_a_damaged_list_confirms_nothing_and_says_what_to_do(home: Path, damage: str) -> None:
    path = project(home, DOCUMENT)
    confirm(home, path)
    (home / ".local/state/auditail/trusted.json").write_text(damage)
    with pytest.raises(UnreadableSettingsError, match="delete it to start afresh"):
        loaded(home)
