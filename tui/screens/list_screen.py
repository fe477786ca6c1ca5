"""A tab that lists events: the list, the detail pane beside it, and what is said in the line below."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from textual.containers import Horizontal
from textual.worker import WorkerState

from tui.maximising import give_back
from tui.messages import CloseDetail, ShowNotice
from tui.screens.event_facts import DetailLoaded, EvidenceSeen, JsonLoaded
from tui.screens.event_questions import EventQuestions
from tui.screens.filtered_screen import FilteredScreen
from tui.widgets.event_list import EventList
from tui.widgets.hint_bar import HintBar
from tui.widgets.histogram import MirrorHistogram
from tui.widgets.notice_line import Notice, NoticeLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import DescendantFocus, Resize
    from textual.message import Message
    from textual.timer import Timer
    from textual.worker import Worker

    from store.service import QueryService
    from tui.actions import Hint
    from tui.glyphs import Glyphs
    from tui.widgets.detail import DetailPane

NARROW: Final = 110
"""Below this many columns the screen has its narrow form."""
LOW: Final = 30
"""Below this many rows the histogram has its compact form."""

_NOTICE_S: Final = 5.0


class ListScreen(FilteredScreen):
    """Base of the tabs with an event list. A subclass composes them in a `#main`, and says where to go for a row."""

    _detail: DetailPane | None = None

    def __init__(self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs) -> None:
        """Show what `service` can see; `clock` tells UTC microseconds."""
        super().__init__(service, clock=clock, glyphs=glyphs)
        self.look = EventQuestions(self, service)
        self._notice_timer: Timer | None = None

    @property
    def events(self) -> EventList:
        """The list."""
        return self.query_one(EventList)

    def on_mount(self) -> None:
        """Let the list show the marks."""
        self.events.marks = self.marks

    def on_screen_resume(self) -> None:
        """Show what was marked elsewhere, and what alerts show since."""
        self.events.show_marks()
        self.watch_alerts()

    def watch_alerts(self) -> None:
        """Mark the rows in hand that alerts show by now: many are shown only by an alert that came after them."""
        if self.alerts is None or not self.is_attached or not self.is_active:
            return
        rows = self.events.buffer.without_alert
        if rows:
            self.look.alerted(rows)

    def on_evidence_seen(self, message: EvidenceSeen) -> None:
        """Mark them."""
        self.events.show_alerted(message.event_row_ids)

    def stand_still(self) -> None:
        """Stop what moves the list by itself: somebody looks at one of its rows."""

    def show_around(self, event_row_id: int) -> None:
        """Show an event that is not in hand, with what is around it."""
        raise NotImplementedError

    def hints(self) -> tuple[Hint, ...]:
        """Return what the keys do now, for the footer."""
        raise NotImplementedError

    def show_hints(self) -> None:
        """Say what the keys do now."""
        self.query_one(HintBar).hints = self.hints()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Say what the keys do in the pane that has the focus now."""
        self.show_hints()

    def on_resize(self, event: Resize) -> None:
        """Choose the form that fits."""
        self.set_class(event.size.width < NARROW, "-narrow")
        low = event.size.height < LOW
        self.set_class(low, "-low")
        self.query_one(MirrorHistogram).set_class(low, "-compact")

    # The detail.

    @property
    def in_detail(self) -> bool:
        """Whether the keys go to the detail pane."""
        return self._detail is not None and self._detail.has_focus

    @property
    def has_detail(self) -> bool:
        """Whether the detail pane is open."""
        return self._detail is not None

    def action_toggle_detail(self) -> None:
        """Open the event under the cursor, or close it."""
        if self._detail is not None:
            self.close_detail()
        elif self.events.current is not None:
            self.stand_still()
            self._open_detail()

    def on_event_list_opened(self) -> None:
        """Open a row that was clicked again."""
        if self._detail is None:
            self.action_toggle_detail()

    def _open_detail(self) -> None:
        from tui.widgets.detail import DetailPane  # noqa: PLC0415 (not needed for the first paint)

        give_back(self)
        self._detail = DetailPane(id="detail")
        self._detail.glyphs = self.glyphs
        self._detail.utc = self.utc
        self.add_class("-detail")
        self.events.beside_detail = True
        self.query_one("#main", Horizontal).mount(self._detail)
        if self.has_class("-narrow"):
            self._detail.focus()
        self.show_detail()
        self.show_hints()

    def close_detail(self) -> None:
        """Close the detail pane and give the focus back to the list."""
        if self._detail is None:
            return
        self._detail.remove()
        self._detail = None
        self.remove_class("-detail")
        self.events.beside_detail = False
        self.events.focus()
        self.show_hints()

    def on_close_detail(self, _message: CloseDetail) -> None:
        """Close it from within."""
        self.close_detail()

    def show_detail(self) -> None:
        """Show the detail of the row that is now under the cursor."""
        current = self.events.current
        if self._detail is not None and current is not None:
            self.look.detail(current.id)

    def on_detail_loaded(self, message: DetailLoaded) -> None:
        """Show an event, unless the cursor has moved on."""
        pane, current = self._detail, self.events.current
        if pane is None or current is None or current.id != message.event_row_id:
            return
        pane.now_us = self.clock()
        pane.related = message.related
        pane.notice = "" if message.detail is not None else "This event is no longer in the store."
        pane.detail = message.detail

    def on_detail_pane_event_chosen(self, message: DetailPane.EventChosen) -> None:
        """Go to the other half of a call."""
        self.go_to_event(message.event_row_id)

    def go_to_event(self, event_row_id: int) -> None:
        """Put the cursor on an event, wherever it is."""
        index = self.events.buffer.index_of(event_row_id)
        if index is not None:
            self.events.move_to(index)
        else:
            self.show_around(event_row_id)

    def action_thread(self) -> None:
        """Show everything that belongs together with the event under the cursor."""
        from tui.screens.thread import ThreadScreen  # noqa: PLC0415 (not needed for the first paint)

        current = self.events.current
        if current is not None:
            self.stand_still()
            thread = ThreadScreen(self.service, current.id, clock=self.clock, glyphs=self.glyphs, utc=self.utc)
            thread.marks = self.marks
            self.push(thread, self._thread_left)

    def _thread_left(self, asked: Message | None) -> None:
        """Do here what was asked for in the thread."""
        if asked is not None:
            self.post_message(asked)

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Tell the detail pane."""
        if self._detail is not None:
            self._detail.utc = utc

    def action_copy_json(self) -> None:
        """Copy the event under the cursor."""
        if self.events.current is not None:
            self.look.json(self.events.current.id)

    def on_json_loaded(self, message: JsonLoaded) -> None:
        """Copy it, and say where it went."""
        from tui.clipboard import copy_text  # noqa: PLC0415 (not needed for the first paint)

        if message.text is None:
            self.post_message(ShowNotice("This event is no longer in the store.", trouble=True))
            return
        try:
            said = copy_text(
                self.dashboard, message.text, noun="the event as JSON", name="event.json", environ=os.environ
            )
        except OSError as error:
            self.post_message(ShowNotice(f"The event could not be written to a file: {error}", trouble=True))
        else:
            self.post_message(ShowNotice(said))

    # Words.

    def on_show_notice(self, message: ShowNotice) -> None:
        """Say something for a few seconds."""
        message.stop()
        self.query_one(NoticeLine).notice = Notice(message.text, message.trouble)
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(_NOTICE_S, self._end_notice)

    def _end_notice(self) -> None:
        self.query_one(NoticeLine).notice = None

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the store did not answer."""
        if event.state is not WorkerState.ERROR:
            return
        worker: Worker[Any] = event.worker  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        self.post_message(ShowNotice(f"The store did not answer: {worker.error}", trouble=True))
        self.question_failed(worker.group)

    def question_failed(self, group: str) -> None:
        """Ask again, or show what is missing, after a worker of this group has failed."""
