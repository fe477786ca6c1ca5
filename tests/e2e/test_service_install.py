"""`auditail service`: shown, asked for, installed, found again, and taken back exactly."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from store.claim import ServiceClaim
from tests.e2e.cli_process import command, environment
from tests.e2e.service_place import ServicePlace

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="services belong to launchd here")

INSTALLING = ["--user daemon-reload", "--user enable --now auditail.service"]
REMOVING = ["--user disable --now auditail.service", "--user daemon-reload"]


@pytest.fixture
def place(tmp_path: Path) -> ServicePlace:
    return ServicePlace(tmp_path)


def tree(folder: Path) -> list[str]:
    """Return everything below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_without_a_terminal_it_is_shown_and_not_done(place: ServicePlace) -> None:
    answer = place("service", "install", code=2)
    assert str(place.unit) in answer.err
    assert "    systemctl --user enable --now auditail.service\n" in answer.err
    assert answer.err.splitlines()[-1].startswith("auditail: there is no terminal to ask on")
    assert "add --yes" in answer.err
    assert (tree(place.config), place.calls()) == ([], [])


@pytest.mark.parametrize(("said", "code"), [(b"n\n", 1), (b"y\n", 0)])
def test_on_a_terminal_it_is_asked_for(place: ServicePlace, said: bytes, code: int) -> None:
    master, slave = pty.openpty()
    os.write(master, said)
    done = subprocess.run(
        command("--store", str(place.store), "service", "install"),
        cwd=place.root,
        stdin=slave,
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(**place.variables()),
    )
    os.close(slave)
    os.close(master)
    assert done.returncode == code
    assert b"Install it?" in done.stderr
    assert place.unit.exists() is (code == 0)
    assert place.calls() == ([] if code else INSTALLING)


def test_what_was_shown_is_what_is_written(place: ServicePlace) -> None:
    answer = place("service", "install", "--yes")
    written = place.unit.read_text("utf-8")
    assert "".join(f"    {line}\n" if line else "\n" for line in written.splitlines()) in answer.err
    assert "loginctl enable-linger" in answer.err
    assert place.calls() == INSTALLING
    assert place.link.is_symlink()
    with ServiceClaim(place.store):
        assert "installed and runs already" in place("service", "install", "--yes").err
    assert place.calls() == []


def test_one_that_was_stopped_is_started_again(place: ServicePlace) -> None:
    place("service", "install", "--yes")
    written = place.unit.read_text("utf-8")
    place.calls()
    assert "installed and does not run: it is started again" in place("service", "install", "--yes").err
    assert place.calls()[-1] == "--user restart auditail.service"
    assert place.unit.read_text("utf-8") == written


def test_another_store_replaces_it_and_says_so(place: ServicePlace) -> None:
    place("service", "install", "--yes")
    before = place.unit.read_text("utf-8")
    place.calls()
    other = place.root / "other.db"
    answer = place("service", "install", "--yes", "--store", str(other))
    assert "this replaces the service that runs " in answer.err
    assert str(place.store) in answer.err
    assert place.calls() == [
        "--user daemon-reload",
        "--user enable auditail.service",
        "--user restart auditail.service",
    ]
    assert place.unit.read_text("utf-8") != before
    assert "other.db" in place.unit.read_text("utf-8")


def test_uninstalling_leaves_nothing_and_nothing_else_is_touched(place: ServicePlace) -> None:
    own = place.unit.with_name("mine.service")
    own.parent.mkdir(parents=True)
    own.write_text("[Service]\n")
    before = tree(place.config)
    place("service", "install", "--yes")
    place.calls()
    answer = place("service", "uninstall")
    assert "removed" in answer.err
    assert place.calls() == REMOVING
    assert tree(place.config) == before
    assert "no service is installed" in place("service", "uninstall").err
    assert place.calls() == []


@pytest.mark.parametrize("trouble", ["forgetful", "refused"])
def test_links_that_systemd_leaves_are_removed(place: ServicePlace, trouble: str) -> None:
    place("service", "install", "--yes")
    if trouble == "forgetful":
        (place.root / "forgetful").touch()
    else:
        place.refuse(REMOVING[0])
    answer = place("service", "uninstall", code=0 if trouble == "forgetful" else 1)
    assert ("Failed to connect to bus: No medium found" in answer.err) is (trouble == "refused")
    assert tree(place.config) == []


