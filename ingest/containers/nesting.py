"""Finds where a value ends by its brackets and strings alone, however long it is and wherever its text is cut."""

from __future__ import annotations

import re
from typing import Final

_OUTSIDE: Final = re.compile(r'[\[\]{}"]')
_INSIDE: Final = re.compile(r'["\\]')
_BARE_END: Final = re.compile(r"[,\]}\s]")


class Nesting:
    """How deep in a value the text fed so far has come."""

    def __init__(self) -> None:
        """Begin before the value's first character."""
        self._begun = False
        self._bare = False
        """Whether it is a number or a word, which nothing closes."""
        self._depth = 0
        self._string = False
        self._escape = False

    def end_in(self, text: str, at: int) -> int | None:
        """Go on in `text` from `at`; return the index after the value's end, None where it goes on beyond the text."""
        if not self._begun and at < len(text):
            self._begun, self._bare = True, text[at] not in '[{"'
        if self._bare:
            found = _BARE_END.search(text, at)
            return found.start() if found else None
        if self._escape and at < len(text):
            self._escape = False
            at += 1
        while found := (_INSIDE if self._string else _OUTSIDE).search(text, at):
            at = found.end()
            if found[0] == "\\":
                if at == len(text):
                    self._escape = True
                    return None
                at += 1
            elif self._closes(found[0]):
                return at
        return None

    def _closes(self, mark: str) -> bool:
        """Take a quote or a bracket; return whether it is the value's end."""
        if mark == '"':
            self._string = not self._string
        else:
            self._depth += 1 if mark in "[{" else -1
        return self._depth == 0 and not self._string
