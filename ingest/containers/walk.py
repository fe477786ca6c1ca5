"""Goes through a document of whatever size, one record after the other, with only a little of it in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from ingest.containers.document import WRAPPER_KEYS
from ingest.containers.elements import Record
from ingest.containers.text_cursor import CUT_OFF_INSIDE, TextCursor
from ingest.decode import Undecodable


class DocumentWalk:
    """One walk through a document. What it gives counts only if the walk comes to its end."""

    def __init__(self, cursor: TextCursor) -> None:
        """Begin at the cursor, which stands before the first character."""
        self._cursor = cursor
        self.single: tuple[int, int] | None = None
        """Where the document begins and ends, if all of it is one record: then whatever was given is void."""

    def records(self) -> Iterator[Record]:
        """Give the records; a blank document and an empty array have none.

        Raises:
            Undecodable: it is cut off, not JSON, or neither an object nor an array.
            OSError: reading failed.
        """
        cursor = self._cursor
        first = cursor.start()
        if not first:
            return
        begin = cursor.offset
        if first == "[":
            yield from self._array()
        elif first == "{":
            wraps = yield from self._object()
            self.single = None if wraps else (begin, cursor.offset)
        else:
            cursor.value()
            raise Undecodable("neither a JSON object nor an array")
        end = cursor.character
        cursor.skip_blank()
        if cursor.peek():
            raise Undecodable(f"something follows the document's end at character {end}")

    def _array(self) -> Iterator[Record]:
        cursor = self._cursor
        cursor.expect("[")
        cursor.skip_space()
        if self._closes("]"):
            return
        while True:
            yield cursor.element()
            cursor.skip_space()
            if self._closes("]"):
                return
            cursor.expect(",")
            cursor.skip_space()

    def _object(self) -> Generator[Record, None, bool]:
        """Give the records of a wrapper, and return whether it was one."""
        cursor = self._cursor
        seen: list[str] = []
        is_event = False
        cursor.expect("{")
        cursor.skip_space()
        if self._closes("}"):
            return False
        while True:
            key = cursor.value()
            cursor.skip_space()
            cursor.expect(":")
            cursor.skip_space()
            if not is_event and key in WRAPPER_KEYS and cursor.peek() == "[":
                if key in seen:
                    raise Undecodable(f'the key "{key}" is given twice: which one is meant cannot be known')
                seen.append(key)
                yield from self._array()
            else:
                cursor.value()
            is_event = is_event or key == "event_type"
            cursor.skip_space()
            if self._closes("}"):
                return bool(seen) and not is_event
            cursor.expect(",")
            cursor.skip_space()

    def _closes(self, bracket: str) -> bool:
        """Pass over this bracket if it stands here."""
        found = self._cursor.peek()
        if not found:
            raise Undecodable(CUT_OFF_INSIDE)
        if found == bracket:
            self._cursor.expect(bracket)
        return found == bracket
