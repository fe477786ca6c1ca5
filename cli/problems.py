"""What a command can find wrong with how it was called. The text is one line that says what to do."""

from __future__ import annotations

from typing import Final

OK: Final = 0
FINDINGS: Final = 1
"""The command did its work and found something, or could only do part of it."""
USAGE: Final = 2
"""The command line or a setting is wrong."""
STORE: Final = 3
"""The store cannot be used."""
INTERNAL: Final = 70
"""A mistake of the program itself."""
INTERRUPTED: Final = 130
"""Stopped with Ctrl-C."""


class UsageProblem(Exception):  # noqa: N818 (it is shown to a person, not to a developer)
    """The command was called in a way it cannot follow."""


class LeavingCutShort(SystemExit):
    """The dashboard could not be left in order: nobody reads its screen any more, and a thread may hang on it for ever.

    Everything that must be closed has been closed on the way out, so the process ends without waiting for threads.
    """