@pytest.mark.parametrize("verb", [("uninstall",), ("install", "--yes")])
def test_a_changed_or_foreign_file_is_left_alone(place: ServicePlace, verb: tuple[str, ...]) -> None:
    place("service", "install", "--yes")
    written = place.unit.read_text("utf-8")
    place.calls()
    for text, words in (
        (written.replace("RestartSec=10", "RestartSec=1"), "was changed since it was installed"),
        ("[Service]\nExecStart=/bin/true\n", "was not written by auditail"),
    ):
        place.unit.write_text(text, "utf-8")
        answer = place("service", *verb, code=2)
        assert words in answer.complaint()
        assert place.unit.read_text("utf-8") == text
    place.unit.unlink()
    place.unit.symlink_to("/dev/null")  # how a unit is masked
    assert "was not written by auditail" in place("service", *verb, code=2).complaint()
    assert place.calls() == []


def test_what_fails_is_undone(place: ServicePlace) -> None:
    place.refuse(INSTALLING[1])
    answer = place("service", "install", "--yes", code=2)
    assert "Failed to connect to bus: No medium found; everything is as it was before" in answer.err
    assert tree(place.config) == []
    assert place.calls() == [*INSTALLING, *REMOVING]


def test_a_failed_replacement_brings_the_former_one_back(place: ServicePlace) -> None:
    place("service", "install", "--yes")
    before = place.unit.read_text("utf-8")
    place.refuse("--user restart auditail.service")
    place("service", "install", "--yes", "--store", str(place.root / "other.db"), code=2)
    assert place.unit.read_text("utf-8") == before
    assert place.link.is_symlink()


def test_where_there_is_no_systemd_it_is_said(place: ServicePlace) -> None:
    answer = place("service", "install", "--yes", code=2, PATH=str(place.events))
    assert "there is no systemctl here" in answer.complaint()
    assert tree(place.config) == []


def test_settings_and_program_are_named_with_absolute_paths(place: ServicePlace) -> None:
    (place.root / "own.yaml").write_text("ingest: {redact: true}\n")
    answer = place(
        *("service", "install", "--yes", "--config", "own.yaml", "--store", "new/s.db"), AUDITAIL_INGEST__EXCLUDE="x*"
    )
    assert "AUDITAIL_INGEST__EXCLUDE is set here, and the service will not see it" in answer.err
    words, _ = place.started()
    assert Path(words[0]).is_absolute()
    assert words[-6:] == [
        *("--store", str(place.root / "new/s.db"), "--config", str(place.root / "own.yaml")),
        *("service", "run"),
    ]


def test_the_users_own_settings_are_named_too(place: ServicePlace) -> None:
    own = place.config / "auditail" / "config.yaml"
    own.parent.mkdir()
    own.write_text("ingest: {redact: true}\n")
    place("service", "install", "--yes")
    assert str(own) in place.started()[0]


def test_status_of_what_is_not_there_and_of_what_does_not_run(place: ServicePlace) -> None:
    answer = place("service", "status")
    assert answer.out.splitlines()[0] == "installed  no: `auditail service install` shows what it would do"
    place("service", "install", "--yes")
    (place.root / "shown").write_text("ActiveState=failed\nSubState=failed\nResult=exit-code\n")
    answer = place("service", "status", code=1)
    assert answer.out.splitlines() == [
        f"installed  {place.unit}",
        "running    no, systemctl says failed (exit-code): `journalctl --user --unit auditail.service` says why",
        f"store      {place.store}",
    ]
    other = place("service", "status", "--store", "/nowhere.db", code=1)
    assert "no service reads into /nowhere.db, the store of this command line" in other.out
    with ServiceClaim(place.store):
        assert "running    yes, about to read" in place("service", "status").out
    place.unit.write_text(place.unit.read_text("utf-8") + "\n", "utf-8")
    assert "was changed since it was installed" in place("service", "status", code=1).out
