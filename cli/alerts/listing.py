"""A list of alerts to standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
import typer

from cli import stdout
from cli.alerts.document import CSV_FIELDS, csv_values, row_values
from cli.alerts.table import alert_lines
from cli.analytics.look import look_of_output
from cli.narration import narrate
from cli.problems import FINDINGS
from cli.render.csv_output import CsvWriter
from cli.render.json_output import write_array, write_lines
from cli.session import open_reader
from cli.wording import counted
from store.alerts.states import LIVE, AlertState
from store.clock import now_us

if TYPE_CHECKING:
    from cli.alerts.asking import Asked
    from config.loading import Loaded
    from store.alerts.model import AlertCounts, AlertList

_ALL: Final = 1 << 40
"""More than there can be."""


def put_list(loaded: Loaded, asked: Asked, form: str, limit: int | None) -> None:
    """Write the alerts that were asked for, and beside them what a table leaves out.

    Raises:
        typer.Exit: with 1 where there is one because of which the command is to end so.
        StoreError: the store cannot be read.
    """
    reader = open_reader(loaded)
    try:
        found = reader.alerts.list(asked.listed, _ALL if limit is None else limit)
        failing = 0 if asked.failing is None else reader.alerts.list(asked.failing, 1).matched
        counts = reader.alerts.counts()
    finally:
        reader.close()
    _put(found, form, asked, ascii_only=loaded.settings.ui.ascii)
    if form == "table":
        _say_what_is_left_out(found, counts, asked)
    if failing:
        narrate(f"{counted(failing, 'alert')} at or above {asked.fail_on} to be looked at")
        raise typer.Exit(FINDINGS)


def _put(found: AlertList, form: str, asked: Asked, *, ascii_only: bool) -> None:
    on_terminal = stdout.is_terminal()
    if form == "csv":
        writer = CsvWriter(stdout.binary(), raw=False, on_terminal=on_terminal, columns=CSV_FIELDS)
        writer.header()
        writer.write(csv_values(row) for row in found.rows)
    elif form == "table":
        look = look_of_output(utc=asked.utc, ascii_only=ascii_only, now_us=now_us())
        for line in alert_lines(found.rows, look) if found.rows else ():
            stdout.put(line)
    else:
        write = write_array if form == "json" else write_lines
        write((orjson.dumps(row_values(row)) for row in found.rows), stdout.binary(), on_terminal=on_terminal)


def _say_what_is_left_out(found: AlertList, counts: AlertCounts, asked: Asked) -> None:
    if not found.rows:
        narrate("no alert matches" if asked.query else "no alert waits to be looked at")
    elif found.matched > len(found.rows):
        narrate(f"and {found.matched - len(found.rows):,} more: --limit N shows N of them")
    if asked.stated:
        return
    others = [(state, number) for state, number in counts.by_state.items() if number and state not in LIVE]
    if others:
        said = ", ".join(_number_in(state, number, counts) for state, number in others)
        states = ",".join(state for state, _ in others)
        narrate(f"not shown: {said} (`auditail alerts list state:{states}`)")


def _number_in(state: AlertState, number: int, counts: AlertCounts) -> str:
    events = f" with {counted(counts.muted_events, 'event')}" if state is AlertState.MUTED else ""
    return f"{number:,} {state}{events}"
