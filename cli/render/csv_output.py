"""Events as CSV, safe to open in a spreadsheet: a text that would run as a formula gets a leading apostrophe."""

from __future__ import annotations

import csv
import io
from typing import IO, TYPE_CHECKING, Any, Final

import orjson

from store.safe_text import safe_text
from store.schema import EVENT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Also in full width, which some spreadsheets read as the same."""
_CHUNK_ROWS: Final = 256


def neutralised(text: str) -> str:
    """Return the text with a leading apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


class CsvWriter:
    """Writes events as rows of the canonical fields; nested values are JSON, an absent value is an empty cell."""

    def __init__(
        self, out: IO[bytes], *, raw: bool, on_terminal: bool, columns: tuple[str, ...] = EVENT_FIELDS
    ) -> None:
        """Write to `out` in UTF-8; `raw` leaves formulas as they are, on a terminal text is made visible."""
        self._columns = columns
        self._out = out
        self._raw = raw
        self._on_terminal = on_terminal
        self._buffer = io.StringIO(newline="")
        self._rows = csv.writer(self._buffer)

    def header(self) -> None:
        """Write the names of the columns."""
        self._rows.writerow(self._columns)
        self._flush()

    def write(self, events: Iterable[Mapping[str, Any]]) -> int:
        """Write events and return how many there were."""
        number = 0
        for event in events:
            self._rows.writerow([self._cell(event.get(name)) for name in self._columns])
            number += 1
            if number % _CHUNK_ROWS == 0:
                self._flush()
        self._flush()
        self._out.flush()
        return number

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, int):
            return str(value)
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        if isinstance(value, str) and not self._raw:
            text = neutralised(text)
        return safe_text(text) if self._on_terminal else text

    def _flush(self) -> None:
        self._out.write(self._buffer.getvalue().encode("utf-8", "backslashreplace"))
        self._buffer.seek(0)
        self._buffer.truncate()
