"""The agent of launchd: what is told to `launchctl`, by a stand-in that runs anywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.problems import UsageProblem
from cli.service.launchd import Launchd
from cli.service.lifecycle import Installation
from cli.service.lifecycle import uninstall as take_back
from cli.service.plan import ServicePlan
from tests.e2e.service_place import ServicePlace


def test_an_agent_of_launchd_comes_and_goes(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ServicePlace(tmp_path, tool="launchctl")
    monkeypatch.setenv("PATH", place.variables()["PATH"])
    launchd, domain = Launchd(), f"gui/{os.getuid()}"
    text = launchd.text(ServicePlan(("/bin/auditail", "--store", "/a&b", "service", "run"), Path("/a&b"), home))
    start, stop = f"bootstrap {domain} {launchd.path}", f"bootout {domain}/auditail.scanner"
    Installation(launchd, text).carry_out()
    assert launchd.path.read_text("utf-8") == text
    assert place.calls() == [start]
    Installation(launchd, text.replace("a&amp;b", "c")).carry_out()
    assert place.calls() == [stop, start]
    said: list[str] = []
    with pytest.raises(UsageProblem, match="was changed"):
        take_back(launchd, said.append)
    launchd.path.write_text(text, "utf-8")
    assert take_back(launchd, said.append)
    assert place.calls() == [stop]
    assert not launchd.path.exists()
    place.refuse(stop)  # as launchd does where the agent was stopped by hand
    Installation(launchd, text).carry_out()
    Installation(launchd, text).carry_out()
    assert place.calls() == [start, stop, start]
    assert not take_back(launchd, said.append)
    assert not launchd.path.exists()
    place.refuse(start)
    with pytest.raises(UsageProblem, match="everything is as it was"):
        Installation(launchd, text).carry_out()
    assert not launchd.path.exists()


def test_what_launchd_says_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ServicePlace(tmp_path, tool="launchctl")
    monkeypatch.setenv("PATH", place.variables()["PATH"])
    shown, target = place.root / "shown", f"gui/{os.getuid()}/auditail.scanner"
    for said, state in (
        (f"{target} = {{\n\tstate = running\n\tpid = 7\n\tlast exit code = 3\n}}", "running"),
        ("\tstate = not running\n\tlast exit code = 3\n", "not running (exit code 3)"),
        ("\tstate = not running\n\tlast exit code = 0\n", "not running"),
        ("something else", None),
    ):
        shown.write_text(said)
        assert Launchd().state() == state
    place.refuse(f"print {target}")
    assert Launchd().state() is None
