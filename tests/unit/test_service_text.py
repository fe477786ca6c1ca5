"""What the system is told: the files of a service word for word, and how paths are written in them."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from cli.problems import UsageProblem
from cli.service.launchd import Launchd
from cli.service.marker import whose
from cli.service.plan import ServicePlan
from cli.service.program import require_writable, this_program
from cli.service.systemd import Systemd

GOLDEN: Final = Path(__file__).parent.parent / "fixtures" / "service"
PLAN: Final = ServicePlan(
    command=(
        *("/home/ada/.local/bin/auditail", "--store", "/home/ada/my events/100%.db"),
        *("--config", "/home/ada/a&b <c>.yaml", "service", "run"),
    ),
    store=Path("/home/ada/my events/100%.db"),
    home=Path("/home/ada"),
    environment={"PYTHONPATH": "/home/ada/50% done"},
)


def test_the_unit_is_word_for_word_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    systemd = Systemd({})
    text = (GOLDEN / "auditail.service").read_text("utf-8")
    assert systemd.text(PLAN) == text
    assert systemd.command_in(text) == PLAN.command
    assert str(systemd.path) == "/home/ada/.config/systemd/user/auditail.service"
    assert Systemd({"XDG_CONFIG_HOME": "/etc/ada"}).path == Path("/etc/ada/systemd/user/auditail.service")


def test_the_agent_is_word_for_word_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    launchd = Launchd()
    text = (GOLDEN / "auditail.scanner.plist").read_text("utf-8")
    assert launchd.text(PLAN) == text
    assert launchd.command_in(text) == PLAN.command
    assert str(launchd.path) == "/home/ada/Library/LaunchAgents/auditail.scanner.plist"
    read = plistlib.loads(text.encode())
    assert read["EnvironmentVariables"] == PLAN.environment
    assert read["ProgramArguments"] == list(PLAN.command)


def test_a_file_that_is_no_service_runs_nothing() -> None:
    assert Systemd({}).command_in("[Service]\nType=exec\n") == ()
    for text in ("", "<plist", '<plist version="1.0"><dict/></plist>', "text"):
        assert Launchd().command_in(text) == ()


@pytest.mark.parametrize("name", ["auditail.service", "auditail.scanner.plist"])
def test_any_change_is_noticed(name: str) -> None:
    text = (GOLDEN / name).read_text("utf-8")
    assert whose(text) == "ours"
    for changed in (
        text + "\n",
        text.replace("/home/ada", "/home/eve", 1),
        text[:-1],
    ):
        assert whose(changed) == "changed"
    assert whose(text.replace("sha256", "")) == "foreign"
    assert whose("[Service]\nExecStart=/bin/true\n") == "foreign"


@pytest.mark.parametrize("path", ["/a\nb", "/a\x1b[2J", "/a\udcff", "/a\x85"])
def test_a_path_that_no_file_can_hold_is_refused(path: str) -> None:
    require_writable("/plain/with blanks/é/100%/$HOME/'\"\\")
    with pytest.raises(UsageProblem, match="name another one"):
        require_writable("/fine", path)


def test_the_installed_script_is_named_as_it_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, link = tmp_path / "tools" / "auditail", tmp_path / "bin" / "auditail"
    for folder in (real.parent, link.parent):
        folder.mkdir()
    real.write_text("#!/bin/sh\n")
    real.chmod(0o755)
    link.symlink_to(real)
    monkeypatch.setattr(sys, "argv", [str(link), "service", "install"])
    assert this_program() == ((str(link),), {})
    monkeypatch.chdir(link.parent)
    monkeypatch.setattr(sys, "argv", ["./auditail"])
    assert this_program() == ((str(link),), {})


def test_a_program_that_will_not_stay_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, words in (("archive-v0/x", "uv tool install"), ("it's", "quotes or a backslash")):
        script = tmp_path / folder / "auditail"
        script.parent.mkdir(parents=True)
        script.write_text("#!/bin/sh\n")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "argv", [str(script)])
        with pytest.raises(UsageProblem, match=words):
            this_program()


def test_systemd_itself_finds_nothing_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    program = tmp_path / "a b" / "100%h $HOME ;é" / "auditail"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    unit = tmp_path / "auditail.service"
    plan = ServicePlan((str(program), "--store", "/x'\"\\y %h $HOME"), Path("/x"), tmp_path, {"A": "50% \"'\\ $HOME"})
    unit.write_text(Systemd({}).text(plan), "utf-8")

    def verify() -> str:
        done = subprocess.run(
            ["systemd-analyze", "--user", "verify", str(unit)], capture_output=True, text=True, check=False, timeout=60
        )
        return done.stderr

    assert f"Command {program} is not executable" in verify()
    program.chmod(0o755)
    assert verify() == ""
