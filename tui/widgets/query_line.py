"""The line in which a query is typed: colours, offers, history, and what is wrong with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from store.filters.errors import QueryError
from store.filters.model import Filter
from tui.query_completion import Candidate, ValueQuestion, accepted
from tui.query_fix import corrected
from tui.query_history import HistoryWalk, QueryHistory
from tui.query_messages import QueryChanged, QueryLeft, QuerySubmitted
from tui.query_offers import QueryOffers
from tui.widgets.query_count import QueryCount
from tui.widgets.query_input import QueryInput
from tui.widgets.query_popup import QueryPopup
from tui.widgets.query_problem import QueryProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from tui.glyphs import Glyphs
    from tui.query_completion import KnownValue

NARROW: Final = 110
"""Below this many columns the count is only a number."""
QUIET_S: Final = 0.15
"""How long nothing must be typed before `QueryChanged` is posted."""


class QueryLine(Widget):
    """Edits a query. Posts `QueryChanged`, `QuerySubmitted` and `QueryLeft` (see `tui.query_messages`).

    The screen counts what passes after `QueryChanged` and sets `passing` (and `total`, `complete`); it shows what
    passes after `QuerySubmitted`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("tab", "complete", show=False),
        Binding("escape", "leave", show=False),
    ]

    passing: reactive[int | None] = reactive(None)
    """How many events pass; None: not counted yet. The line sets it to None when another query is to be counted."""
    total: reactive[int | None] = reactive(None)
    """How many events there are; None: it is not said."""
    complete = reactive(default=True)
    """False while it is still being counted: there are at least `passing`."""
    when = reactive("")
    """In which time it is counted, `in the last hour`; empty: it is not said."""
    utc = reactive(default=False)
    """Whether times without a zone are UTC."""

    class ValuesFound(Message, bubble=False):
        """The answer to what completion asked."""

        def __init__(self, values: Sequence[KnownValue]) -> None:
            """Carry it from the worker thread."""
            super().__init__()
            self.values = values

    def __init__(
        self,
        glyphs: Glyphs,
        *,
        values: Callable[[ValueQuestion], Sequence[KnownValue]] | None = None,
        history: QueryHistory | None = None,
        alerts: bool = False,
        id: str | None = None,  # noqa: A002 (Textual's name)
    ) -> None:
        """Offer what `values` answers in a worker thread, and the queries of `history`, which may be shared.

        `alerts`: the queries are about alerts and may have their keys, `state level rule`.
        """
        super().__init__(id=id)
        self.glyphs = glyphs
        self._values = values
        self._history = QueryHistory() if history is None else history
        self._walk = HistoryWalk(self._history)
        self._alerts = alerts
        self._offers = QueryOffers(alerts=alerts)
        self._input = QueryInput(alerts=alerts)
        self._popup = QueryPopup(glyphs)
        self._problem = QueryProblem(glyphs)
        self._opened_with = ""
        self._told = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Yield the line, and what lies over the rows below it."""
        with Horizontal(id="query-row"):
            yield Static("/", markup=False, id="query-prompt")
            yield self._input
            yield QueryCount(self.glyphs).data_bind(
                QueryLine.passing, QueryLine.total, QueryLine.complete, QueryLine.when
            )
        yield self._problem
        yield self._popup

    # What the screen calls.

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self._input.value

    @property
    def error(self) -> QueryError | None:
        """What is wrong with the text; None: nothing."""
        found = self._read()
        return found if isinstance(found, QueryError) else None

    def show(self, text: str) -> None:
        """Put a text into the line; it is what Esc brings back, and nothing is posted about it."""
        self._opened_with = text
        self._put(text, len(text))
        self._settle()

    def open(self, text: str | None = None) -> None:
        """Begin to type, behind `text` (None: what stands there)."""
        self.show(self.text if text is None else text)
        self._offers.forget()
        self._input.focus()

    def close(self) -> None:
        """Take offers and problem off the screen; the text stays."""
        self._close_offers()
        self._show_problem(None)
        self._settle()

    # The text.

    def _read(self) -> Filter | QueryError:
        try:
            return Filter.parsed(self.text, utc=self.utc, alerts=self._alerts)
        except QueryError as error:
            return error

    def _put(self, text: str, cursor: int) -> None:
        """Change the text without making offers for it."""
        self._close_offers()
        self._show_problem(None)
        with self._input.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = cursor
        self._input.reveal_cursor()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._walk.restart()
        self._show_problem(None)
        self._offer()
        self._tell_soon()

    def _tell_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(QUIET_S, self._tell)

    def _settle(self) -> None:
        """Take the text as told."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._told = self.text

    def _tell(self) -> None:
        """Tell the screen what the text says by now."""
        again = self._told == self.text
        self._settle()
        found = self._read()
        error = found if isinstance(found, QueryError) else None
        self._show_problem(error)
        if again:
            return
        if isinstance(found, QueryError):
            self.post_message(QueryChanged(self.text, None, found))
        else:
            self.passing = None
            self.post_message(QueryChanged(self.text, found, None))

    @on(Input.Submitted)
    def _enter(self, message: Input.Submitted) -> None:
        message.stop()
        if self._popup.chosen is not None:
            self._accept(self._popup.chosen)
            return
        self._close_offers()
        found = self._read()
        if isinstance(found, QueryError):
            self._tell()
            return
        self._settle()
        self._opened_with = self.text
        self._history.add(self.text)
        self._walk.restart()
        self.post_message(QuerySubmitted(found, self.text))

    def action_leave(self) -> None:
        """Close the offers, else leave the line with the text that it was opened with."""
        if self._popup.display:
            self._close_offers()
            self._tell_soon()
            return
        self.show(self._opened_with)
        self._walk.restart()
        self.post_message(QueryLeft())

    def action_step(self, step: int) -> None:
        """Choose another offer; without any, bring back another query."""
        if self._popup.display:
            self._popup.move(step)
            self._input.ghost = self._offers.ghost(self._popup.first)
            return
        found = self._walk.step(step, self.text)
        if found is not None:
            self._put(found, len(found))
            self._tell_soon()

    def action_complete(self) -> None:
        """Take the offer, else the correction of what is wrong; without any, offer what may stand here."""
        if self._popup.display and self._popup.first is not None:
            self._accept(self._popup.first)
            return
        error = self.error
        fixed = None if error is None else corrected(error)
        if fixed is not None:
            self._put(*fixed)
            self._offer()
            self._tell_soon()
        else:
            self._offer(all_keys=True)

    # Offers.

    def _accept(self, candidate: Candidate) -> None:
        found = self._offers.found
        if found is None:
            return
        self._put(*accepted(self.text, found.site, candidate))
        if candidate.kind == "key":
            self._offer()
        self._input.focus()
        self._tell_soon()

    def on_query_popup_taken(self, message: QueryPopup.Taken) -> None:
        """Take the offer that was clicked."""
        message.stop()
        self._accept(message.candidate)

    def _offer(self, *, all_keys: bool = False) -> None:
        self._offers.look(self.text, self._input.cursor_position, utc=self.utc, all_keys=all_keys)
        self._show_offers()

    def _show_offers(self) -> None:
        self._ask()
        candidates = self._offers.candidates
        counting = self._values is not None and self._offers.counting
        self._popup.put(candidates, f"{self.glyphs.pending} counting" if counting else "")
        self._popup.display = bool(candidates)
        self._input.ghost = self._offers.ghost(self._popup.first)
        self._place()

    def _close_offers(self) -> None:
        self._offers.close()
        self._popup.put(())
        self._popup.display = False
        self._input.ghost = ""

    def _ask(self) -> None:
        question = None if self._values is None else self._offers.due()
        if self._values is not None and question is not None:
            answer = partial(self._answer, self._values, question)
            self.run_worker(answer, thread=True, exit_on_error=False, group="values")

    def _answer(self, values: Callable[[ValueQuestion], Sequence[KnownValue]], question: ValueQuestion) -> None:
        self.post_message(self.ValuesFound(values(question)))

    def on_query_line_values_found(self, message: ValuesFound) -> None:
        """Show the answer where it is still asked for."""
        self._take(message.values)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Go on without values that could not be had."""
        if event.state is WorkerState.ERROR:
            self._take(None)

    def _take(self, values: Sequence[KnownValue] | None) -> None:
        self._offers.take(values)
        if self._offers.found is not None:
            self._show_offers()

    # Around the text.

    def on_query_input_shifted(self) -> None:
        """Close offers that are for another place; what is wrong moves as the text scrolls."""
        offers = self._offers
        if offers.found is not None and (offers.text, offers.cursor) != (self.text, self._input.cursor_position):
            self._close_offers()
        self._place()

    def on_resize(self) -> None:
        """Keep offers and problem where they belong."""
        self.query_one(QueryCount).narrow = self.size.width < NARROW
        self._place()

    def _show_problem(self, error: QueryError | None) -> None:
        """Show what is wrong, unless it is what is being completed just now."""
        found = self._offers.found
        if error is not None and self._popup.display and found is not None and error.end >= found.site.start:
            error = None
        self._problem.error = error
        self._problem.display = error is not None
        self._input.wrong = error
        self.query_one(QueryCount).older = error is not None
        self._place()

    def _place(self) -> None:
        """Put offers and problem under their places in the text."""
        left = self._input.region.x - self.region.x
        width = self.size.width
        found, error = self._offers.found, self._problem.error
        if found is not None and self._popup.display:
            start, _ = self._input.cells_of(found.site.start, found.site.end)
            self._popup.styles.width = min(self._popup.columns, max(width, 1))
            self._popup.styles.height = self._popup.rows
            self._popup.styles.offset = (max(left + start - 1, 0), 0)
        if error is not None:
            start, end = self._input.cells_of(error.start, error.end)
            self._problem.place = (left + start, left + end)
            self._problem.sight = (left, left + max(self._input.size.width, 1))
            self._problem.styles.height = self._problem.rows_for(width)
