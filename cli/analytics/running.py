"""What all reports have in common: the settings, the store, the filter, the window; and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import typer

from cli import stdout
from cli.analytics.asking import Asking
from cli.analytics.document import csv_text, json_document
from cli.analytics.look import look_of_output
from cli.analytics.named import TABLE_ROWS
from cli.analytics.ordering import Cut
from cli.analytics.page import page
from cli.analytics.window import DEFAULT_DAYS, Default, Window, last_days, windowed
from cli.calling_off import ctrl_c_noted
from cli.filtering import filter_of
from cli.narration import narrate
from cli.problems import FINDINGS
from cli.searching import ProgressLine
from cli.session import load_settings, open_reader
from store.clock import now_us
from tui import format as words

if TYPE_CHECKING:
    from cli.analytics.look import Look
    from cli.analytics.report import Report
    from cli.commands.analytics_asked import Asked
    from config.settings import Settings, UiSettings
    from store.analytics.model import Usage
    from store.filters.model import Filter
    from store.reader import StoreReader

_USUAL: Final = (last_days, f"last {DEFAULT_DAYS} days")


@dataclass(frozen=True, slots=True)
class Work:
    """What a report is made with. `drawn`: it is written as a table on a terminal, so that pictures are seen."""

    asking: Asking
    cut: Cut
    reader: StoreReader
    settings: Settings
    now_us: int
    utc: bool
    drawn: bool


Composer = Callable[[Work], "Report"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A report to be made. `window`: where it begins unless somebody says so, and what that is called.

    `rows`: how many a table has; None: the report decides itself.
    """

    compose: Composer
    window: tuple[Default, str] = field(default=_USUAL)
    rows: int | None = TABLE_ROWS


def run(asked: Asked, plan: Plan) -> None:
    """Make a report and write it to standard output.

    Raises:
        typer.Exit: with 1 where it found something, or was called off before it was complete.
        UsageProblem: a time, the query, or an order cannot be understood.
        SettingsError: a setting is wrong.
        StoreError: the store cannot be read.
    """
    loaded = load_settings(asked.context, store=asked.store, config=asked.config)
    ui = loaded.settings.ui
    utc = ui.utc if asked.utc is None else asked.utc
    now = now_us()
    what, window = windowed(_filter(asked, utc=utc), now, default=plan.window[0], name=plan.window[1])
    look = look_of_output(utc=utc, ascii_only=ui.ascii, now_us=now)
    limit = plan.rows if asked.limit is None and asked.form == "table" else asked.limit
    reader = open_reader(loaded)
    progress = ProgressLine(utc=utc)
    try:
        with ctrl_c_noted() as called_off:

            def watch(so_far: Usage) -> bool:
                return progress.summed(so_far) and not called_off

            asking = Asking(reader.analytics, what, window, _goes_back(reader, window), watch)
            drawn = asked.form == "table" and look.width is not None
            report = plan.compose(Work(asking, Cut(asked.sort, limit), reader, loaded.settings, now, utc, drawn=drawn))
    finally:
        progress.clear()
        reader.close()
    _write(report, asked.form, look, complete=not asking.cut_short)
    _conclude(report, asking, utc=utc)


def write(report: Report, form: str, ui: UiSettings) -> None:
    """Write a report that was made in another way to standard output."""
    _write(report, form, look_of_output(utc=ui.utc, ascii_only=ui.ascii, now_us=now_us()), complete=True)


def _filter(asked: Asked, *, utc: bool) -> Filter:
    return filter_of(
        agents=asked.agents,
        types=asked.types,
        users=asked.users,
        tenants=asked.tenants,
        since=asked.since,
        before=asked.before,
        query=asked.query,
        utc=utc,
    )


def _goes_back(reader: StoreReader, window: Window) -> bool:
    oldest = reader.extent().oldest_us
    return oldest is not None and oldest <= window.before_us


def _write(report: Report, form: str, look: Look, *, complete: bool) -> None:
    on_terminal = stdout.is_terminal()
    if form == "json":
        stdout.binary().write(json_document(report, complete=complete, on_terminal=on_terminal) + b"\n")
    elif form == "csv":
        stdout.binary().write(csv_text(report, on_terminal=on_terminal).encode("utf-8", "backslashreplace"))
    else:
        for line in page(report, look):
            stdout.put(line)


def _conclude(report: Report, asking: Asking, *, utc: bool) -> None:
    if asking.cut_short:
        reached = asking.reached_us
        far = (
            "not everything was counted" if reached is None else f"counted back to {words.full_time(reached, utc=utc)}"
        )
        narrate(f"called off: {far}, so these numbers are too small")
    if asking.cut_short or report.finding:
        raise typer.Exit(FINDINGS)
