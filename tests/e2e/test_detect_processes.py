"""Rules at work in every process that reads into a store, and what each is told of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import orjson
import pytest

from config.alerts import DetectionSettings, NotifyTarget
from config.settings import IngestSettings
from detect.notify.command import DETECTION
from ingest.child import environment
from ingest.detecting import NOTHING, as_handed_on, handed_on, look_for_alerts
from ingest.service import ingest_stream
from store.lease import ScannerLease
from store.store import Store
from tests.alerts_kept import is_looked_at
from tests.conftest import ROOT
from tests.e2e.cli_process import auditail
from tests.events import batch
from tests.events import line as event
from tests.ingest_place import Place
from tests.scanner_runs import running_scanner, stored, until, watch

RULE: Final = """
title: Anything of mine
id: 11111111-1111-4111-8111-111111111111
name: mine
detection: {one: {event_type: own.thing}, condition: one}
auditail: {group-by: event_type}
"""
ALERTS: Final = "SELECT name, count FROM alert JOIN alert_rule USING (rule_no) ORDER BY id"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give a folder and a store."""
    return Place(tmp_path)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give a folder with a rule of one's own."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.yml").write_text(RULE)
    return folder


def things(number: int) -> bytes:
    """Return events of one's own type as lines."""
    told = {"event_type": "own.thing", "timestamp": "2026-01-27T10:30:00Z"}
    return b"".join(orjson.dumps({**told, "message": f"thing {n} of {number}"}) + b"\n" for n in range(number))


def failed_logins() -> bytes:
    """Return an attack that a shipped rule finds."""
    told = {"event_type": "auth.failed", "status": "failure", "user_id": "bob"}
    return b"".join(
        orjson.dumps({**told, "timestamp": f"2026-01-27T10:30:{n:02}Z", "message": f"try {n}"}) + b"\n"
        for n in range(10)
    )


def test_the_command_finds_what_own_rules_look_for(place: Place, own: Path) -> None:
    settings = own.parent / "settings.yaml"
    settings.write_text(f"alerts: {{rules: {own}}}\n")
    place.write("a.jsonl", things(3) + failed_logins())
    named = ("--store", str(place.store), "--config", str(settings))
    assert auditail("ingest", *named, str(place.folder), cwd=place.folder).code == 0
    assert place.rows(ALERTS) == [("mine", 3), ("password-guessing", 10)]
    done = auditail("ingest", *named, "-", cwd=place.folder, given=things(5))
    assert done.code == 0
    assert place.rows(ALERTS)[0] == ("mine", 8)


def test_the_scanner_looks_at_what_it_reads_and_at_what_others_store(place: Place) -> None:
    watch(place)
    with running_scanner(place), Store.open(place.store) as other:
        place.write("a.jsonl", failed_logins())
        until(lambda: stored(place) >= 10 and is_looked_at(place.store))
        assert ("password-guessing", 10) in place.rows(ALERTS)
        source = other.sources.add_many([(other.sources.folders()[0].folder_no, b"/other", b"x" * 16)])[0]
        other.append([batch(source, event("of another", event_type="own.thing"))])
        until(lambda: is_looked_at(place.store))


def test_a_stream_is_left_to_the_scanner_that_has_the_lease(place: Place) -> None:
    reading, writing = os.pipe()
    os.write(writing, failed_logins())
    os.close(writing)
    with Store.open(place.store) as store:
        lease = ScannerLease(store)
        lease.acquire()
        assert ingest_stream(place.store, reading, IngestSettings()).events == 10
        assert place.rows(ALERTS) == []
        look_for_alerts(store, None)
        store.observe_now()
        lease.release()
    os.close(reading)
    assert place.rows(ALERTS) == [("password-guessing", 10)]


def test_what_a_process_must_know_is_handed_on_beside_its_command_line(place: Place, own: Path) -> None:
    told = DetectionSettings(rules=str(own), notify=(NotifyTarget(webhook="https://example.com/secret"),))
    with Store.open(place.store) as store:
        assert as_handed_on(store) == NOTHING
        look_for_alerts(store, told)
        said = as_handed_on(store)
    assert handed_on({DETECTION: said}) == told
    assert handed_on({DETECTION: NOTHING}) is None
    assert handed_on({}) == DetectionSettings()
    assert environment(said)[DETECTION] == said


def test_nobody_loads_rules_who_only_wants_help() -> None:
    code = "import sys, cli.main, cli.app; print([name for name in sys.modules if name.startswith('detect')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
