"""The page about reliability is true: forty faults, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from typing import Final

from tests.conftest import ROOT

PAGE: Final = ROOT / "docs" / "reliability.md"
FAULTS: Final = 40
ROW: Final = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST: Final = re.compile(r"`([a-z0-9]+/\w+\.py)::(\w+)`")


def rows() -> list[tuple[int, str, str]]:
    """Return number, behaviour and tests of each row of the table of faults."""
    found = ROW.findall(PAGE.read_text("utf-8"))
    return [(int(number), behaviour, tests) for number, _, behaviour, tests in found]


def test_every_fault_is_there_once_in_its_order() -> None:
    assert [number for number, _, _ in rows()] == list(range(1, FAULTS + 1))


def test_a_fault_names_its_tests_or_says_that_it_is_to_come() -> None:
    for number, behaviour, tests in rows():
        named = TEST.findall(tests)
        assert bool(named) != (tests == "not yet"), number
        assert named or "ot yet" in behaviour, number
        assert ", ".join(f"`{file}::{name}`" for file, name in named) == tests or not named, number


def test_every_named_test_exists() -> None:
    missing: list[str] = []
    for file, name in TEST.findall(PAGE.read_text("utf-8")):
        path = ROOT / "tests" / file
        tree = ast.parse(path.read_text("utf-8")) if path.is_file() else ast.Module([], [])
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        if name not in names:
            missing.append(f"{file}::{name}")
    assert missing == []


def test_every_source_is_numbered_and_used() -> None:
    text, _, sources = PAGE.read_text("utf-8").partition("\nSources:\n")
    numbered = [int(number) for number in re.findall(r"^(\d+)\. \[", sources, re.MULTILINE)]
    assert numbered == list(range(1, len(numbered) + 1))
    assert {int(number) for number in re.findall(r"\[(\d+)\]", text)} == set(numbered)
