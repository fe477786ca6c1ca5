"""Every key is waited for until all that comes of it is done, and no longer."""

from __future__ import annotations

import pytest

from tests.pilot.quiet import quiet


@pytest.fixture(autouse=True)
def known_to_be_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace Textual's guess at when an app is idle by what is known of it."""
    monkeypatch.setattr("textual.app.wait_for_idle", quiet)
    monkeypatch.setattr("textual.pilot.wait_for_idle", quiet)
