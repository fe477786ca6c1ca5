"""Events from the store to standard output, once and then as they arrive."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from cli import stdout
from cli.listing import Listing
from cli.narration import narrate
from tui.format import ago, now_us

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.events import EventSummary
    from store.filters.model import Filter
    from store.reader import StoreReader
    from store.searching import Sort

POLL_S: Final = 0.1
"""Seconds between two looks for arrivals. A look costs microseconds where nothing has happened."""

_FIRST_ARRIVALS: Final = 10_000
_SEQ_KEY: Final = b',"seq":'
_NEVER: Final = 1 << 62
_SIGN: Final = 2
"""Cells before an event that say whether it is a hit."""


@dataclass(frozen=True, slots=True)
class Look:
    """How events are written. `columns` None: the usual ones. `utc` shows times in UTC instead of local time."""

    form: str
    ascii_only: bool
    utc: bool
    raw: bool
    columns: str | None = None
    sort: Sort | None = None
    around: int = 0
    """How many neighbours of each event are shown in its thread."""


class Printing:
    """Writes the events of one question in one format."""

    def __init__(self, reader: StoreReader, what: Filter, look: Look) -> None:
        """Prepare; nothing is written yet."""
        self._reader = reader
        self._what = what
        self._form = look.form
        self._around = look.around
        self._listing = Listing(reader, what, look.sort, look.utc)
        self._on_terminal = stdout.is_terminal()
        self._table = _table(look, on_terminal=self._on_terminal) if look.form == "table" else None
        self._csv = _csv(look, on_terminal=self._on_terminal) if look.form == "csv" else None
        self._after_seq = 0
        self._early: set[int] = set()
        """`seq` of events that the history shows although they arrived after it was asked for."""

    def history(self, limit: int | None, *, then_follow: bool) -> int:
        """Write what the store has, the newest `limit` of it, oldest first; return how many events that was.

        `then_follow` remembers where `follow` has to go on.
        Where nothing matches, standard error says so.
        """
        from cli.render.json_output import write_array, write_lines

        # Asked before the events: what arrives between the two is then written with the history and left out later.
        self._after_seq = self._reader.last_seq() if then_follow else _NEVER
        if self._table is not None:
            rows = self._listing.rows(limit or 0) if limit != 0 else ()
            self._early.update(row.seq for row in rows if row.seq > self._after_seq)
            number = self._put_neighbourhoods(rows) if self._around else self._put_rows(rows)
        elif self._csv is not None:
            self._csv.header()
            number = self._csv.write(self._records(limit))
        elif self._form == "json":
            events = self._listing.json(limit)
            number = write_array(events, stdout.binary(), on_terminal=self._on_terminal)
        else:
            events = self._listing.json(limit)
            events = self._noted(events) if then_follow else events
            number = write_lines(events, stdout.binary(), on_terminal=self._on_terminal)
        if number == 0 and limit != 0:
            narrate("no event matches" if self._what else "the store is empty: `auditail ingest PATH` fills it")
        if self._on_terminal and self._table is not None and not then_follow:
            self._say_whether_anything_arrives("")
        return number

    def follow(self) -> None:
        """Write matching events as they arrive, in order of arrival, until the reader of the output is gone."""
        self._say_whether_anything_arrives(": `auditail ingest --follow PATH` starts one")
        token: int | None = None
        while not stdout.reader_is_gone():
            now_token = self._reader.change_token()
            if now_token != token:
                token = now_token
                self._put_arrivals()
            else:
                time.sleep(POLL_S)

    def _arrivals(self) -> list[EventSummary]:
        """Return everything that matched since the last look; an answer that was cut short is asked for again."""
        most = _FIRST_ARRIVALS
        found = self._reader.arrivals(self._what, self._after_seq, most)
        while found.skipped:
            most = found.skipped + len(found.rows) + _FIRST_ARRIVALS
            found = self._reader.arrivals(self._what, self._after_seq, most)
        self._after_seq = found.last_seq
        rows = [row for row in found.rows if row.seq not in self._early]
        self._early.clear()
        return rows

    def _put_arrivals(self) -> None:
        """Write what has arrived: rows of a table for people, every row there is for programs."""
        from cli.render.json_output import write_lines

        if self._table is not None:
            self._put_rows(self._arrivals())
            sys.stdout.flush()
            return
        found, self._after_seq = self._reader.arrived_json(self._what, self._after_seq)
        events = [event for event in found if not self._early or _seq_of(event) not in self._early]
        self._early.clear()
        if self._csv is not None:
            self._csv.write(orjson.loads(event) for event in events)
        else:
            write_lines(iter(events), stdout.binary(), on_terminal=self._on_terminal)

    def _put_rows(self, rows: Sequence[EventSummary]) -> int:
        assert self._table is not None
        for line in self._table.lines(rows):
            stdout.put(line)
        return len(rows)

    def _put_neighbourhoods(self, hits: Sequence[EventSummary]) -> int:
        """Write each hit among its neighbours, with a sign before it, and a line between two threads."""
        from cli.neighbours import neighbourhoods

        assert self._table is not None
        found = neighbourhoods(self._reader, hits, self._around)
        for place, one in enumerate(found):
            rows = one.in_order()
            lines = list(self._table.lines(rows))
            if place:
                stdout.put("--")
            else:
                stdout.put(f"  {lines.pop(0)}")
            for row, line in zip(rows, lines, strict=True):
                stdout.put(f"{'>' if row.id in one.hits else ' '} {line}")
        return len(hits)

    def _records(self, limit: int | None) -> Iterator[dict[str, Any]]:
        if self._listing.sort is not None:
            yield from (orjson.loads(event) for event in self._listing.json(limit))
            return
        for record in self._reader.iter_records(self._what, limit=limit):
            if record["seq"] > self._after_seq:
                self._early.add(record["seq"])
            yield record

    def _noted(self, events: Iterator[bytes]) -> Iterator[bytes]:
        for event in events:
            seq = _seq_of(event)
            if seq > self._after_seq:
                self._early.add(seq)
            yield event

    def _say_whether_anything_arrives(self, hint: str) -> None:
        health = self._reader.health()
        if health.scanner.running:
            return
        times = [source.last_event_us for source in health.sources if source.last_event_us is not None]
        last = f"last ingested {ago(now_us() - max(times))}" if times else "nothing was ever ingested"
        narrate(f"no scanner is running, {last}{hint}")


def _seq_of(event: bytes) -> int:
    # The last of its kind is the event's own: only `source` follows, and quotes inside of texts are escaped.
    start = event.rindex(_SEQ_KEY) + len(_SEQ_KEY)
    return int(event[start : event.index(b",", start)])


def _table(look: Look, *, on_terminal: bool) -> Any:
    from cli.ordering import columns_of
    from cli.render.columns import CHOICES, NAMES
    from cli.render.table import EventTable, TableStyle

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = shutil.get_terminal_size().columns - (_SIGN if look.around else 0) if on_terminal else None
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    style = TableStyle(
        width=width,
        colour=on_terminal and not plain,
        utc=look.utc,
        ascii=look.ascii_only or not encoding.startswith("utf"),
        now_us=now_us(),
    )
    return EventTable(style, NAMES if look.columns is None else columns_of(look.columns, CHOICES))


def _csv(look: Look, *, on_terminal: bool) -> Any:
    from cli.ordering import columns_of
    from cli.render.csv_output import CsvWriter
    from store.schema import EVENT_FIELDS

    columns = EVENT_FIELDS if look.columns is None else columns_of(look.columns, EVENT_FIELDS)
    return CsvWriter(stdout.binary(), raw=look.raw, on_terminal=on_terminal, columns=columns)
