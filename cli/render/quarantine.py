"""Records in quarantine as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.wording import counted
from store.fault_place import fault_place
from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.retry import Outcome
    from store.service import QuarantineEntry, QuarantineReason, QuarantineRow

_PER_ROW: Final = 16
_ROWS_AROUND: Final = 3
"""Rows of bytes shown before and after the one with the fault."""
_PRINTABLE: Final = range(0x20, 0x7F)


def place_of(row: QuarantineRow | QuarantineEntry) -> str:
    """Return where a record stands: `events.jsonl:17`, or `events.json, byte 120` where lines are not known."""
    return f"{row.path}:{row.line}" if row.line is not None else f"{row.path}, byte {row.offset}"


def row_line(row: QuarantineRow, *, utc: bool) -> str:
    """Return one record on one line."""
    state = "  (asked for again)" if row.retry_us is not None else "  (tried again)" if row.tried_us is not None else ""
    return safe_text(f"{row.id:>6}  {words.full_time(row.at_us, utc=utc)}  {place_of(row)}  {row.reason}{state}")


def reason_line(reason: QuarantineReason, *, utc: bool) -> str:
    """Return one reason with its count on one line."""
    newest = words.full_time(reason.newest_us, utc=utc)
    return safe_text(f"{reason.records:>8,}  newest {newest}  {reason.kind}")


def outcome_line(outcome: Outcome) -> str:
    """Return what came of a retry on one line."""
    if not outcome.read:
        return safe_text(f"{outcome.id:>6}  still bad: {outcome.how}")
    stored = f", {counted(outcome.events, 'event')}" if outcome.events else ""
    return safe_text(f"{outcome.id:>6}  {outcome.how}{stored}")


def entry_text(entry: QuarantineEntry, *, utc: bool) -> Iterator[str]:
    """Give one entry whole: its place, the bytes around the fault, and its text made visible line by line."""
    yield safe_text(entry.reason)
    yield ""
    yield safe_text(f"file    {entry.path}")
    yield f"line    {entry.line if entry.line is not None else '·'}, byte {entry.offset}, {words.size(entry.size)}"
    yield f"since   {words.full_time(entry.at_us, utc=utc)} {words.zone_offset(entry.at_us, utc=utc)}"
    if entry.retry_us is not None:
        yield f"retry   asked for {words.full_time(entry.retry_us, utc=utc)}"
    elif entry.tried_us is not None:
        yield safe_text(f"retry   tried {words.full_time(entry.tried_us, utc=utc)}: {entry.tried_reason}")
    yield ""
    place = fault_place(entry.reason, entry.raw, entry.offset)
    if place is not None:
        yield f"fault   at byte {place} of the record, byte {entry.offset + place} of the file"
        yield from hex_around(entry.raw, entry.offset, place)
        yield ""
    for line in entry.raw.decode("utf-8", "backslashreplace").splitlines():
        yield safe_text(line)
    if len(entry.raw) < entry.size:
        yield f"… {words.size(entry.size - len(entry.raw))} more, not kept"


def hex_around(raw: bytes, offset: int, place: int) -> Iterator[str]:
    """Give the rows of bytes around a place, which is marked below its row; addresses are those of the file."""
    middle = place // _PER_ROW
    for number in range(max(0, middle - _ROWS_AROUND), middle + _ROWS_AROUND + 1):
        row = raw[number * _PER_ROW : (number + 1) * _PER_ROW]
        if not row:
            return
        text = "".join(chr(byte) if byte in _PRINTABLE else "." for byte in row)
        address = f"{offset + number * _PER_ROW:08x}  "
        yield f"{address}{row.hex(' '):<{3 * _PER_ROW - 1}}  {text}"
        if number == middle:
            column = place % _PER_ROW
            under_hex = " " * (len(address) + 3 * column) + "^^"
            yield under_hex.ljust(len(address) + 3 * _PER_ROW + 1) + " " * column + "^"
