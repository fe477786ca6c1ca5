"""Records in quarantine as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.service import QuarantineEntry


def place_of(entry: QuarantineEntry) -> str:
    """Return where a record stands: `events.jsonl:17`, or `events.json, byte 120` where lines are not known."""
    return f"{entry.path}:{entry.line}" if entry.line is not None else f"{entry.path}, byte {entry.offset}"


def entry_line(entry: QuarantineEntry, *, utc: bool) -> str:
    """Return one entry on one line."""
    when = words.full_time(entry.at_us, utc=utc)
    return safe_text(f"{entry.id:>6}  {when}  {place_of(entry)}  {entry.reason}")


def entry_text(entry: QuarantineEntry, *, utc: bool) -> Iterator[str]:
    """Give one entry whole, its bytes made visible line by line."""
    yield safe_text(f"{entry.reason}")
    yield ""
    yield safe_text(f"file    {entry.path}")
    yield f"line    {entry.line if entry.line is not None else '·'}, byte {entry.offset}, {words.size(entry.size)}"
    yield f"since   {words.full_time(entry.at_us, utc=utc)} {words.zone_offset(entry.at_us, utc=utc)}"
    yield ""
    for line in entry.raw.decode("utf-8", "backslashreplace").splitlines():
        yield safe_text(line)
    if len(entry.raw) < entry.size:
        yield f"… {words.size(entry.size - len(entry.raw))} more, not kept"
