"""What the papers say is true: pins, reasons for dependencies, links, the menu."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.tree import files, project

if TYPE_CHECKING:
    import pytest

MENU: Final = ("demo", "test", "check", "lint", "types", "arch", "bench", "snap", "fmt", "test-slow", "clean")


def pins() -> dict[str, str]:
    """Return what `constraints.txt` pins: canonical name to version."""
    lines = (ROOT / "constraints.txt").read_text("ascii").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", line)] == []
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def requirements() -> list[Requirement]:
    """Return every direct dependency: of the program, of its build, of the tests and of the benchmarks."""
    said: dict[str, Any] = project()
    groups: list[str | dict[str, str]] = [entry for group in said["dependency-groups"].values() for entry in group]
    named = [entry for entry in groups if isinstance(entry, str)]
    return [Requirement(text) for text in [*said["project"]["dependencies"], *said["build-system"]["requires"], *named]]


def test_every_dependency_is_pinned_within_its_range() -> None:
    pinned = pins()
    wrong = [
        str(need) for need in requirements() if pinned.get(canonicalize_name(need.name), "0") not in need.specifier
    ]
    assert wrong == []


def test_what_groups_need_is_pinned_too() -> None:
    assert "pip" in pins()


def test_every_dependency_has_its_reason() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert [need.name for need in requirements() if f"| {need.name} |" not in reasons] == []


def test_links_lead_somewhere() -> None:
    dead: list[tuple[str, str]] = []
    for paper in [path for path in files() if path.suffix == ".md"]:
        targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", paper.read_text("utf-8"))
        dead += [(paper.name, to) for to in targets if "://" not in to and not (paper.parent / to).exists()]
    assert dead == []


def test_make_alone_prints_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        monkeypatch.delenv(name, raising=False)
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    printed = [line.split()[:2] for line in done.stdout.splitlines()]
    assert [name for name in MENU if ["make", name] not in printed] == []
