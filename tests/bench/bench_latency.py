"""How long a person waits: from a file to its row on the terminal, and from a key to its answer."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tests.bench.figures import print_table
from tests.bench.place import AUDITAIL
from tests.bench.pressing import ROWS, SETTLE_S, STEPS, Pressed, dashboard, row
from tests.bench.probes import drop_probe
from tests.bench.terminal import Silence, Terminal
from tests.bench.traffic import traffic

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.place import Place

TALL: Final = 100
"""Rows of the terminal for arrivals: at 1,000 events/s a row must not have scrolled by before it is painted."""
PROBES: Final = 100
LAPS: Final = 25
ARRIVED: Final = {"event_type": "agent.message", "message": "a file arrived"}
"""What a probe is."""


def show_only_probes(terminal: Terminal) -> None:
    """Filter by the probes' user, as a person would."""
    for typed in (b"u", b"bench", b"\r"):
        terminal.send(typed)
        time.sleep(1.0)


def arrivals(place: Place, sample: Path, rate: int, *, filtered: bool) -> tuple[list[float], int]:
    """Return seconds from rename to row while `rate` events/s arrive beside it, and how many probes were not stored.

    A row that scrolled by between two paints has no time: filtered, none does.
    """
    name = "filtered" if filtered else "arrivals"
    folder, store = place.folder / name, place.folder / f"{name}.db"
    folder.mkdir()
    dice = random.Random(1)
    taken: list[float] = []
    with (
        traffic(place, sample, folder / "steady.jsonl", rate),
        dashboard(place, "--store", store, "--watch", folder, rows=ROWS if filtered else TALL) as terminal,
    ):
        terminal.wait_for(b"following", timeout_s=60)
        drop_probe(folder, 0, **ARRIVED)
        time.sleep(SETTLE_S)
        if filtered:
            show_only_probes(terminal)
        for number in range(1, PROBES + 1):
            since = terminal.position
            begin, shown = drop_probe(folder, number, **ARRIVED)
            with suppress(Silence):
                taken.append(terminal.wait_for(shown, since=since, timeout_s=2) - begin)
            time.sleep(dice.uniform(0.05, 0.25))
    kept = json.loads(place.answer(*AUDITAIL, "logs", "--store", store, "--user", "bench", "--format", "json"))
    return taken, PROBES + 1 - len(kept)


def stored(store: Path) -> int:
    """Return how many events the store has been given."""
    connection = sqlite3.connect(f"file:{os.fspath(store)}?mode=ro", uri=True)
    try:
        (seq,) = connection.execute("SELECT value FROM counter WHERE name = 'seq'").fetchone()
    finally:
        connection.close()
    return seq


def keys(place: Place, sample: Path, store: Path, rate: int) -> tuple[Pressed, float]:
    """Return how long keys took, and how many events/s were really stored."""
    folder = place.folder / "keys"
    folder.mkdir()
    pressed = Pressed()
    with (
        traffic(place, sample, folder / "steady.jsonl", rate),
        dashboard(place, "--store", store, "--watch", folder) as terminal,
    ):
        terminal.wait_for(b"following", timeout_s=60)
        time.sleep(SETTLE_S)
        begin, before = time.monotonic(), stored(store)
        for _ in range(LAPS):
            pressed.lap(terminal, STEPS)
        real_rate = (stored(store) - before) / (time.monotonic() - begin)
    return pressed, real_rate


def bench(place: Place, sample: Path, store: Path) -> None:
    """Print how long rows and answers take."""
    rows: list[list[str]] = []
    for filtered in (True, False):
        print(f"latency: arrivals, {'filtered' if filtered else 'all'}", file=sys.stderr)
        arrived, lost = arrivals(place, sample, 1_000, filtered=filtered)
        what = f"file renamed in to its row, at 1,000 events/s, {'filtered' if filtered else f'all on {TALL} lines'}"
        rows.append(row(what, arrived, "300"))
        print(f"{what}: {PROBES - len(arrived)} of {PROBES} were not painted, {lost} not stored")
    print("latency: keys", file=sys.stderr)
    pressed, real_rate = keys(place, sample, store, 5_000)
    what = f"key to answer, {real_rate:,.0f} events/s into {stored(store):,} events"
    rows.append(row(what, pressed.everything, "50"))
    rows += [row(f"- {name}", seconds, "") for name, seconds in pressed.taken.items()]
    print_table("Latency on the terminal", ["", "times", "p50 ms", "p95 ms", "most ms", "wanted p95"], rows)
    for line in pressed.missed:
        print(f"never came: {line}")
