"""A thread over the list it was opened from: its tree, its waterfall, and an event's detail beside them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import WorkerState

from store.events import DENIAL
from tui.actions import bindings_named, hint
from tui.marks import Marks
from tui.maximising import give_back
from tui.messages import AddClause, CloseDetail, RunAction, ShowNotice, ShowTab
from tui.screens.event_facts import DetailLoaded, JsonLoaded
from tui.screens.thread_questions import ThreadAsking, ThreadLoaded, ThreadQuestion
from tui.widgets.hint_bar import HintBar
from tui.widgets.notice_line import Notice
from tui.widgets.thread_bar import ThreadBar
from tui.widgets.thread_foot import ThreadFoot
from tui.widgets.thread_head import ThreadHead
from tui.widgets.thread_list import ThreadList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App, ComposeResult
    from textual.binding import BindingType
    from textual.events import DescendantFocus, Resize
    from textual.timer import Timer
    from textual.worker import Worker

    from store.service import QueryService
    from store.threads.model import Level, Thread
    from tui.glyphs import Glyphs
    from tui.widgets.detail import DetailPane

_NARROW: Final = 110
_NOTICE_S: Final = 5.0
_GONE: Final = "This event is no longer in the store."

_HINTS: Final = (
    hint("toggle_detail", label="event"),
    hint("thread", label="widen"),
    hint("cell(-1)", shown="← →", label="fold/open"),
    hint("trouble(1, 1)", shown="e w", label="next error/denial"),
    hint("copy_json"),
    hint("maximise"),
    hint("back"),
    hint("mark", shown="m '", label="mark/next"),
)
_IN_DETAIL: Final = (hint("back", shown="Tab", label="to the tree"), hint("back"), hint("copy_json"), hint("maximise"))


class ThreadScreen(Screen[Message | None]):
    """Shows the thread of one event until it is left; the answer is a message for the screen below, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_named("thread", "toggle_detail", "copy_json", "back", "newest", "oldest"),
        *bindings_named("mark", "next_mark", "tab(1)", "tab(2)", "tab(3)", "tab(4)", "tab(5)"),
        *bindings_named("trouble(1, 1)", "trouble(1, 0)", "trouble(2, 1)", "trouble(2, 0)"),
    ]

    utc: reactive[bool] = reactive(default=False)
    """Show times in UTC instead of local time."""
    thread: reactive[Thread | None] = reactive(None)
    """What is shown; None: it is being read, or there is none."""

    _detail: DetailPane | None = None
    _notice_timer: Timer | None = None

    def __init__(
        self, service: QueryService, event_row_id: int, *, clock: Callable[[], int], glyphs: Glyphs, utc: bool
    ) -> None:
        """Show the thread of this event; `clock` tells UTC microseconds."""
        super().__init__()
        self.glyphs = glyphs
        self.clock = clock
        self.set_reactive(ThreadScreen.utc, utc)
        self.marks = Marks()
        """The events that are marked; who shows the thread says."""
        self._event_row_id = event_row_id
        self._ask = ThreadAsking(self, service)
        self._question = ThreadQuestion(event_row_id, None)

    def compose(self) -> ComposeResult:
        """Yield bars, tree and hints; a detail pane comes beside the tree when it is opened."""
        yield ThreadBar(self.glyphs).data_bind(ThreadScreen.thread)
        yield ThreadHead(self.glyphs).data_bind(ThreadScreen.thread, ThreadScreen.utc)
        with Horizontal(id="thread-main"), Vertical(id="thread-left"):
            yield ThreadList(self.glyphs).data_bind(ThreadScreen.utc)
            yield ThreadFoot(self.glyphs).data_bind(ThreadScreen.thread)
        yield HintBar(self.glyphs)

    def on_mount(self) -> None:
        """Load the thread, and go along with what the whole program shows times in."""
        self.steps.empty_text = "reading the thread"
        self.steps.marks = self.marks
        self.steps.focus()
        self.watch(self._dashboard, "utc", self._set_utc, init=False)
        self._load(None)
        self._show_hints()

    def _set_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual calls it so)
        self.utc = utc

    @property
    def _dashboard(self) -> App[Any]:
        return self.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  (Textual leaves it open)

    def on_resize(self, event: Resize) -> None:
        """Choose the form that fits."""
        self.set_class(event.size.width < _NARROW, "-narrow")

    @property
    def steps(self) -> ThreadList:
        """The tree with the waterfall."""
        return self.query_one(ThreadList)

    # The thread.

    def _load(self, level: Level | None) -> None:
        self._question = ThreadQuestion(self._event_row_id, level)
        self._ask.thread(self._question)

    def on_thread_loaded(self, message: ThreadLoaded) -> None:
        """Show a thread; the cursor stays on its event and in its place on screen."""
        if message.question is not self._question:
            return
        if message.thread is None:
            self.steps.empty_text = _GONE
            self.steps.refresh()
            return
        before = self.steps.current
        self.thread = message.thread
        if before is None:
            self.steps.show(message.thread, self._event_row_id)
        else:
            self.steps.show(message.thread, before.event.id, screen_row=self.steps.view.screen_row)

    def action_thread(self) -> None:
        """Widen the thread; where nothing is wider, read it anew."""
        thread = self.thread
        if thread is None:
            return
        if thread.wider is None:
            self.post_message(ShowNotice("Nothing wider is joined to this event: it was read again."))
        self._load(thread.wider or thread.level)

    # Move.

    def action_newest(self) -> None:
        """Go to the last row."""
        self.steps.to_edge(end=True)

    def action_oldest(self) -> None:
        """Go to the first row."""
        self.steps.to_edge(end=False)

    def action_trouble(self, trouble: int, forward: int) -> None:
        """Go to the next (previous) error or denial of the thread."""
        found = self.steps.find_trouble(trouble, forward=bool(forward))
        if found is not None:
            self.steps.go_to(found)
        elif self.thread is not None:
            noun = "denial" if trouble == DENIAL else "error"
            self.post_message(ShowNotice(f"There is no {'later' if forward else 'earlier'} {noun} in this thread"))

    def action_mark(self) -> None:
        """Mark the event under the cursor, or take its mark off."""
        if self.steps.current is not None:
            self.marks.toggle(self.steps.current.event.id)
            self.steps.refresh()

    def action_next_mark(self) -> None:
        """Go to the next marked event of the thread."""
        found = self.steps.find_mark()
        if found is not None:
            self.steps.go_to(found)
        else:
            self.post_message(ShowNotice("No event of this thread is marked: m marks the one under the cursor"))

    def action_tab(self, number: int) -> None:
        """Leave the thread for a tab."""
        self.dismiss(ShowTab(number))

    def on_thread_list_moved(self, message: ThreadList.Moved) -> None:
        """Tell the line below and the detail."""
        self.query_one(ThreadFoot).row = message.row
        if self._detail is not None and message.row is not None:
            self._ask.detail(message.row.event.id)

    # Look closer.

    def action_toggle_detail(self) -> None:
        """Open the event under the cursor, or close it."""
        if self._detail is not None:
            self._close_detail()
        elif self.steps.current is not None:
            self._open_detail(self.steps.current.event.id)

    def on_thread_list_opened(self) -> None:
        """Open a row that was clicked again."""
        if self._detail is None:
            self.action_toggle_detail()

    def _open_detail(self, event_row_id: int) -> None:
        from tui.widgets.detail import DetailPane  # noqa: PLC0415 (not needed for the first paint)

        give_back(self)
        self._detail = DetailPane(id="thread-detail")
        self._detail.glyphs = self.glyphs
        self._detail.utc = self.utc
        self.add_class("-detail")
        self.query_one("#thread-main", Horizontal).mount(self._detail)
        if self.has_class("-narrow"):
            self._detail.focus()
        self._ask.detail(event_row_id)
        self._show_hints()

    def _close_detail(self) -> None:
        if self._detail is None:
            return
        self._detail.remove()
        self._detail = None
        self.remove_class("-detail")
        self.steps.focus()
        self._show_hints()

    def on_close_detail(self, _message: CloseDetail) -> None:
        """Close it from within."""
        self._close_detail()

    def on_detail_loaded(self, message: DetailLoaded) -> None:
        """Show an event, unless the cursor has moved on."""
        pane, current = self._detail, self.steps.current
        if pane is None or current is None or current.event.id != message.event_row_id:
            return
        pane.now_us = self.clock()
        pane.related = message.related
        pane.notice = "" if message.detail is not None else _GONE
        pane.detail = message.detail

    def on_detail_pane_event_chosen(self, message: DetailPane.EventChosen) -> None:
        """Go to the other half of a call."""
        found = self.steps.shape.find(message.event_row_id)
        if found is None:
            self.post_message(ShowNotice("That event is not in this thread"))
        else:
            self.steps.go_to(found)

    def on_add_clause(self, message: AddClause) -> None:
        """Leave the thread and let the list below show what a row of the detail leads to."""
        self.dismiss(message)

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Tell the detail pane."""
        if self._detail is not None:
            self._detail.utc = utc

    def action_copy_json(self) -> None:
        """Copy the event under the cursor."""
        if self.steps.current is not None:
            self._ask.json(self.steps.current.event.id)

    def on_json_loaded(self, message: JsonLoaded) -> None:
        """Copy it, and say where it went."""
        from tui.clipboard import copy_text  # noqa: PLC0415 (not needed for the first paint)

        if message.text is None:
            self.post_message(ShowNotice(_GONE, trouble=True))
            return
        try:
            said = copy_text(
                self._dashboard, message.text, noun="the event as JSON", name="event.json", environ=os.environ
            )
        except OSError as error:
            self.post_message(ShowNotice(f"The event could not be written to a file: {error}", trouble=True))
        else:
            self.post_message(ShowNotice(said))

    def action_back(self) -> None:
        """Close the detail; then leave the thread."""
        if self._detail is not None:
            self._close_detail()
        else:
            self.dismiss(None)

    # Words.

    async def on_run_action(self, message: RunAction) -> None:
        """Run the action whose hint was clicked."""
        await self.run_action(message.command)

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Say what the keys do in the pane that has the focus now."""
        self._show_hints()

    def _show_hints(self) -> None:
        in_detail = self._detail is not None and self._detail.has_focus
        self.query_one(HintBar).hints = _IN_DETAIL if in_detail else _HINTS

    def on_show_notice(self, message: ShowNotice) -> None:
        """Say something for a few seconds."""
        message.stop()
        self.query_one(ThreadFoot).notice = Notice(message.text, message.trouble)
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(_NOTICE_S, self._end_notice)

    def _end_notice(self) -> None:
        self.query_one(ThreadFoot).notice = None

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the store did not answer."""
        if event.state is WorkerState.ERROR:
            worker: Worker[Any] = event.worker  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            self.steps.empty_text = "The thread could not be read: o tries again, Esc goes back."
            self.post_message(ShowNotice(f"The store did not answer: {worker.error}", trouble=True))
