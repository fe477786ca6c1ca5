"""Alerts to standard output as they open."""

from __future__ import annotations

import sys
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

import orjson
import typer

from cli import stdout
from cli.alerts.document import row_values
from cli.alerts.watch_text import watch_line
from cli.analytics.look import look_of_output
from cli.narration import narrate
from cli.problems import FINDINGS
from cli.render.json_output import write_lines
from store.alerts.states import LEVELS, LIVE, AlertState
from tui.format import now_us

if TYPE_CHECKING:
    from cli.alerts.asking import Asked
    from store.alerts.model import AlertRow
    from store.reader import StoreReader

POLL_S: Final = 0.2
"""Seconds between two looks. A look costs microseconds where nothing has happened."""
_ALL: Final = 1 << 40


class Watch:
    """Prints the alerts of a question that open, or are new again."""

    def __init__(self, reader: StoreReader, asked: Asked, form: str, *, ascii_only: bool) -> None:
        """Begin with what is there: it is not printed."""
        self._reader = reader
        self._asked = asked
        self._form = form
        self._ascii_only = ascii_only
        self._token = reader.change_token()
        self._newest = 0
        self._seen: set[int] = set()
        self._new: frozenset[int] = frozenset()
        self._opened()

    def run(self) -> None:
        """Print until the reader of the output is gone.

        Raises:
            typer.Exit: with 1 where one opened because of which the command is to end.
            StoreError: the store cannot be read.
        """
        if not self._reader.health().scanner.running:
            narrate("no scanner is running, so nothing can open: `auditail ingest --follow PATH` starts one")
        while not stdout.reader_is_gone():
            token = self._reader.change_token()
            if token == self._token:
                sleep(POLL_S)
                continue
            self._token = token
            began = monotonic()
            for row, again in self._opened():
                self._put(row, again=again)
            # Where looking takes long, looking is half of what is done.
            sleep(max(POLL_S, monotonic() - began))

    def _opened(self) -> list[tuple[AlertRow, bool]]:
        """Return what has opened since the last look, oldest first, and whether it was there before."""
        rows = self._reader.alerts.list(self._asked.listed, _ALL).rows
        found = [
            (row, row.id in self._seen)
            for row in rows
            if row.id > self._newest or (row.state is AlertState.NEW and row.id not in self._new)
        ]
        self._newest = max(self._newest, *(row.id for row in rows), 0)
        self._seen.update(row.id for row in rows)
        self._new = frozenset(row.id for row in rows if row.state is AlertState.NEW)
        return sorted(((row, again) for row, again in found if not row.historical), key=lambda one: one[0].id)

    def _put(self, row: AlertRow, *, again: bool) -> None:
        if self._form == "jsonl":
            text = orjson.dumps({**row_values(row), "again": again})
            write_lines((text,), stdout.binary(), on_terminal=stdout.is_terminal())
        else:
            look = look_of_output(utc=self._asked.utc, ascii_only=self._ascii_only, now_us=now_us())
            stdout.put(watch_line(row, look, again=again))
            sys.stdout.flush()
        worst = self._asked.fail_on
        if worst is not None and row.state in LIVE and LEVELS.index(row.level) >= LEVELS.index(worst):
            raise typer.Exit(FINDINGS)
