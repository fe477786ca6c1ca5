"""The records that could not be read: why, how many, and each of them with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from store.service import QuarantineReason, QuarantineRow
from tui import format as fmt
from tui.widgets.line import Line, Span, fit, heading, pad, spans_width
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from store.health import Health

WHEN: Final = 13
LINE: Final = 13
BYTE: Final = 16
STATE: Final = 20
ROOM_FOR_STATE: Final = 2 + WHEN + LINE + STATE + 16
ROOM_FOR_BYTE: Final = ROOM_FOR_STATE + BYTE
"""From these widths on there is room for what became of a record, and for where in its file it stood."""
COUNT: Final = 9
FEW: Final = 8
"""Up to so many records every reason is unfolded from the start."""
DAY_US: Final = 86_400 * fmt.MICROS


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of the quarantine: every reason, and the newest records of those that are unfolded, by kind."""

    reasons: tuple[QuarantineReason, ...]
    rows: Mapping[str, tuple[QuarantineRow, ...]]


@dataclass(frozen=True, slots=True)
class AllRecords:
    """The row that stands for every record."""

    records: int


Target = AllRecords | QuarantineReason | QuarantineRow


class SystemQuarantine(SystemPane):
    """A tree: all, reasons, records. What is under the cursor is what `r` and `D` act on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "fold(0)", show=False),
        Binding("right", "fold(1)", show=False),
    ]

    shown: reactive[Shown | None] = reactive(None)
    """What the tree is made of; None: being read."""

    class Highlighted(Message):
        """Another record is under the cursor; None: there is none."""

        def __init__(self, number: int | None) -> None:
            """Remember the record's number."""
            super().__init__()
            self.number = number

    class FoldsChanged(Message):
        """Reasons were folded or unfolded; their records are wanted."""

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._folds: dict[str, bool] = {}
        self._told: int | None = None

    def is_unfolded(self, reason: QuarantineReason, records: int) -> bool:
        """Return whether a reason's records are shown, of `records` in all."""
        return self._folds.get(reason.kind, records <= FEW)

    @property
    def highlighted(self) -> int | None:
        """Number of the record whose bytes are wanted; None: none."""
        return self._told

    @property
    def target(self) -> Target | None:
        """What is under the cursor."""
        target = None if self.current is None else self.current.target
        return target if isinstance(target, AllRecords | QuarantineReason | QuarantineRow) else None

    def watch_shown(self) -> None:
        """Show what is known now; the cursor stays on the same record or reason."""
        before, height = self.target, len(self.lines)
        self.rebuild()
        wanted = _name(before)
        for index, line in enumerate(self.lines):
            if wanted is not None and _name(line.target) == wanted:
                self.cursor = index
        if len(self.lines) != height:
            self.refresh(layout=True)
        self._tell()

    def watch_cursor(self, before: int, after: int) -> None:
        """Tell which record the cursor is on."""
        super().watch_cursor(before, after)
        self._tell()

    def _tell(self) -> None:
        number = self.target.id if isinstance(self.target, QuarantineRow) else None
        if number is None and self.shown is not None:
            # On a reason, its newest record says what such records look like.
            number = next((row.id for row in self._rows_of(self.target)), None)
        if number != self._told:
            self._told = number
            self.post_message(self.Highlighted(number))

    def _rows_of(self, target: Target | None) -> Sequence[QuarantineRow]:
        """Return records that a row stands for, the newest first, as far as they are known."""
        if self.shown is None:
            return ()
        if isinstance(target, AllRecords):
            return sorted((row for rows in self.shown.rows.values() for row in rows), key=lambda row: -row.id)[:1]
        if not isinstance(target, QuarantineReason):
            return ()
        return self.shown.rows.get(target.kind, ())

    def action_fold(self, opened: int) -> None:
        """Unfold (1) or fold (0) the reason under the cursor; on a record, fold its reason."""
        if isinstance(self.target, QuarantineReason):
            self._set_fold(self.target.kind, opened=bool(opened))
        elif isinstance(self.target, QuarantineRow) and not opened and self.shown is not None:
            number = self.target.id
            for kind, rows in self.shown.rows.items():
                if any(row.id == number for row in rows):
                    self._set_fold(kind, opened=False)
                    self._go_to(kind)

    def action_choose(self) -> None:
        """Unfold or fold a reason; report a record."""
        if isinstance(self.target, QuarantineReason) and self.shown is not None:
            records = sum(one.records for one in self.shown.reasons)
            self._set_fold(self.target.kind, opened=not self.is_unfolded(self.target, records))
        else:
            super().action_choose()

    def _set_fold(self, kind: str, *, opened: bool) -> None:
        self._folds[kind] = opened
        self.rebuild()
        self.refresh(layout=True)
        self.post_message(self.FoldsChanged())

    def _go_to(self, kind: str) -> None:
        for index, line in enumerate(self.lines):
            if isinstance(line.target, QuarantineReason) and line.target.kind == kind:
                self.cursor = index

    def build(self, width: int) -> Sequence[Line]:
        """Return heading and tree."""
        if self.health is None:
            return [heading("Quarantine"), Line(((f"{self.glyphs.pending} reading", "muted"),), skip=True)]
        return list(self._build(self.health, width))

    def _build(self, health: Health, width: int) -> Iterator[Line]:
        number = health.quarantined
        right = ((fmt.count(number), "warning"), (f" record{'' if number == 1 else 's'} kept, none lost", "muted"))
        yield heading("Quarantine", *right) if number else heading("Quarantine")
        if not number:
            yield Line(((f"{self.glyphs.success} every record could be read", "muted"),), skip=True)
        elif self.shown is None:
            yield Line(((f"{self.glyphs.pending} reading", "muted"),), skip=True)
        elif not self.shown.reasons:
            yield Line((("not shown while only some tenants may be seen", "muted"),), skip=True)
        else:
            yield from self._tree(self.shown, width)

    def _tree(self, shown: Shown, width: int) -> Iterator[Line]:
        records = sum(one.records for one in shown.reasons)
        if len(shown.reasons) > 1:
            yield Line(
                ((pad("all reasons", width - COUNT), ""), (pad(fmt.count(records), COUNT, right=True), "")),
                target=AllRecords(records),
            )
        for reason in shown.reasons:
            unfolded = self.is_unfolded(reason, records)
            yield self._reason(reason, width, unfolded=unfolded)
            if unfolded:
                yield from self._records(reason, shown.rows.get(reason.kind), width)

    def _reason(self, reason: QuarantineReason, width: int, *, unfolded: bool) -> Line:
        sign = self.glyphs.opened if unfolded else self.glyphs.closed
        waiting = f"{self.glyphs.pending} {fmt.count(reason.waiting)} to be tried " if reason.waiting else ""
        room = max(width - COUNT - len(waiting) - 2, 8)
        text = fit([(reason.kind, "warning")], room - 1)
        gap = " " * (room - spans_width(text))
        count: Span = (pad(fmt.count(reason.records), COUNT, right=True), "")
        return Line(((f"{sign} ", "muted"), *text, (gap, ""), (waiting, "muted"), count), target=reason)

    def _records(self, reason: QuarantineReason, rows: Sequence[QuarantineRow] | None, width: int) -> Iterator[Line]:
        if rows is None:
            yield Line(((f"    {self.glyphs.pending} reading", "muted"),), skip=True)
            return
        for row in rows:
            yield self._record(row, width)
        if reason.records > len(rows):
            said = f"    {reason.records - len(rows):,} older: auditail quarantine list"
            yield Line(((said, "muted"),), skip=True)

    def _record(self, row: QuarantineRow, width: int) -> Line:
        state = STATE if width >= ROOM_FOR_STATE else 2
        byte = BYTE if width >= ROOM_FOR_BYTE else 0
        room = max(width - 2 - WHEN - LINE - byte - state, 8)
        name = fit([(row.path.rpartition("/")[2], "")], room - 1)
        line = self.glyphs.none if row.line is None else f"line {row.line:,}"
        spans: list[Span] = [
            (f"  {pad(self._when(row.at_us), WHEN)}", "muted"),
            *name,
            (" " * (room - spans_width(name)), ""),
            (pad(line, LINE, right=True), "muted"),
        ]
        if byte:
            spans.append((pad(f"byte {row.offset:,}", BYTE, right=True), "muted"))
        spans.append(self._state(row, state))
        return Line(tuple(spans), target=row)

    def _state(self, row: QuarantineRow, cells: int) -> Span:
        if row.retry_us is not None:
            return pad(f" {self.glyphs.pending}{' to be tried' if cells == STATE else ''}", cells), "muted"
        if row.tried_us is not None:
            when = f" tried {self.ago(row.tried_us)}" if cells == STATE else ""
            return pad(f" {self.glyphs.failure}{when}", cells), "warning"
        return " " * cells, ""

    def _when(self, at_us: int) -> str:
        if self.now_us - at_us < DAY_US and fmt.day(at_us, utc=self.utc) == fmt.day(self.now_us, utc=self.utc):
            return fmt.clock(at_us, utc=self.utc)[0]
        return f"{fmt.day(at_us, utc=self.utc)[5:]} {fmt.minute(at_us, utc=self.utc)}"


def _name(target: object) -> object | None:
    """Return what a row is the same by, whatever its numbers are now."""
    if isinstance(target, QuarantineRow):
        return target.id
    if isinstance(target, QuarantineReason):
        return target.kind
    return AllRecords if isinstance(target, AllRecords) else None
