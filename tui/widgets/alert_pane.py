"""The evidence pane: one alert whole, with the events that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.message import Message
from textual.reactive import reactive

from tui.widgets.alert_days import day_lines
from tui.widgets.alert_evidence import OpenEvidence, UnfoldEvidence, evidence_lines
from tui.widgets.alert_facts import fact_lines, hint_lines
from tui.widgets.alert_head import head_lines
from tui.widgets.alert_history import alike_lines, history_lines
from tui.widgets.detail_lines import Reading
from tui.widgets.line import BLANK, Line, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from store.alerts.model import AlertDetail
    from store.events import EventSummary

EMPTY: Final = "No alert is chosen. What one is about, the events that show it and its history stand here."


class AlertPane(LineView):
    """Shows `detail`. Arrows go from event to event and scroll on, Enter or a second click chooses one."""

    detail: reactive[AlertDetail | None] = reactive(None)
    """The alert; None: `notice` is shown instead."""
    notice = reactive("")
    """What is said where there is no alert: that it is being read, or why there is none; empty: that none is chosen."""
    trouble = reactive(default=False)
    """Whether `notice` says that something went wrong."""
    utc = reactive(default=False)
    """Whether times are in UTC instead of local time."""
    now_us = reactive(0)
    """The present time, UTC microseconds; 0: how long it has been open is left out."""

    class EvidenceChosen(Message):
        """An event of the evidence was chosen."""

        def __init__(self, pane: AlertPane, detail: AlertDetail, event: EventSummary) -> None:
            """Remember the pane, the alert and the event."""
            super().__init__()
            self.pane = pane
            self.detail = detail
            self.event = event

        @property
        def control(self) -> AlertPane:
            """The pane, so that handlers can select by it."""
            return self.pane

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start empty."""
        super().__init__(id=id)
        self._unfolded = False

    def show(self, detail: AlertDetail | None, notice: str = "", *, trouble: bool = False) -> None:
        """Show an alert; None: say `notice`."""
        self.notice, self.trouble = notice, trouble
        self.detail = detail

    @property
    def event(self) -> EventSummary | None:
        """The event under the cursor; None: there is none."""
        target = None if self.current is None else self.current.target
        return target.event if isinstance(target, OpenEvidence) else None

    def watch_detail(self, before: AlertDetail | None, after: AlertDetail | None) -> None:
        """Start at the top of another alert; in one that has grown the cursor stays on its event."""
        if before is None or after is None or before.row.id != after.row.id:
            self._unfolded = False
            self.to_top()
            self.rebuild()
            return
        event = self.event
        self.rebuild()
        if event is not None:
            self._follow(event)

    def _follow(self, event: EventSummary) -> None:
        for index, line in enumerate(self.lines):
            if isinstance(line.target, OpenEvidence) and line.target.event.id == event.id:
                self.cursor = index

    def _watch_reading(self) -> None:
        self.rebuild()

    watch_notice = watch_trouble = watch_utc = watch_now_us = _watch_reading

    def build(self, width: int) -> Sequence[Line]:
        """Return the whole alert as lines."""
        return list(self._said(width) if self.detail is None else self._alert(self.detail, width))

    def _said(self, width: int) -> Iterator[Line]:
        sign = self.glyphs.failure if self.trouble else self.glyphs.none
        rows = wrap(self.notice or EMPTY, max(width - 2, 1), 4)
        for index, row in enumerate(rows):
            start = (f"{sign} " if index == 0 else "  ", "error" if self.trouble else "faint")
            yield Line((start, (row, "muted")), skip=True)

    def _alert(self, detail: AlertDetail, width: int) -> Iterator[Line]:
        reading = Reading(utc=self.utc, now_us=self.now_us, glyphs=self.glyphs)
        blocks: tuple[Iterable[Line], ...] = (
            head_lines(detail, reading, width),
            fact_lines(detail, reading, width),
            evidence_lines(detail, reading, width, unfolded=self._unfolded),
            day_lines(detail, reading),
            history_lines(detail, reading, width),
            (*alike_lines(detail, reading, width), *hint_lines(detail, width)),
        )
        for number, block in enumerate(blocks):
            lines = list(block)
            if lines and number:
                yield BLANK
            yield from lines

    def chooses_at_once(self, line: Line) -> bool:
        """Let one click show all events."""
        return isinstance(line.target, UnfoldEvidence)

    def action_choose(self) -> None:
        """Tell of the event under the cursor, or show all of them."""
        target = None if self.current is None else self.current.target
        if isinstance(target, UnfoldEvidence):
            self._unfolded = True
            self.rebuild()
        elif isinstance(target, OpenEvidence) and self.detail is not None:
            self.post_message(self.EvidenceChosen(self, self.detail, target.event))
