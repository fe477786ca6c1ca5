"""What the dashboard may know about capturing: a line to show, and a way to add a folder."""

from __future__ import annotations

from typing import Protocol


class Capture(Protocol):
    """Implemented by the command line around the scanner's process; a fake in tests."""

    def describe(self) -> str:
        """Return in a few words what is watched (`./events`, `3 folders`); empty: nothing is."""
        ...

    def add_folder(self, path: str) -> str | None:
        """Watch one more folder from now on; return None, or one line that says why not."""
        ...
