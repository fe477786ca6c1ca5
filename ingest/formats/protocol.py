"""What a format's reader is. A new format is one new file (or folder) and one line in `registry`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from store.events import NewEvent

JsonObject = dict[str, Any]


PlainKeys = Callable[[tuple[str, ...]], bool]
"""Returns whether none of some keys names a credential."""


NO_FORMAT: Final = "no event_type and no known format: add an event_type, or see docs/formats.md for what is read"
"""Why an object that could be anything is no event."""


class NotAnEvent(ValueError):  # noqa: N818 (it names what the record is, as a reader would say it)
    """The record is of this format but is no event; the text is the reason shown in the quarantine."""


@dataclass(slots=True)
class FileContext:
    """What a reader may know about the file it reads. `state` is the reader's own and survives restarts as JSON."""

    path: str
    """The file's present path: a label, never identity."""
    mtime_us: int
    owner: str | None = None
    """Login name of the file's owner; None where the system knows none."""
    state: dict[str, Any] = field(default_factory=dict[str, Any])
    last_ts_us: int | None = None
    """Time of the record before, in UTC microseconds; the pipeline keeps it."""


class Reader(Protocol):
    """Turns one record into canonical events.

    A reader sets the canonical fields of `NewEvent` and leaves identity (`digest`, `occurrence`), offset and
    inferred time to the pipeline, except that it sets `event_id` where the producer's id is unique by contract. Where
    one record gives several events without such an id, their order in the answer is their kind.
    """

    name: str

    def recognises(self, record: JsonObject) -> bool:
        """Return whether a record is of this format, judged by its content alone."""
        ...

    def read_usual_line(self, raw: bytes, plain_keys: PlainKeys) -> NewEvent | None:
        """Return the event of a line that is plainly of this format, without looking at it in between.

        None: have it decoded and read the careful way, which gives the same event. `plain_keys` tells whether none of
        some keys names a credential; a line with other keys must be None.
        """
        ...

    def read(self, record: JsonObject, context: FileContext) -> Sequence[NewEvent]:
        """Return the record's events; an empty answer means that the record is understood and deliberately dropped.

        Raises:
            NotAnEvent: the record cannot be an event; it goes to the quarantine with this reason.
        """
        ...
