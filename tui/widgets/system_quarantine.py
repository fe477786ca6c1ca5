"""The records that could not be read: when, where and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.message import Message

from store.service import QuarantineEntry
from tui import format as fmt
from tui.widgets.line import Line, Span, fit, heading, pad, spans_width
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.service import Health

WHEN: Final = 10
LINE: Final = 8
BYTE: Final = 13
REASON: Final = 26
DAY_US: Final = 86_400 * fmt.MICROS


class SystemQuarantine(SystemPane):
    """One row for each of the newest records; which is under the cursor is told, so that its bytes can be shown."""

    class Highlighted(Message):
        """Another record is under the cursor; None: there is none."""

        def __init__(self, entry: QuarantineEntry | None) -> None:
            """Remember the record."""
            super().__init__()
            self.entry = entry

    def build(self, width: int) -> Sequence[Line]:
        """Return heading and rows."""
        if self.health is None:
            return [heading("Quarantine"), Line(((f"  {self.glyphs.pending} reading", "muted"),), skip=True)]
        return list(self._build(self.health, width))

    def rebuild(self) -> None:
        """Build anew, and tell which record the cursor is on now."""
        super().rebuild()
        self._tell()

    def watch_cursor(self, before: int, after: int) -> None:
        """Tell which record the cursor is on."""
        super().watch_cursor(before, after)
        self._tell()

    def _tell(self) -> None:
        target = None if self.current is None else self.current.target
        self.post_message(self.Highlighted(target if isinstance(target, QuarantineEntry) else None))

    def _build(self, health: Health, width: int) -> Iterator[Line]:
        number = health.quarantined
        right = ((fmt.count(number), "warning"), (f" record{'' if number == 1 else 's'} · none lost", "muted"))
        yield heading("Quarantine", *right) if number else heading("Quarantine")
        if not number:
            yield Line(((f"{self.glyphs.success} every record could be read", "muted"),), skip=True)
        elif not health.quarantine:
            yield Line((("not shown while only some tenants may be seen", "muted"),), skip=True)
        else:
            yield from self._rows(health.quarantine, number, width)

    def _rows(self, entries: Sequence[QuarantineEntry], number: int, width: int) -> Iterator[Line]:
        places = LINE + BYTE if width >= WHEN + LINE + BYTE + REASON + 16 else 0
        file_width = max((width - WHEN - places) // 2, 8)
        place_titles = f"{pad('line', LINE, right=True)}{pad('byte', BYTE, right=True)}" if places else ""
        yield Line(((f"{pad('when', WHEN)}{pad('file', file_width)}{place_titles}  why", "muted"),), skip=True)
        for entry in entries:
            yield self._row(entry, file_width, places=bool(places))
        if number > len(entries):
            yield Line(((f"{number - len(entries):,} older: auditail quarantine list", "muted"),), skip=True)

    def _row(self, entry: QuarantineEntry, file_width: int, *, places: bool) -> Line:
        name = fit([(entry.path.rpartition("/")[2], "")], file_width - 1)
        spans: list[Span] = [(pad(self._when(entry.at_us), WHEN), "muted"), *name]
        spans.append((" " * (file_width - spans_width(name)), ""))
        if places:
            line = self.glyphs.none if entry.line is None else fmt.count(entry.line)
            spans.append((pad(line, LINE, right=True), ""))
            spans.append((pad(fmt.count(entry.offset), BYTE, right=True), ""))
        return Line((*spans, ("  ", ""), (entry.reason, "warning")), target=entry)

    def _when(self, at_us: int) -> str:
        if self.now_us - at_us < DAY_US and fmt.day(at_us, utc=self.utc) == fmt.day(self.now_us, utc=self.utc):
            return fmt.clock(at_us, utc=self.utc)[0]
        return fmt.day(at_us, utc=self.utc)[5:]
