"""Ceilings: no file and no function grows until nobody reads it, and every folder of code is a package."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import pytest

from tests.conftest import ROOT
from tests.tree import files, packages, project

if TYPE_CHECKING:
    from pathlib import Path

FILE_LINES: Final = 400
FUNCTION_LINES: Final = 50
APP_LINES: Final = 200
EMPTY_NAMES: Final = ("util", "utils", "helper", "helpers", "manager", "base", "common", "misc")


def python_files() -> list[Path]:
    """Return every Python file, tests included."""
    found = sorted(path for path in files(*packages(), "tests") if path.suffix == ".py")
    assert found
    return found


def lines_of(path: Path) -> int:
    """Return how many lines a file has."""
    return len(path.read_bytes().splitlines())


def long_functions(source: str) -> list[tuple[str, int]]:
    """Return name and lines of the functions that are over the ceiling."""
    return [
        (node.name, lines)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def test_files_stay_readable() -> None:
    assert [(str(path.relative_to(ROOT)), n) for path in python_files() if (n := lines_of(path)) > FILE_LINES] == []


def test_functions_stay_readable() -> None:
    assert [
        (str(path.relative_to(ROOT)), *long)
        for path in python_files()
        for long in long_functions(path.read_text("utf-8"))
    ] == []


def test_a_long_function_would_be_seen() -> None:
    body = "\n".join(["    pass"] * FUNCTION_LINES)
    assert long_functions(f"class C:\n  async def f():\n{body}") == [("f", FUNCTION_LINES + 1)]


def test_the_app_only_composes() -> None:
    assert lines_of(ROOT / "tui" / "app.py") <= APP_LINES


def test_names_say_something() -> None:
    assert [str(path) for path in python_files() if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES] == []


def test_every_folder_of_code_is_a_package() -> None:
    folders = {path.parent for path in python_files()} | {ROOT / name for name in packages()}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("tool", ["uv.build-backend.module-name", "importlinter.root_packages", "pyright.include"])
def test_every_tool_knows_every_package(tool: str) -> None:
    known = project()["tool"]
    for key in tool.split("."):
        known = known[key]
    tops = {path.parent.name for path in ROOT.glob("*/*.py")} - {"tests", "build", "dist"}
    assert set(known) - {"tests"} == tops
