"""The lists of alerts: those to be looked at, and below them the muted ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.alerts_columns import Longest, columns_for
from tui.alerts_rows import Fold, Listed, listed
from tui.format import count, day
from tui.widgets.alerts_lines import AlertsLook, alert_line, heading_line
from tui.widgets.line import Line, heading, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from store.alerts.model import AlertRow

_INDENT: Final = 2
_MOST_ROWS: Final = 3
_ROWS_OF_NOTHING: Final = 5


@dataclass(frozen=True, slots=True)
class Alerts:
    """What a list shows: `rows` of `matched` alerts; `matched` None: nothing is known yet."""

    rows: tuple[AlertRow, ...] = ()
    matched: int | None = None
    of_rule: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many there are of a rule of which not all are in `rows`, by its id."""
    needed: Longest | None = None
    """What the columns need, the same for lists that stand below each other; None: as much as they may have."""


class AlertsList(LineView):
    """Shows `shown`, alerts of one rule folded where there are many. The cursor stays on its alert."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "fold(False)", show=False),
        Binding("right", "fold(True)", show=False),
        Binding("k", "cursor(-1)", show=False),
        Binding("j", "cursor(1)", show=False),
        Binding("g", "edge(-1)", show=False),
        Binding("G", "edge(1)", show=False),
    ]

    utc = reactive(default=False)
    """Show times in UTC instead of local time."""
    empty_words: reactive[tuple[str, ...]] = reactive(())
    """What is said where there is no alert: the first line in full strength, the others dim."""

    class Moved(Message):
        """Another alert is under the cursor, or the same with something changed."""

        def can_replace(self, message: Message) -> bool:
            """Only the last one counts."""
            return isinstance(message, AlertsList.Moved)

    class Folded(Message):
        """There are more lines than before, or fewer."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start with nothing known."""
        super().__init__(id=id)
        self.shown = Alerts()
        self.now_us = 0
        self._opened: frozenset[str] = frozenset()
        self._told: Listed | None = None

    def show(self, shown: Alerts, now_us: int) -> None:
        """Show these as of a time, UTC microseconds; lines that would be the same are not built again."""
        same_day = day(now_us, utc=self.utc) == day(self.now_us, utc=self.utc)
        self.now_us = now_us
        if shown != self.shown or not same_day:
            self.shown = shown
            self.renew()

    def renew(self) -> None:
        """Build the lines anew; the cursor stays on its alert, in the same row of the screen."""
        before, row = self.under_cursor, self.cursor - self.scroll_offset.y
        self.rebuild()
        at = None if before is None else self.find(before.name)
        if at is not None and at != self.cursor:
            self.set_reactive(LineView.cursor, at)
            self.scroll_to(y=at - row, animate=False)
            self.refresh()
            self._tell()

    def rebuild(self) -> None:
        """Build the lines anew, and tell where the cursor is then."""
        super().rebuild()
        self._tell()

    @property
    def wanted(self) -> int:
        """How many lines it takes to show all; 0: nothing is to be shown."""
        if not self.shown.rows:
            return _ROWS_OF_NOTHING
        return 1 + len(listed(self.shown.rows, self._opened, self.shown.of_rule)) + (self.unlisted > 0)

    @property
    def unlisted(self) -> int:
        """How many alerts there are that no line tells of."""
        shown = self.shown
        told = sum(shown.of_rule.values()) + sum(row.rule_id not in shown.of_rule for row in shown.rows)
        return max((shown.matched or 0) - told, 0)

    def find(self, name: int | str) -> int | None:
        """Return the line of an alert (its number) or of a rule (its id); None: it is not shown."""
        return next(
            (at for at, one in enumerate(self.lines) if isinstance(one.target, Listed) and one.target.name == name),
            None,
        )

    @property
    def under_cursor(self) -> Listed | None:
        """What the cursor is on; None: nothing."""
        target = None if self.current is None else self.current.target
        return target if isinstance(target, Listed) else None

    @property
    def alert(self) -> AlertRow | None:
        """The alert under the cursor; None: it is on all alerts of a rule, or there is none."""
        found = self.under_cursor
        return None if found is None or isinstance(found.what, Fold) else found.what

    def watch_utc(self) -> None:
        """Write times in UTC or in local time."""
        self.rebuild()

    def watch_empty_words(self) -> None:
        """Say something else."""
        self.rebuild()

    def watch_cursor(self, before: int, after: int) -> None:
        """Tell what it is on now."""
        super().watch_cursor(before, after)
        self._tell()

    def _tell(self) -> None:
        if self.under_cursor != self._told:
            self._told = self.under_cursor
            self.post_message(self.Moved())

    # Folding.

    def action_fold(self, opened: bool) -> None:  # noqa: FBT001 (Textual calls it with what the binding says)
        """Unfold (fold) the alerts of the rule under the cursor."""
        found = self.under_cursor
        if found is None or not (isinstance(found.what, Fold) or found.inside):
            return
        rule = found.what.rule_id
        self._opened = self._opened | {rule} if opened else self._opened - {rule}
        self.renew()
        self.post_message(self.Folded())
        at = self.find(rule)
        if at is not None and not opened:
            self.cursor = at

    def chooses_at_once(self, line: Line) -> bool:
        """Let one click unfold."""
        return isinstance(line.target, Listed) and isinstance(line.target.what, Fold)

    def action_choose(self) -> None:
        """Unfold (fold) the line of a rule; report an alert."""
        found = self.under_cursor
        if found is not None and isinstance(found.what, Fold):
            self.action_fold(not found.what.opened)
        else:
            super().action_choose()

    # Lines.

    def build(self, width: int) -> Sequence[Line]:
        """Return all lines for a pane of `width` cells."""
        look = AlertsLook(self.glyphs, columns_for(width, self.shown.needed), self.now_us, self.utc)
        return list(self._shown_lines(look, width))

    def _shown_lines(self, look: AlertsLook, width: int) -> Iterator[Line]:
        if not self.shown.rows:
            yield from self._nothing(width - _INDENT)
            return
        yield heading_line(look.columns)
        yield from self._alerts(look)

    def _alerts(self, look: AlertsLook) -> Iterator[Line]:
        shown = self.shown
        for one in listed(shown.rows, self._opened, shown.of_rule):
            yield alert_line(one, look)
        if self.unlisted:
            words = f"and {count(self.unlisted)} more: narrow the filter to see them"
            yield Line(((f"  {words}", "muted"),), skip=True)

    def _nothing(self, width: int) -> Iterator[Line]:
        if self.shown.matched is None:
            yield Line(((f"{' ' * _INDENT}{self.glyphs.pending} reading the alerts", "muted"),), skip=True)
            return
        for at, words in enumerate(self.empty_words):
            for row in wrap(words, width, _MOST_ROWS):
                yield Line(((" " * _INDENT, ""), (row, "muted" if at else "strong")), skip=True)


class MutedList(AlertsList):
    """Shows alerts that are muted, under a title; nothing where none is."""

    @property
    def wanted(self) -> int:
        """How many lines it takes to show all; 0: none is muted."""
        return super().wanted if self.shown.rows else 0

    def _shown_lines(self, look: AlertsLook, width: int) -> Iterator[Line]:
        del width
        if self.shown.rows:
            yield heading("muted")
            yield from self._alerts(look)
