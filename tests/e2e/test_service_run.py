"""The installed command as a real process: it reads without a terminal, alone, and ends well when it is told to."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from config.settings import IngestSettings
from ingest.exit_codes import EXIT_OK
from ingest.supervisor import ScannerSupervisor
from store.claim import service_claims
from store.lease import lease_is_held, scanners_kept_out
from tests.e2e.service_place import ServicePlace
from tests.ingest_place import line
from tests.scanner_runs import PATIENCE_S, until

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="services belong to launchd here")


@pytest.fixture
def place(tmp_path: Path) -> ServicePlace:
    """A place in which the service is installed, with a folder to read in its settings."""
    place = ServicePlace(tmp_path)
    own = place.config / "auditail" / "config.yaml"
    own.parent.mkdir()
    own.write_text(f'ingest: {{paths: ["{place.events}"]}}\n')
    place("service", "install", "--yes")
    return place


@pytest.fixture
def services(place: ServicePlace, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts what the unit says, as systemd would: with nothing on standard input, from elsewhere."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        words, environment = place.started()
        process = subprocess.Popen(
            words,
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def rows(place: ServicePlace, sql: str) -> list[tuple[Any, ...]]:
    """Return what the store answers; nothing where it is not there yet."""
    try:
        with closing(sqlite3.connect(f"{place.store.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []


def messages(place: ServicePlace) -> list[str]:
    """Return the messages of all stored events, sorted; what the scanner says of itself is left out."""
    return [row[0] for row in rows(place, "SELECT message FROM event WHERE source_no != 0 ORDER BY message")]


def test_the_installed_command_reads_and_sigterm_ends_it_well(
    place: ServicePlace, services: Callable[[], subprocess.Popen[bytes]]
) -> None:
    (place.events / "a.jsonl").write_bytes(line("one"))
    service = services()
    until(lambda: messages(place) == ["one"])
    assert rows(place, "SELECT kind, pid, released FROM lease") == [("service", service.pid, 0)]
    state = place("service", "status", "--utc")
    assert f"process {service.pid}" in state.out
    assert "running    since 20" in state.out
    (place.events / "b.jsonl").write_bytes(line("two"))
    until(lambda: messages(place) == ["one", "two"])
    service.send_signal(signal.SIGTERM)
    out, err = service.communicate(timeout=PATIENCE_S)
    assert (service.returncode, out) == (EXIT_OK, b"")
    assert err.decode().splitlines() == [f"reading into {place.store}", "ended; what was read is stored"]
    assert rows(place, "SELECT released FROM lease") == [(1,)]
    assert not lease_is_held(place.store)
    assert not service_claims(place.store)
    assert "running    no" in place("service", "status", code=1).out


def test_a_dashboards_scanner_gives_way_and_comes_back(
    place: ServicePlace, services: Callable[[], subprocess.Popen[bytes]]
) -> None:
    (place.events / "a.jsonl").write_bytes(line("one"))
    supervisor = ScannerSupervisor(place.store, IngestSettings())
    supervisor.start()
    try:
        until(lambda: rows(place, "SELECT kind FROM lease") == [("dashboard",)])
        service = services()
        until(lambda: rows(place, "SELECT kind, pid FROM lease") == [("service", service.pid)])
        until(lambda: messages(place) == ["one"])
        assert supervisor.problem is None
        service.send_signal(signal.SIGKILL)
        service.wait()
        until(lambda: rows(place, "SELECT kind FROM lease") == [("dashboard",)])
        assert messages(place) == ["one"]
    finally:
        supervisor.close()


def test_told_to_stop_while_it_waits_it_ends(
    place: ServicePlace, services: Callable[[], subprocess.Popen[bytes]]
) -> None:
    with scanners_kept_out(place.store):
        service = services()
        until(lambda: service_claims(place.store))
        second = services()
        _, err = second.communicate(timeout=PATIENCE_S)
        assert (second.returncode, err.count(b"\n")) == (3, 1)
        assert b"a service already reads into" in err
        service.send_signal(signal.SIGTERM)
        assert service.wait(PATIENCE_S) == EXIT_OK


def test_restoring_says_how_to_stop_the_service(
    place: ServicePlace, services: Callable[[], subprocess.Popen[bytes]]
) -> None:
    (place.events / "a.jsonl").write_bytes(line("one"))
    service = services()
    until(lambda: messages(place) == ["one"])
    copy = place.root / "copy"
    place("backup", str(copy))
    answer = place("restore", str(copy), code=3)
    assert f"(pid {service.pid}): stop the service, then restore again" in answer.err
    assert "systemctl --user stop auditail.service" in answer.err
    service.terminate()
    service.wait(PATIENCE_S)
    (place.events / "b.jsonl").write_bytes(line("two"))
    assert f"{place.store} restored from {copy}" in place("restore", str(copy)).err
    assert messages(place) == ["one"]
    services()
    until(lambda: messages(place) == ["one", "two"])
