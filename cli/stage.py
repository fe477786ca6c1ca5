"""The dashboard, set up: the store opened, the scanner running beside it, and everything ended in order."""

from __future__ import annotations

import gc
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from cli.alert_tools import StoreAlerts, alert_json
from cli.capture import ScannerCapture
from cli.detection_state import detection_state
from cli.problems import LeavingCutShort
from cli.system_tools import StoreActions
from cli.terminal_end import when_gone
from cli.view_tools import view_tools
from ingest.supervisor import ScannerSupervisor
from store.own_event import login_name
from store.pricing.choosing import pricer_of
from store.reader import StoreReader
from tui.alerts_tools import AlertsTools
from tui.app import AuditailApp
from tui.system_tools import SystemTools

_LEAVING_S: Final = 3.0
_AGAIN_S: Final = 1.0

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from config.alerts import DetectionSettings
    from config.settings import Settings
    from store.filters.model import Filter
    from store.scope import Scope
    from tui.query_history import QueryHistory
    from tui.system_tools import SettingLine


def run_dashboard(
    store: Path,
    settings: Settings,
    scope: Scope,
    lines: tuple[SettingLine, ...] = (),
    what: Filter | None = None,
    *,
    history: QueryHistory | None = None,
    detection: DetectionSettings | None = None,
) -> None:
    """Show the dashboard until it is left; a scanner reads for as long.

    `lines` are the settings for the System tab, `what` is the filter to begin with; None: everything. `history` are
    the queries that were run before; None: none. `detection` is what the scanner must know of alerts; None: the shipped
    rules, and nobody is told.

    Raises:
        StoreError: the store cannot be used.
    """
    pricer = pricer_of(settings)
    supervisor = ScannerSupervisor(store, settings.ingest, pricer, detection)
    capture = ScannerCapture(store, supervisor, pricer)
    capture.watch(settings.ingest.paths)
    reader = StoreReader.open(store, scope)
    try:
        supervisor.start()
        own_rules = None if detection is None else detection.rules
        asked = partial(detection_state, reader, own_rules)
        tools = SystemTools(StoreActions(store), lines, asked)
        views = view_tools(store, scope, utc=settings.ui.utc, rules=own_rules)
        alerts = AlertsTools(StoreAlerts(store, scope), login_name(), scope.limited, asked, partial(alert_json, reader))
        app = AuditailApp(
            reader,
            settings=settings,
            capture=capture,
            tools=tools,
            views=views,
            what=what,
            history=history,
            alerts=alerts,
        )
        _leave_when_told(app)
        _spare_the_collector()
        app.run()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        supervisor.close()
        reader.close()


def _spare_the_collector() -> None:
    """Keep the garbage collector from walking every imported module while a key waits for its answer.

    What is loaded by now stays for good; what comes and goes with the rows is mostly free of cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _leave_when_told(app: AuditailApp) -> None:
    """End as with `q` when the terminal is closed or the process is told to stop, so that nothing is left behind.

    A screen that nobody reads any more can hold up whatever is still drawn on it, for ever. So if leaving takes too
    long, it is cut short: the exception ends the event loop, and the scanner and the store are closed as ever.
    """

    def heard(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, _LEAVING_S, _AGAIN_S)
        app.exit()

    def cut_short(_number: int, _frame: FrameType | None) -> None:
        raise LeavingCutShort

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, heard)
    signal.signal(signal.SIGALRM, cut_short)
    when_gone(sys.stdout.fileno(), lambda: os.kill(os.getpid(), signal.SIGHUP))
