"""Which package may load what: checked in fresh interpreters, and by the contracts of import-linter."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

import pytest

from tests.conftest import ROOT
from tests.tree import files

SCREEN: Final = ("textual", "tui")
PRICES: Final = "genai_prices"
"""3 MB of prices: loaded when the first price is asked, and by no import."""
DATABASE: Final = ("sqlmodel", "sqlalchemy", "sqlite3")

LOADED: Final = "\nimport json, sys; print('\\n' + json.dumps(sorted(sys.modules)))"


def modules_after(code: str) -> set[str]:
    """Run code in a fresh interpreter; return the names of the modules that it has loaded."""
    done = subprocess.run(
        [sys.executable, "-c", code + LOADED], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def loaded_after(code: str) -> set[str]:
    """Run code in a fresh interpreter; return the top-level names of the modules that it has loaded."""
    return {name.partition(".")[0] for name in modules_after(code)}


def every_module(package: str) -> str:
    """Return the statement that imports all modules of a package."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in files(package)
        if path.suffix == ".py"
    ]
    assert names
    return "import " + ", ".join(sorted(names))


@pytest.mark.parametrize(
    ("package", "absent"),
    [
        ("config", (*SCREEN, *DATABASE, PRICES, "store", "ingest", "cli", "assets")),
        ("assets", (*SCREEN, *DATABASE, "store", "ingest", "cli", "config")),
        ("store", (*SCREEN, PRICES, "ingest", "cli", "assets", "watchfiles")),
        ("detect", (*SCREEN, PRICES, "ingest", "cli", "assets", "watchfiles")),
        ("ingest", (*SCREEN, PRICES, "cli", "assets")),
        ("tui", (*DATABASE, PRICES, "ingest", "cli", "watchfiles")),
    ],
)
def test_no_module_of_a_package_loads(package: str, absent: tuple[str, ...]) -> None:
    assert loaded_after(every_module(package)) & set(absent) == set()


@pytest.mark.parametrize("entrance", ["import cli", "import cli.main"])
def test_the_command_line_loads_no_screen(entrance: str) -> None:
    assert loaded_after(entrance) & {*SCREEN, PRICES} == set()


def test_help_loads_no_database() -> None:
    ask_for_help = """
import sys
from cli.main import main
sys.argv = ["auditail", "--help"]
try:
    main()
except SystemExit:
    pass
"""
    assert loaded_after(ask_for_help) & {*SCREEN, *DATABASE, PRICES, "watchfiles"} == set()


def test_the_first_paint_waits_for_no_other_tab() -> None:
    others = {"tui.screens.search", "tui.screens.agents", "tui.screens.system"}
    assert modules_after("import tui.app") & others == set()
    assert modules_after("from tui.tabs import load_ahead; load_ahead()") >= others


def test_prices_are_loaded_with_the_first_question_only() -> None:
    begin = "from store.pricing.choosing import default_pricer; pricer = default_pricer()"
    assert PRICES not in loaded_after(begin)
    assert PRICES in loaded_after(f"{begin}; pricer.price('gpt-5', 0, (1, 0, 0, 0))")


def test_contracts_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
