"""What the command line hands to the System tab."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.system_tools import StoreActions, setting_lines
from config.loading import load
from store.batch import Rejected
from store.errors import StoreMissingError
from store.reader import StoreReader
from tests.events import add_source, batch, line, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.system_tools import SettingLine


def of(lines: Sequence[SettingLine], key: str) -> tuple[str, str, str | None]:
    found = next(one for one in lines if one.key == key)
    return found.value, found.origin, found.instead


def test_settings_come_with_origin_and_what_holds_instead(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("ui:\n  utc: true\nlogging:\n  retention_days: 90\n")
    paths = ("--watch", ["a", "b"])
    lines = setting_lines(load(environ={}, cwd=tmp_path, config_file=file, flags={"ingest.paths": paths}))
    assert of(lines, "ingest.paths") == ("a, b", "--watch", None)
    assert of(lines, "ui.utc") == ("true", f"{file}:2", None)
    assert of(lines, "store.path") == ("not set", "default", None)
    assert of(lines, "ingest.exclude") == ("none", "default", None)
    value, _, instead = of(lines, "logging.retention_days")
    assert (value, instead) == ("90", "nothing deletes events: they are kept for ever")


def test_who_is_told_is_shown_without_secrets(tmp_path: Path) -> None:
    told = "[{webhook: 'https://a.example/token', headers: {T: token}}, {command: [page, token]}]"
    lines = setting_lines(load(environ={"AUDITAIL_ALERTS__NOTIFY": told}, cwd=tmp_path))
    assert of(lines, "alerts.notify")[0] == (
        '{"webhook": "https://a.example/•••", "headers": {"T": "•••"}, "level": "medium", "timeout_s": 10.0}, '
        '{"command": ["page", "•••"], "level": "medium", "timeout_s": 10.0}'
    )


def test_retrying_and_discarding_reach_the_store(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        bad = [Rejected("not UTF-8", b"\xff", 1, number, None) for number in range(3)]
        store.append([batch(source, line(), rejected=bad)])
    actions = StoreActions(store.path)
    assert actions.request_retry([1, 2]) == 2
    assert actions.discard([2, 3, 99], "a trial run") == 2
    reader = StoreReader.open(store.path)
    rows, health = reader.quarantine_rows(None, 10), reader.health()
    reader.close()
    assert [(row.id, row.retry_us is not None) for row in rows] == [(1, True)]
    assert health.quarantined == 1


def test_nothing_is_made_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        StoreActions(tmp_path / "none.db").request_retry([1])
    assert not (tmp_path / "none.db").exists()
