"""The content of a message: a text, or a list of blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from ingest.formats.claude_code.line import Line
from ingest.formats.claude_code.wording import name_of
from ingest.formats.protocol import NotAnEvent
from store.events import NewEvent


@dataclass(frozen=True, slots=True)
class Blocks:
    """What a content holds. `objects` are its blocks with their places; a plain text is a text block at place 0."""

    objects: tuple[tuple[int, dict[str, Any]], ...]
    unreadable: tuple[Any, ...]
    """Items of the list that are no objects."""
    present: bool
    """Whether the message has a content at all."""

    @classmethod
    def of(cls, content: Any) -> Blocks:
        """Sort a content, of whatever type, into blocks and what is none."""
        if type(content) is str:
            return cls(((0, {"type": "text", "text": content}),) if content else (), (), present=True)
        if type(content) is not list:
            return cls((), (), present=False)
        items = list(enumerate(cast("list[Any]", content)))
        return cls(
            objects=tuple((index, cast("dict[str, Any]", item)) for index, item in items if type(item) is dict),
            unreadable=tuple(item for _, item in items if type(item) is not dict),
            present=True,
        )

    def finish(self, line: Line, events: list[NewEvent]) -> list[NewEvent]:
        """Return the line's events, with what was unreadable kept on the first; a line without content is still one.

        Raises:
            NotAnEvent: nothing in the line could be read.
        """
        kind = name_of(line.record.get("type"))
        if not events:
            if self.unreadable:
                raise NotAnEvent(f"a block of this {kind} record's content is no object")
            if not self.present:
                raise NotAnEvent(f"this {kind} record has no message content")
            return [line.event(f"system.claude_code.{kind}", "record")]
        if self.unreadable and events[0].metadata is not None:
            events[0].metadata["unreadable_blocks"] = list(self.unreadable)
        return events
