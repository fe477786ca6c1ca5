"""A picker: the values of one field with counts, to filter by one or several of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Rule, Static
from textual.worker import Worker, WorkerState

from store.filters.clause import Clause, literal
from store.filters.keys import Key
from store.filters.model import Filter
from store.searching import Counted, CountQuestion
from tui import format as fmt
from tui.picker_choices import Choice, choices_of, first_open, narrow, total
from tui.widgets.key_line import KeyLine
from tui.widgets.line_view import LineView
from tui.widgets.picker_input import PickerInput
from tui.widgets.picker_list import PickerList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.geometry import Offset

    from store.filters.syntax import Expression
    from store.service import FacetValue, QueryService
    from tui.glyphs import Glyphs

LIMIT = 1000
"""How many values are asked for."""
WIDTH = 60
CHROME = 7
"""Rows of the popup besides its list."""
MOST_ROWS = 18
HOUR_US = 3600 * fmt.MICROS
MINUTE_US = 60 * fmt.MICROS
ALL_TIME = (-(2**62), 2**62)


@dataclass(frozen=True, slots=True)
class PickerQuestion:
    """What a picker is opened with.

    `what` is the present filter, `own` the value of the row under the list's cursor (None: no row, or it has none),
    `window` the half-open span of UTC microseconds to count in, `anchor` the cell below the column's title.
    """

    field: Key
    what: Filter
    own: str | None
    window: tuple[int, int]
    anchor: Offset

    @property
    def others(self) -> Filter:
        """The filter without the clauses on the picked field: what the values are counted under."""
        return self.what.with_operands(one for one in self.what.operands if not self._is_on_field(one))

    @property
    def present(self) -> Clause | None:
        """The last clause on the picked field."""
        clauses = [Clause.of(one) for one in reversed(self.what.operands) if self._is_on_field(one)]
        return clauses[0] if clauses else None

    def _is_on_field(self, operand: Expression) -> bool:
        clause = Clause.of(operand)
        return clause is not None and clause.key is self.field


class PickerScreen(ModalScreen[Clause | None]):
    """Asks which values of a field to keep or to leave out. The answer is a clause, or None where it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", priority=True, show=False),
        Binding("down", "cursor(1)", priority=True, show=False),
        Binding("pageup", "page(-1)", priority=True, show=False),
        Binding("pagedown", "page(1)", priority=True, show=False),
        Binding("tab,shift+tab", "negate", priority=True, show=False),
        Binding("enter", "add", priority=True, show=False),
        Binding("escape", "leave", priority=True, show=False),
    ]

    @dataclass
    class Told(Message):
        """What was counted so far; `all_time` says that the window had none and everything is counted instead."""

        values: Sequence[FacetValue]
        all_time: bool
        complete: bool

        def can_replace(self, message: Message) -> bool:
            """Only the last one counts."""
            return isinstance(message, PickerScreen.Told)

    def __init__(self, service: QueryService, question: PickerQuestion, *, glyphs: Glyphs) -> None:
        """Ask `service` for the values of the question's field."""
        super().__init__()
        self._service = service
        self._question = question
        self._glyphs = glyphs
        self._choices: Sequence[Choice] = choices_of(question.field, (), question.own, counted=False)
        self._trouble = ""
        self._counted = False
        self._touched = False
        self._folded = False
        self._stop = threading.Event()

    def compose(self) -> ComposeResult:
        """Yield the popup."""
        with Vertical(id="picker", classes="-ascii" if self._glyphs.ascii else ""):
            with Horizontal(id="picker-text"):
                yield Static("/ ", id="picker-prompt", markup=False)
                yield PickerInput()
            yield Rule(line_style="ascii" if self._glyphs.ascii else "solid")
            yield PickerList()
            yield Rule(line_style="ascii" if self._glyphs.ascii else "solid")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Show what is known and ask for the rest."""
        listed = self.query_one(PickerList)
        listed.glyphs = self._glyphs
        present = self._question.present
        if present is not None:
            plain = (None if value is None else value.replace(r"\*", "*") for value in present.values)
            listed.marks, listed.negated = frozenset(plain), present.negated
        self._show_title()
        self._show_choices()
        self.query_one(PickerInput).focus()
        self.run_worker(partial(self._count, self._question), thread=True, exit_on_error=False, group="facet")

    def on_unmount(self) -> None:
        """Let nobody count for a picker that was left."""
        self._stop.set()

    def _count(self, question: PickerQuestion) -> None:
        if not self._count_in(question, question.window, all_time=False):
            self._count_in(question, ALL_TIME, all_time=True)

    def _count_in(self, question: PickerQuestion, window: tuple[int, int], *, all_time: bool) -> bool:
        """Count and tell how far it is; return whether there was anything, or nobody wants to know any more."""
        asked = CountQuestion(question.others, *window, (question.field,), values=LIMIT)

        def tell(counted: Counted) -> bool:
            values = counted.facets[question.field]
            if values or (all_time and counted.complete):
                self.post_message(self.Told(values, all_time, counted.complete))
            return not self._stop.is_set()

        counted = self._service.search.count(asked, tell)
        tell(counted)
        return self._stop.is_set() or bool(counted.facets[question.field])

    def on_picker_screen_told(self, message: Told) -> None:
        """Show the values with their counts, the cursor on the row's own until it is moved."""
        field, listed = self._question.field, self.query_one(PickerList)
        moved = self.query_one(PickerInput).after_arrow or self._touched
        place = listed.choice.value if moved and listed.choice is not None else self._question.own
        self._counted = message.complete
        self._choices = choices_of(field, message.values, self._question.own)
        if not self._folded:
            listed.opened = first_open(self._choices)
        self._show_choices()
        listed.put_cursor_on(place)
        events = total(found.tally for found in message.values).events
        when = "all time" if message.all_time else _window_words(*self._question.window)
        popup = self.query_one("#picker")
        under = ", under the present filter" if self._question.others else ""
        so_far = "" if message.complete else " so far"
        popup.border_subtitle = f" {fmt.count(events)} event{'' if events == 1 else 's'}{so_far}, {when}{under} "

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the counts could not be had; values can still be typed."""
        if event.state is WorkerState.ERROR:
            self._counted = True
            self._trouble = "The values could not be counted. Type one and press Enter to use it."
            self._show_choices()

    @on(Input.Changed)
    def _narrow(self) -> None:
        listed = self.query_one(PickerList)
        self._show_choices()
        listed.action_edge(-1)

    def _show_choices(self) -> None:
        listed = self.query_one(PickerList)
        text = self.query_one(PickerInput).value
        shown, hidden = narrow(self._choices, text, listed.opened)
        if not shown and text.strip():
            shown = [Choice(text.strip(), text.strip())]
        listed.text = text
        listed.choices = shown
        listed.note = self._note(hidden, unseen=bool(shown) and shown[0] not in self._choices)
        rows = max(len(shown), 1) + (2 if listed.note else 0)
        listed.styles.height = min(rows, MOST_ROWS, max(self.size.height - CHROME - 2, 1))
        self._place()
        self._show_hints()

    def _note(self, hidden: int, *, unseen: bool) -> str:
        if self._trouble:
            return self._trouble
        if not self._counted:
            return f"{self._glyphs.pending} counting"
        if not self._choices:
            return "No events here yet. Type a value and press Enter to use it."
        if unseen:
            return f"not seen here; {self._glyphs.enter} filters by it all the same"
        return f"{hidden:,} more do not match" if hidden else ""

    def on_resize(self) -> None:
        """Keep the popup on the screen."""
        self._show_choices()

    def _place(self) -> None:
        """Put the popup under its column, moved so far that all of it can be seen."""
        popup = self.query_one("#picker")
        height = min(MOST_ROWS, max(self.size.height - CHROME - 2, 1)) + CHROME
        x = max(min(self._question.anchor.x, self.size.width - WIDTH), 0)
        y = max(min(self._question.anchor.y, self.size.height - height), 0)
        popup.styles.offset = (x, y)

    def _show_title(self) -> None:
        negated = self.query_one(PickerList).negated
        popup = self.query_one("#picker")
        popup.border_title = f" {self._question.field.value}{' is not' if negated else ''} "
        popup.set_class(negated, "-negated")
        self._show_hints()

    def _show_hints(self) -> None:
        listed = self.query_one(PickerList)
        keys = [(self._glyphs.enter, "leave out" if listed.negated else "add"), ("Space", "several")]
        keys.append(("Tab", "is" if listed.negated else "is not"))
        if any(choice.group for choice in self._choices):
            keys.append((f"{self._glyphs.left} {self._glyphs.right}", "fold"))
        keys += [("-", "exclude"), ("Esc", "close")]
        self.query_one(KeyLine).keys = tuple(keys)

    def action_cursor(self, step: int) -> None:
        """Move to the value above or below."""
        self.query_one(PickerInput).after_arrow = True
        self.query_one(PickerList).action_cursor(step)

    def action_page(self, step: int) -> None:
        """Move by a page."""
        self.query_one(PickerInput).after_arrow = True
        self.query_one(PickerList).action_page(step)

    def action_mark(self) -> None:
        """Take the value under the cursor, or give it back, and go on to the next."""
        listed = self.query_one(PickerList)
        if listed.choice is not None:
            self._touched = True
            listed.marks ^= {listed.choice.value}
            listed.action_cursor(1)

    def action_negate(self) -> None:
        """Switch between keeping and leaving out."""
        listed = self.query_one(PickerList)
        listed.negated = not listed.negated
        self._show_title()

    @on(PickerInput.Steered)
    def _steer(self, message: PickerInput.Steered) -> None:
        if message.key == "space":
            self.action_mark()
        elif message.key == "minus":
            self._exclude()
        else:
            self._fold(opened=message.key == "right")

    def _exclude(self) -> None:
        listed = self.query_one(PickerList)
        if listed.choice is None:
            return
        if not listed.negated:
            listed.marks = frozenset()
            self.action_negate()
        self.action_mark()

    def _fold(self, *, opened: bool) -> None:
        listed = self.query_one(PickerList)
        choice = listed.choice
        group = None if choice is None else choice.value if choice.group else choice.parent
        if group is None:
            return
        self._folded = True
        listed.opened = listed.opened | {group} if opened else listed.opened - {group}
        self._show_choices()
        if not opened:
            listed.put_cursor_on(group)

    @on(LineView.Chosen)
    def action_add(self) -> None:
        """Answer with the taken values, or with the one under the cursor where none was taken."""
        listed = self.query_one(PickerList)
        values = tuple(sorted(listed.marks, key=lambda value: value or "")) if self._touched else ()
        if not values and listed.choice is not None:
            values = (listed.choice.value,)
        known = {choice.value for choice in self._choices if not choice.group}
        values = tuple(literal(value) if value is not None and value in known else value for value in values)
        self.dismiss(Clause(self._question.field, values, negated=listed.negated) if values else None)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


def _window_words(start_us: int, end_us: int) -> str:
    span = end_us - start_us
    if abs(span - HOUR_US) < MINUTE_US:
        return "last hour"
    return f"over {fmt.elapsed(span)}" if span < 24 * HOUR_US else f"over {span // (24 * HOUR_US)} days"
