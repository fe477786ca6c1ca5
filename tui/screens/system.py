"""The System tab: whether capturing works, and what to do where it does not."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Container, Vertical, VerticalScroll
from textual.worker import Worker, WorkerState

from store.filters.model import Filter
from store.safe_text import safe_text
from store.service import QuarantineRow
from tui.actions import Hint, Place, bindings_of, hint
from tui.detection_state import DetectionAsking, DetectionKnown
from tui.messages import RetryFolder, ShowEvents, ShowNotice
from tui.screens.discard import DiscardScreen
from tui.screens.system_questions import Acted, HealthLoaded, PartsLoaded, RecordLoaded, ask_health, discard, retry
from tui.screens.tab_screen import TabScreen
from tui.system_rates import RateKeeper
from tui.system_tools import SystemTools
from tui.widgets.hint_bar import HintBar
from tui.widgets.line_view import LineView
from tui.widgets.system_detection import SystemDetection
from tui.widgets.system_figures import SystemFigures
from tui.widgets.system_ingest import SystemIngest
from tui.widgets.system_pane import SystemPane
from tui.widgets.system_quarantine import AllRecords, SystemQuarantine, Target
from tui.widgets.system_record import SystemRecord
from tui.widgets.system_settings import SystemSettings
from tui.widgets.system_sources import SystemSources
from tui.widgets.system_store import SystemStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.widget import Widget

    from store.service import QueryService
    from tui.glyphs import Glyphs
    from tui.header_state import HeaderState

EVERY_S: Final = 1.0
MEASURE_EVERY_US: Final = 60_000_000
"""The store's parts are measured anew where it has grown by `GROWN`, but never more often than this."""
GROWN: Final = 1.25
_ALWAYS: Final = (
    Hint("Tab", "next pane", "app.focus_next"), hint("maximise"), hint("add_folder"), hint("toggle_utc"),
    hint("tab(1)"), hint("quit"),
)  # fmt: skip
_OPEN: Final = Hint("↵", "open", "focused.choose")


