"""Real files, read in as anybody would: the alerts that are in the store then are those that the page lists."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from config.alerts import DetectionSettings
from config.settings import IngestSettings
from ingest.service import ingest_once
from tests.conftest import CORPORA, ROOT

LISTED: Final = re.compile(r"^\| (?P<said>[^|]+) \| `(?P<rule>[a-z-]+)` \((?P<level>[a-z]+)\) \|", re.MULTILINE)
ALERTS: Final = """
    SELECT explanation, alert_rule.name, level, historical FROM alert JOIN alert_rule USING (rule_no)
    WHERE merged_into IS NULL
"""
LOW: Final = 1


@pytest.mark.skipif(not CORPORA.is_dir(), reason="corpora are absent")
def test_real_files_leave_the_alerts_in_the_store_that_the_page_lists(tmp_path: Path) -> None:
    store = tmp_path / "corpora.db"
    paths = [bytes(path) for path in sorted(CORPORA.iterdir()) if path.is_dir()]
    ingest_once(store, paths, IngestSettings(), detection=DetectionSettings())
    page = (ROOT / "docs" / "detection.md").read_text("utf-8").partition("## What they raise where nothing is wrong")[2]
    listed = {(one["said"], one["rule"], one["level"]) for one in LISTED.finditer(page)}
    assert {level for _, _, level in listed} == {"low"}
    with closing(sqlite3.connect(store)) as connection:
        alerts = connection.execute(ALERTS).fetchall()
    # Eleven months old: nobody is told of them.
    assert sorted(alerts) == sorted((said, rule, LOW, 1) for said, rule, _ in listed)
