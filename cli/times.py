"""Times as people type them on the command line: what cannot be read is a problem with the options."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from cli.problems import UsageProblem
from store.filters.time_text import read_time

ACCEPTED: Final = "2026-01-27T10:30:00Z, 2026-01-27 10:30, 10:30, -24h, -15m, -7d, today, yesterday, now or 1769509800"
"""Examples of every accepted form; a time without a zone is local, with --utc it is UTC."""


def parse_time(text: str, *, now: datetime, utc: bool) -> int:
    """Return the time that `text` names, in UTC microseconds, as `read_time` does.

    Raises:
        UsageProblem: the text is none of the accepted forms.
    """
    try:
        return read_time(text, now=now, utc=utc)
    except ValueError as error:
        raise UsageProblem(f"cannot read the time {text!r}: write it as {ACCEPTED}") from error
