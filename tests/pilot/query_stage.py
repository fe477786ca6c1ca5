"""A query line over a few rows, with a made-up hour of events behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from textual.widgets import Input, Static

from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, MINUTE, made_up
from tests.pilot.stage import Stage
from tui.glyphs import UNICODE, Glyphs
from tui.query_history import QueryHistory
from tui.query_messages import QueryChanged, QueryLeft, QuerySubmitted
from tui.query_values import StoreValues
from tui.widgets.query_count import QueryCount
from tui.widgets.query_input import QueryInput
from tui.widgets.query_line import QueryLine
from tui.widgets.query_popup import QueryPopup
from tui.widgets.query_problem import QueryProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tui.query_completion import KnownValue, ValueQuestion

TOTAL: Final = 18_402


class QueryStage(Stage):
    """Shows the line; `told` are its messages."""

    def __init__(
        self,
        text: str = "",
        *,
        history: QueryHistory | None = None,
        values: Callable[[ValueQuestion], Sequence[KnownValue]] | None = None,
        glyphs: Glyphs = UNICODE,
        theme: str = "auditail-dark",
    ) -> None:
        """Open the line with a text."""
        super().__init__(theme=theme)
        service = FakeService(made_up(400))
        known = StoreValues(service, lambda: (FROZEN_US - 60 * MINUTE, FROZEN_US + 1))
        self.line = QueryLine(glyphs, values=values or known, history=history)
        self.text = text
        self.told: list[QueryChanged | QuerySubmitted | QueryLeft] = []

    def compose(self) -> ComposeResult:
        """Yield the line and what it lies over."""
        yield self.line
        yield Static("\n".join(f"row {number} {'.' * 60}" for number in range(12)), markup=False)

    def on_mount(self) -> None:
        """Begin to type."""
        self.line.passing, self.line.total, self.line.when = 412, TOTAL, "in the last hour"
        self.line.open(self.text)
        self.input.cursor_blink = False

    @property
    def input(self) -> Input:
        """The text."""
        return self.query_one(QueryInput)

    @property
    def popup(self) -> QueryPopup:
        """The offers."""
        return self.query_one(QueryPopup)

    @property
    def problem(self) -> QueryProblem:
        """What is wrong."""
        return self.query_one(QueryProblem)

    @property
    def offers(self) -> list[str]:
        """What is offered; empty where nothing is shown."""
        return [one.insert for one in self.popup.candidates] if self.popup.display else []

    @property
    def counted(self) -> str:
        """What stands at the right."""
        return rows_of(self.query_one(QueryCount))[0].strip()

    def on_query_changed(self, message: QueryChanged) -> None:
        """Keep it."""
        self.told.append(message)

    def on_query_submitted(self, message: QuerySubmitted) -> None:
        """Keep it."""
        self.told.append(message)

    def on_query_left(self, message: QueryLeft) -> None:
        """Keep it."""
        self.told.append(message)


def rows_of(widget: Widget) -> list[str]:
    """Return what a widget draws, row by row."""
    strips: list[Any] = [widget.render_line(y) for y in range(widget.size.height)]
    return [strip.text for strip in strips]