class SystemScreen(TabScreen):
    """Asks for the health once a second while it is shown."""

    NUMBER: ClassVar[int] = 5
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (156, "-roomy")]  # noqa: RUF012 (as the base class declares it)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Place.SYSTEM)]

    def __init__(
        self, service: QueryService, *, clock: Callable[[], int], glyphs: Glyphs, tools: SystemTools | None = None
    ) -> None:
        """Ask `service`; `clock` tells UTC microseconds; `tools` are what may be done and the settings to show."""
        super().__init__(glyphs)
        self._service = service
        self._clock = clock
        self._tools = tools or SystemTools()
        self._rates = RateKeeper()
        self._asking = False
        self._again = False
        self._answered = True
        self._measured: tuple[int, int] | None = None
        self._asking_detection = DetectionAsking(self, self._tools.detection)

    def compose_body(self) -> Iterable[Widget]:
        """Yield the panes."""
        with VerticalScroll(id="system", can_focus=False):
            yield SystemFigures()
            yield SystemSources()
            with Container(id="system-below"):
                with Vertical(id="system-left"):
                    yield SystemQuarantine()
                    yield SystemRecord()
                    yield SystemIngest()
                with Vertical(id="system-right"):
                    yield SystemStore()
                    yield SystemDetection()
                    yield SystemSettings()

    def on_mount(self) -> None:
        """Ask now and from now on."""
        for view in self.query(LineView):
            view.glyphs = self.glyphs
        for pane in self.query(SystemPane):
            pane.utc = self.utc
        self.query_one(SystemSettings).settings = self._tools.settings
        self.watch_header(self.header)
        self.query_one(SystemSources).focus()
        self.set_interval(EVERY_S, self.ask)
        self.ask()
        self._asking_detection.start()

    def watch_utc(self, utc: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Write times in UTC or in local time."""
        for pane in self.query(SystemPane):
            pane.utc = utc

    def watch_header(self, header: HeaderState) -> None:
        """Tell the sources why nothing is read, where that is known."""
        for sources in self.query(SystemSources):
            sources.capture_said = header.watching

    def on_screen_resume(self) -> None:
        """Ask at once when shown again."""
        self.ask()
        self._asking_detection.look()

    # Questions.

    def ask(self) -> None:
        """Ask for the health, unless the last question is still open or nobody looks."""
        if self.is_active and not self._asking:
            self._asking = True
            unfolded = self.query_one(SystemQuarantine).is_unfolded
            self._in_thread("health", lambda: ask_health(self._service, unfolded))

    def _ask_anew(self) -> None:
        """Ask at once, or as soon as the open question is answered: what it asked for has changed."""
        self._again = self._asking
        self.ask()

    def _measure(self, now_us: int, size: int) -> None:
        """Have the store's parts measured, unless they were and it is as large as it was then."""
        before = self._measured
        if before is None or (now_us - before[0] >= MEASURE_EVERY_US and size >= GROWN * before[1]):
            self._measured = (now_us, size)
            self._in_thread("parts", lambda: PartsLoaded(self._service.store_parts()))

    def _in_thread(self, group: str, ask: Callable[[], HealthLoaded | RecordLoaded | PartsLoaded | Acted]) -> None:
        self.run_worker(partial(self._post, ask), thread=True, exit_on_error=False, group=group)

    def _post(self, ask: Callable[[], HealthLoaded | RecordLoaded | PartsLoaded | Acted]) -> None:
        self.post_message(ask())

    # Answers.

    def on_health_loaded(self, message: HealthLoaded) -> None:
        """Show how things are."""
        self._asking, self._answered = False, True
        now_us = self._clock()
        rates = self._rates.note(message.health, now_us)
        self._measure(now_us, message.health.store.bytes)
        for pane in self.query(SystemPane):
            pane.show(message.health, rates, now_us)
        self.query_one(SystemRecord).now_us = now_us
        self.query_one(SystemQuarantine).shown = message.shown
        if self._again:
            self._again = False
            self.ask()

    def on_record_loaded(self, message: RecordLoaded) -> None:
        """Show a record's bytes, unless the cursor has gone on."""
        if message.number == self.query_one(SystemQuarantine).highlighted:
            self.query_one(SystemRecord).entry = message.entry

    def on_parts_loaded(self, message: PartsLoaded) -> None:
        """Show what the store's file is filled with."""
        store = self.query_one(SystemStore)
        store.measuring, store.parts = False, message.parts

    def on_detection_known(self, message: DetectionKnown) -> None:
        """Show how rules and notifications are doing."""
        self.query_one(SystemDetection).state = message.state

    def on_acted(self, message: Acted) -> None:
        """Say what was done."""
        self.post_message(ShowNotice(message.said, trouble=message.trouble))
        self._ask_anew()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the store did not answer; it is asked again."""
        if event.state is not WorkerState.ERROR:
            return
        group = event.worker.group  # pyright: ignore[reportUnknownMemberType]  (Textual leaves the worker's answer open)
        if group == "health":
            self._asking = False
        elif group == "parts":
            self.on_parts_loaded(PartsLoaded(None))
            return
        if self._answered:
            self.post_message(ShowNotice("The store did not answer; it is asked again.", trouble=True))
        self._answered = False

    def on_show_notice(self, message: ShowNotice) -> None:
        """Say something for a few seconds."""
        message.stop()
        self.notify(safe_text(message.text), markup=False, severity="error" if message.trouble else "information")

    # What the panes tell.

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show what the focused pane's keys do."""
        own: tuple[Hint, ...] = ()
        if isinstance(event.widget, SystemSources):
            own = (hint("retry"),)
        elif isinstance(event.widget, SystemQuarantine):
            own = (hint("retry"), _OPEN, hint("discard"))
        elif isinstance(event.widget, SystemRecord):
            own = (hint("retry"), hint("discard"))
        elif isinstance(event.widget, SystemFigures):
            own = (_OPEN,)
        self.query_one(HintBar).hints = (*own, *_ALWAYS)

    def on_system_quarantine_highlighted(self, message: SystemQuarantine.Highlighted) -> None:
        """Ask for the bytes of the record under the cursor."""
        number = message.number
        if number is None:
            self.query_one(SystemRecord).entry = None
        else:
            self._in_thread("record", lambda: RecordLoaded(number, self._service.quarantine_entry(number)))

    def on_system_quarantine_folds_changed(self) -> None:
        """Ask for the records that are wanted now."""
        self._ask_anew()

    def on_line_view_chosen(self, message: LineView.Chosen) -> None:
        """Go from a record to its bytes, and from a source with bad records to the quarantine."""
        record = self.query_one(SystemRecord)
        if message.view is record or isinstance(message.line.target, QuarantineRow):
            record.focus()
            self.maximize(record)
        elif isinstance(message.view, SystemSources) and message.view.source and message.view.source.quarantined:
            self.query_one(SystemQuarantine).focus()

    def on_system_figures_opened(self, message: SystemFigures.Opened) -> None:
        """Show what is behind a figure."""
        if message.behind == "quarantine":
            self.query_one(SystemQuarantine).focus()
        else:
            self.post_message(ShowEvents(Filter()))

    # Actions.

    def action_retry(self) -> None:
        """Try again what is under the cursor: a source, or what could not be read."""
        sources = self.query_one(SystemSources)
        if self.focused is sources:
            self._retry_source(sources)
        else:
            self._retry_records(self._chosen_records())

    def _retry_source(self, sources: SystemSources) -> None:
        source = sources.source
        if source is None or source.kind == "stream":
            self.post_message(ShowNotice("A stream is read only once: nothing to try."))
        else:
            self.post_message(RetryFolder(source.path))

    def _retry_records(self, target: Target | None) -> None:
        actions = self._tools.quarantine
        if target is not None and self._may_act(target):
            assert actions is not None
            self._in_thread("act", lambda: retry(actions, self._numbers_of(target)))

    def action_discard(self) -> None:
        """Ask why, then drop what is under the cursor in the quarantine."""
        actions, target = self._tools.quarantine, self._chosen_records()
        if target is None or not self._may_act(target):
            return
        assert actions is not None
        numbers = self._numbers_of(target)

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._in_thread("act", lambda: discard(actions, numbers, reason))

        self.push(DiscardScreen(*_said_of(target), glyphs=self.glyphs), answered)

    def _chosen_records(self) -> Target | None:
        quarantine = self.query_one(SystemQuarantine)
        if self.focused in (quarantine, self.query_one(SystemRecord)) and quarantine.target is not None:
            return quarantine.target
        self.post_message(ShowNotice("Choose a record or a reason in the quarantine first: Tab goes there."))
        return None

    def _may_act(self, target: Target) -> bool:
        del target
        if self._tools.quarantine is None:
            self.post_message(ShowNotice("This dashboard may only look: use auditail quarantine.", trouble=True))
        return self._tools.quarantine is not None

    def _numbers_of(self, target: Target) -> Callable[[], Sequence[int]]:
        """Return what finds the numbers of the records meant; to be called in a worker."""
        if isinstance(target, QuarantineRow):
            return lambda: (target.id,)
        kind = None if isinstance(target, AllRecords) else target.kind
        return lambda: self._service.quarantine_ids(kind)


def _said_of(target: Target) -> tuple[int, str]:
    """Return how many records are meant, and which in words."""
    if isinstance(target, QuarantineRow):
        line = "" if target.line is None else f", line {target.line:,}"
        return 1, f"{target.path}{line}, byte {target.offset:,}: {target.reason}"
    if isinstance(target, AllRecords):
        return target.records, "Every record in the quarantine, whatever the reason."
    return target.records, f"All records with the reason: {target.kind}"
