"""A small store with the simulated platform's last sixty days, a frozen present, and a terminal that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.headless import write_history
from tests.e2e.cli_process import in_process

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NOW_US: Final = 1_795_424_400_000_000
"""2026-11-23 09:00 UTC, a Monday: the present, and the end of what is told."""
DAY_US: Final = 86_400_000_000
EVENTS: Final = 3_000
DAYS: Final = 65
STORE: Final = "events.db"


def tell_history(folder: Path, events: int = EVENTS) -> None:
    """Make the store `events.db` in a folder: some thousand events of the simulated platform, always the same."""
    write_history(folder / "events", events=events, span_us=DAYS * DAY_US, end_us=NOW_US, seed=1)
    assert in_process("ingest", "events", "--store", STORE, cwd=folder).code == 0


def freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be `NOW_US` for the reports of the command line."""
    monkeypatch.setattr("cli.analytics.running.now_us", lambda: NOW_US)


def pretend_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Let standard output be a terminal of so many cells, without colours."""
    monkeypatch.setattr("cli.stdout.is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
