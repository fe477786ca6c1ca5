"""The board of invariants: standing statements, how many events they were held against, and whether they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from store.alerts.model import InvariantRow
from tui import format as fmt
from tui.widgets.line import Line, Span, heading, pad
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.model import ShedRow

_ROOMY: Final = 84
_GAP: Final = "  "
_EXAMINED: Final = 11
_CHECKED: Final = 10
_VIOLATIONS: Final = 6
_NARROW_EXAMINED: Final = 7
_NARROW_VIOLATIONS: Final = 6


class InvariantBoard(LineView):
    """Shows `statements`, and below them which rules had to forget something. Choosing one is the screen's matter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "cursor(-1)", show=False),
        Binding("j", "cursor(1)", show=False),
    ]

    utc = reactive(default=False)
    """Show times in UTC instead of local time."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start with nothing known."""
        super().__init__(id=id)
        self.statements: tuple[InvariantRow, ...] | None = None
        self.forgotten: tuple[ShedRow, ...] = ()
        self.now_us = 0

    def show(self, statements: Sequence[InvariantRow], forgotten: Sequence[ShedRow], now_us: int) -> None:
        """Show these as of a time, UTC microseconds."""
        found = (tuple(statements), tuple(forgotten), now_us)
        if found != (self.statements, self.forgotten, self.now_us):
            before = self.statement
            self.statements, self.forgotten, self.now_us = found
            self.rebuild()
            self._go_to(before)

    @property
    def wanted(self) -> int:
        """How many lines it takes to show all; 0: nothing is to be shown."""
        statements = len(self.statements or ())
        return (statements + 2 if statements else 0) + len(self.forgotten)

    @property
    def statement(self) -> InvariantRow | None:
        """The statement under the cursor."""
        target = None if self.current is None else self.current.target
        return target if isinstance(target, InvariantRow) else None

    def _go_to(self, before: InvariantRow | None) -> None:
        """Put the cursor on the statement that it was on."""
        for at, line in enumerate(self.lines):
            target = line.target
            if isinstance(target, InvariantRow) and before is not None and target.rule_id == before.rule_id:
                self.cursor = at

    def watch_utc(self) -> None:
        """Write times in UTC or in local time."""
        self.rebuild()

    def build(self, width: int) -> Sequence[Line]:
        """Return all lines for a pane of `width` cells; none where there is no statement."""
        return list(self._shown_lines(width)) if self.statements or self.forgotten else []

    def _shown_lines(self, width: int) -> Iterator[Line]:
        statements = self.statements or ()
        if statements:
            yield heading("Invariants", *self._sums(statements))
            yield self._titles(width)
        for one in statements:
            yield self._line(one, width)
        for shed in self.forgotten:
            yield self._shed(shed)

    def _sums(self, statements: Sequence[InvariantRow]) -> Iterator[Span]:
        violated = sum(one.violations > 0 for one in statements)
        untried = sum(not one.violations and one.checked_us is None for one in statements)
        hold = len(statements) - violated - untried
        if hold or not untried:
            yield f"{hold} hold{'s' if hold == 1 else ''}", "success" if hold else "muted"
        if untried:
            yield f"{_GAP if hold else ''}{self.glyphs.none} {untried} without an event so far", "muted"
        if violated:
            yield f"{_GAP}{self.glyphs.failure} {violated} violated", "error"

    def _titles(self, width: int) -> Line:
        if width >= _ROOMY:
            words = ("events".rjust(_EXAMINED), "last check".ljust(_CHECKED), "broken".rjust(_VIOLATIONS))
        else:
            words = ("events".rjust(_NARROW_EXAMINED), "broken".rjust(_NARROW_VIOLATIONS))
        return Line((("   statement", "muted"),), ((_GAP.join(words), "muted"),), skip=True)

    def _line(self, one: InvariantRow, width: int) -> Line:
        broken, roomy = one.violations > 0, width >= _ROOMY
        sign = (self.glyphs.failure, "error") if broken else (self.glyphs.success, "success")
        if one.checked_us is None:
            sign = (self.glyphs.none, "muted")
        widths = (_EXAMINED, _VIOLATIONS) if roomy else (_NARROW_EXAMINED, _NARROW_VIOLATIONS)
        examined = fmt.count(one.examined) if roomy else fmt.short_count(one.examined)
        right: list[Span] = [(examined.rjust(widths[0]), "" if one.examined else "faint"), (_GAP, "")]
        if roomy:
            checked = "never" if one.checked_us is None else fmt.ago(self.now_us - one.checked_us)
            right += [(pad(checked, _CHECKED), "muted"), (_GAP, "")]
        right.append((fmt.short_count(one.violations).rjust(widths[1]), "error strong" if broken else "faint"))
        text = one.statement.rstrip(".")
        return Line((sign, (_GAP, ""), (text, "strong" if broken else "")), tuple(right), target=one)

    def _shed(self, shed: ShedRow) -> Line:
        what = [
            f"{fmt.count(number)} {word}{'' if number == 1 else 's'}"
            for number, word in ((shed.keys, "key"), (shed.matches, "match"))
            if number
        ]
        text = " and ".join(what).replace("matchs", "matches")
        when = fmt.ago(self.now_us - shed.last_us)
        spans = ((self.glyphs.alert, "warning"), (f" {shed.rule} had to forget {text}: it may miss some", ""))
        return Line(spans, ((when, "muted"),), skip=True)
