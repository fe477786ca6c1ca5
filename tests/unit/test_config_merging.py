"""Each place wins over those after it, key by key, and every value knows where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from config.environment import variable_of
from config.keys import value_keys
from config.loading import DEFAULTS_FILE, Loaded, load
from config.settings import Settings
from config.trust import TrustedFiles, digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def loaded(
    home: Path, *, config_file: Path | None = None, flags: Mapping[str, tuple[str, Any]] | None = None, **more: str
) -> Loaded:
    return load(environ={"HOME": str(home), **more}, cwd=home / "project", config_file=config_file, flags=flags)


def user_settings(home: Path, text: str) -> Path:
    return write(home / ".config/auditail/config.yaml", text)


def project_settings(home: Path, text: str) -> Path:
    return write(home / "project/services/logging/config.yaml", text)


def test_without_any_settings_the_defaults_hold_and_say_so(home: Path) -> None:
    found = loaded(home)
    assert found.settings == Settings()
    assert found.settings.logging.retention_days is None
    assert {str(origin) for origin in found.origins.values()} == {"default"}
    assert found.store_path == home / ".local/share/auditail/auditail.db"
    assert found.notice is None


def test_the_shipped_defaults_name_every_key_and_equal_the_models() -> None:
    shipped = Settings.model_validate(yaml.safe_load(DEFAULTS_FILE.read_text()))
    assert shipped == Settings()
    assert set(loaded(Path("/nowhere")).origins) == set(value_keys())


def test_places_win_in_order_for_each_key_alone(home: Path) -> None:
    project = project_settings(home, "logging: {export: {format: csv}}")
    user = user_settings(home, "ingest: {user: from-user, tenant: from-user, scan_interval_s: 10}\nui: {theme: nord}\n")
    named = write(home / "named.yaml", "ingest:\n  user: from-file\n  scan_interval_s: 11\n")
    found = loaded(
        home,
        config_file=named,
        flags={"ingest.paths": ("--watch", ["/data"])},
        AUDITAIL_INGEST__SCAN_INTERVAL_S="12",
        AUDITAIL_INGEST__PATHS="/ignored",
    )
    ingest = found.settings.ingest
    assert (ingest.paths, ingest.scan_interval_s, ingest.user, ingest.tenant) == (
        ("/data",),
        12.0,
        "from-file",
        "from-user",
    )
    assert found.settings.ui.theme == "nord"
    assert found.settings.logging.export.format == "csv"
    assert {key: str(found.origins[key]) for key in ("ingest.paths", "ingest.scan_interval_s")} == {
        "ingest.paths": "--watch",
        "ingest.scan_interval_s": "AUDITAIL_INGEST__SCAN_INTERVAL_S",
    }
    assert str(found.origins["ingest.user"]) == f"{named}:2"
    assert str(found.origins["ui.theme"]) == f"{user}:2"
    assert str(found.origins["logging.export.format"]) == f"{project}:1"


def test_flags_that_were_not_given_say_nothing(home: Path) -> None:
    found = loaded(
        home, flags={"store.path": ("--store", None), "ingest.paths": ("--watch", [])}, AUDITAIL_STORE="/s.db"
    )
    assert found.store_path == Path("/s.db")
    assert str(found.origins["store.path"]) == "AUDITAIL_STORE"


@pytest.mark.parametrize("key", value_keys())
def test_every_key_has_a_variable(home: Path, key: str) -> None:
    texts = {
        "ingest.redact": "false",
        "ingest.after": "delete",
        "ui.utc": "true",
        "ui.ascii": "true",
        "ingest.scan_interval_s": "9",
        "ingest.degraded_scan_interval_s": "9",
        "logging.retention_days": "9",
        "logging.export.enabled": "true",
        "logging.export.format": "csv",
        "prices": "[{model: m, input: 1, output: 2}]",
        "budgets": "[{per: day, usd: 20}]",
        "alerts.bell": "true",
        "alerts.notify": "[{command: [notify-send, alert]}]",
    }
    environ = {"HOME": str(home), variable_of(key): texts.get(key, "/a,/b")}
    found = load(environ=environ, cwd=home)
    assert found.settings != Settings()
    assert str(found.origins[key]) == variable_of(key)


def test_lists_in_variables_are_separated_by_commas_and_an_empty_variable_says_nothing(home: Path) -> None:
    found = loaded(home, AUDITAIL_INGEST__PATHS="/a, /b,", AUDITAIL_TENANT="acme,globex", AUDITAIL_INGEST__USER=" ")
    assert found.settings.ingest.paths == ("/a", "/b")
    assert found.settings.store.tenants == ("acme", "globex")
    assert found.settings.ingest.user is None


def test_relative_paths_count_from_the_file_that_says_them(home: Path) -> None:
    user_settings(home, "store: {path: my.db}\ningest: {paths: [events, /abs]}\n")
    found = loaded(home)
    folder = home / ".config/auditail"
    assert found.store_path == folder / "my.db"
    assert found.settings.ingest.paths == (str(folder / "events"), "/abs")
    assert loaded(home, AUDITAIL_STORE="here.db").store_path == home / "project/here.db"


def test_xdg_folders_are_used_where_they_are_absolute(home: Path, tmp_path: Path) -> None:
    write(tmp_path / "auditail/config.yaml", "ui: {utc: true}")
    found = loaded(home, XDG_CONFIG_HOME=str(tmp_path), XDG_DATA_HOME="relative/is/invalid")
    assert found.settings.ui.utc
    assert found.store_path == home / ".local/share/auditail/auditail.db"


def test_the_variable_for_the_file_is_the_same_as_its_flag(home: Path) -> None:
    named = write(home / "named.yaml", "ui: {utc: true}")
    assert loaded(home, AUDITAIL_CONFIG=str(named)).settings.ui.utc


def test_settings_cannot_change_after_loading(home: Path) -> None:
    settings = loaded(home).settings
    with pytest.raises(ValueError, match="frozen"):
        settings.ingest.redact = False  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_a_confirmed_file_is_in_force_as_it_stands(home: Path) -> None:
    text = "logging: {retention_days: 90, export: {enabled: true, format: json, destination: s3://your-bucket/logs}}\n"
    path = project_settings(home, text)
    TrustedFiles(home / ".local/state/auditail").add(path.resolve(), digest_of(text.encode()))
    found = loaded(home)
    logging = found.settings.logging
    assert logging.retention_days == 90
    assert (logging.export.enabled, logging.export.format, logging.export.destination) == (
        True,
        "json",
        "s3://your-bucket/logs",
    )
    assert found.notice is None
