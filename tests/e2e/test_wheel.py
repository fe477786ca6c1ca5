"""The wheel as somebody would install it: complete, without tests, and at work from any directory."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.service_place import ServicePlace
from tests.tree import files, packages, project


def run(*command: str | Path) -> str:
    """Run a program from `/` to its end and return what it printed; a failure shows all it said."""
    # The build back end looks for its own program on the path, where it is only in an activated environment.
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(
        [*map(str, command)],
        cwd="/",
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the back end that is installed; nothing is fetched."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT)
    (built,) = out.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a fresh environment, which borrows only the dependencies from this one."""
    environment = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    python = environment / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel)
    # A path named in a .pth file is searched last, and .pth files there are not read: the checkout stays out.
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


def test_every_file_is_shipped_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if not name.endswith("/")}
    ours = {name for name in shipped if ".dist-info/" not in name}
    assert ours == {path.relative_to(ROOT).as_posix() for path in files(*packages())}
    assert {name.rpartition("/")[2] for name in shipped - ours} >= {"LICENSE", "METADATA", "entry_points.txt"}


def test_it_says_its_version_from_anywhere(installed: Path) -> None:
    assert project()["project"]["version"] in run(installed / "bin" / "auditail", "--version")


@pytest.mark.parametrize("package", packages())
def test_its_packages_come_from_the_wheel(installed: Path, package: str) -> None:
    origin = run(installed / "bin" / "python", "-c", f"import {package}; print({package}.__file__)").strip()
    assert Path(origin).is_relative_to(os.path.realpath(installed)) or Path(origin).is_relative_to(installed)


def test_tests_are_not_installed(installed: Path) -> None:
    code = "import importlib.util; print(importlib.util.find_spec('tests'))"
    assert run(installed / "bin" / "python", "-c", code).strip() == "None"


@pytest.mark.skipif(sys.platform == "darwin", reason="services belong to launchd here")
def test_its_service_starts_the_installed_script(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ServicePlace(tmp_path)
    for name, value in place.variables().items():
        monkeypatch.setenv(name, value)
    run(installed / "bin" / "auditail", "--store", place.store, "service", "install", "--yes")
    words, _ = place.started()
    assert words == [str(installed / "bin" / "auditail"), "--store", str(place.store), "service", "run"]
    assert "Environment=" not in place.unit.read_text("utf-8")
