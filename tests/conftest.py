"""What every test stands on: a frozen surrounding, a home of its own, and skips that cannot hide.

No test touches the user's home, store or settings: the process starts with a scrubbed environment, and each test
has an empty home directory.
"""

from __future__ import annotations

import faulthandler
import itertools
import os
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT: Final = Path(__file__).resolve().parent.parent
CORPORA: Final = ROOT.parent / "shared" / "corpora"
"""Real transcripts, beside the checkout; absent on most machines."""

FROZEN_ENVIRONMENT: Final = {
    # A rule instead of a zone's name: it needs no time zone database. Not UTC, so that mixing up local time and UTC
    # shows, and with summer time, so that a fixed offset shows too.
    "TZ": "CET-1CEST,M3.5.0,M10.5.0/3",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
}
SCRUBBED: Final = (
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "LINES",
    "NO_COLOR",
    "TMUX",
    "TTY_COMPATIBLE",
)
SCRUBBED_PREFIXES: Final = ("AUDITAIL_", "LC_", "TEXTUAL_", "XDG_")
KEPT_PREFIX: Final = "TEXTUAL_SNAPSHOT_"
"""The snapshot plugin's own, set before this file is read."""

# A deadline, or a look at how long drawing examples takes, would make a slow machine a failing test; the same examples
# each time make a failure everybody's.
_AT_ANY_PACE: Final = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", _AT_ANY_PACE, max_examples=100, derandomize=True)
settings.register_profile("slow", _AT_ANY_PACE, max_examples=500, print_blob=True)
settings.load_profile("steady")

HANGS_AFTER_S: Final = 300
"""A test that takes so long waits for something that will never come: its process ends, saying where it stood."""

_homes = itertools.count(1)
_STDERR = pytest.StashKey[TextIO]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--forbid-skips`, which continuous integration uses: what is skipped there is not tested anywhere."""
    parser.addoption("--forbid-skips", action="store_true", help="a skipped test fails, if anything helps against it")


def pytest_configure(config: pytest.Config) -> None:
    """Freeze the surrounding before any module of the project is imported."""
    if config.getoption("--hypothesis-profile") != "slow":
        # Hypothesis also draws constants of whatever modules are loaded by then: other examples in each worker.
        providers._get_local_constants = Constants  # pyright: ignore[reportPrivateUsage]
    config.stash[_STDERR] = os.fdopen(os.dup(2), "w")  # what a test prints is captured; this is the real one
    for name in list(os.environ):
        if name in SCRUBBED or (name.startswith(SCRUBBED_PREFIXES) and not name.startswith(KEPT_PREFIX)):
            del os.environ[name]
    os.environ.update(FROZEN_ENVIRONMENT)
    time.tzset()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close what was opened."""
    config.stash[_STDERR].close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let no test hang: with several workers it fails and the others go on, alone it ends the run."""
    patience = 30 if item.config.getoption("--hypothesis-profile") == "slow" else 1
    faulthandler.dump_traceback_later(HANGS_AFTER_S * patience, exit=True, file=item.config.stash[_STDERR])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the journeys in tmux where there is none."""
    if shutil.which("tmux") is None:
        for item in items:
            if item.get_closest_marker("tmux"):
                item.add_marker(pytest.mark.skip(reason="tmux is not installed"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly which journeys did not run."""
    if shutil.which("tmux") is None:
        terminalreporter.write_line("tmux is not installed: the journeys in a real terminal did NOT run.", red=True)


def skip_is_forbidden(reason: str, *, corpora_exist: bool) -> bool:
    """Return whether a skip may not stand under `--forbid-skips`.

    Excused are corpora that are absent, and disks that may not be mounted here: nothing that is installed helps.
    """
    if "only root may mount" in reason:
        return False
    return corpora_exist or re.search(r"\bcorp(us|ora)\b", reason, re.IGNORECASE) is None


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip that may not stand into a failure."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if skip_is_forbidden(reason, corpora_exist=CORPORA.is_dir()):
        report.outcome = "failed"
        report.longrepr = f"skips are forbidden here, and this was one: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hold tests to `--forbid-skips`."""
    report = yield
    if item.config.getoption("--forbid-skips"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Hold whole modules to `--forbid-skips`."""
    report = yield
    if collector.config.getoption("--forbid-skips"):
        _refuse_skip(report)
    return report


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test an empty home directory and return it; `XDG_*` are unset, so that all defaults lie in it."""
    directory = tmp_path_factory.getbasetemp() / "homes" / str(next(_homes))
    directory.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(directory))
    return directory


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Return the folder of real transcripts; the test is skipped where there is none."""
    if not CORPORA.is_dir():
        pytest.skip("corpora are absent")
    return CORPORA
