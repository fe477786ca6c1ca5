"""The words that producers use for a status, and which of the five they mean."""

from __future__ import annotations

from typing import Final

from store.events import Status

_WORDS: Final[dict[Status, str]] = {
    "success": "success succeeded succeed successful ok okay pass passed complete completed done finished",
    "failure": "failure fail failed error errored err exception crashed aborted cancelled canceled interrupted",
    "denied": "denied deny blocked forbidden rejected refused declined unauthorized unauthorised disallowed",
    "pending": "pending running in_progress in-progress inprogress started queued waiting open processing scheduled",
    "timeout": "timeout timed_out timed-out timedout deadline_exceeded",
}

STATUS_OF_WORD: Final[dict[str, Status]] = {word: status for status, words in _WORDS.items() for word in words.split()}
"""Lower-case word to status; the five statuses stand for themselves."""


def status_of(word: str) -> Status | None:
    """Return the status that a producer's word means, or None where it is not known."""
    return STATUS_OF_WORD.get(word.strip().lower().replace(" ", "_"))
