"""What tests with a screen share: every key is waited for until all that comes of it is done, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.pilot.alerts_app import NOBODY_LOOKS_S
from tests.pilot.quiet import quiet
from tests.pilot.styles_once import parse_once

if TYPE_CHECKING:
    from collections.abc import Generator

SAID_FOR_S: Final = 3_600.0


@pytest.fixture(scope="session", autouse=True)
def styles_read_once() -> Generator[None]:
    """Share what was read of style sheets among all tests."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        parse_once(monkeypatch)
        yield


@pytest.fixture(autouse=True)
def known_to_be_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace Textual's guess at when an app is idle by what is known of it."""
    monkeypatch.setattr("textual.app.wait_for_idle", quiet)
    monkeypatch.setattr("textual.pilot.wait_for_idle", quiet)


@pytest.fixture(autouse=True)
def said_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing that was said in passing be gone before a slow machine comes to read it."""
    monkeypatch.setattr("textual.app.App.NOTIFICATION_TIMEOUT", SAID_FOR_S)


@pytest.fixture
def nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no alert count as looked at."""
    monkeypatch.setattr("tui.screens.alerts_detail.VIEWED_S", NOBODY_LOOKS_S)
