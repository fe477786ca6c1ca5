"""How long a person waits for an alert: from a file that makes a rule fire to the alert's line on the terminal."""

from __future__ import annotations

import json
import random
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tests.bench.figures import print_table
from tests.bench.place import AUDITAIL
from tests.bench.pressing import SETTLE_S, dashboard, row
from tests.bench.probes import drop_probe
from tests.bench.terminal import Silence, Terminal
from tests.bench.traffic import traffic

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.place import Place

RATE: Final = 1_000
PROBES: Final = 100
FIRST: Final = 10
"""Probes before any is measured: from so many on, the alerts of one rule are one line, which is then unfolded."""
RULE: Final = "permission-bypass"
TALL: Final = 100
SOON_S: Final = 5.0
"""What is not on the terminal after so long is taken to be painted never."""
PAUSE_S: Final = (0.2, 1.2)
"""Between two probes: none must wait less because the one before it has just been painted."""
RIGHT: Final = b"\x1b[C"
ATTACK: Final = {
    "event_type": "permission.check",
    "metadata": {"mode": "bypassPermissions", "previous_mode": "default"},
}
"""What makes `RULE` fire; the alert's line shows the agent."""


def show_each_alert(terminal: Terminal, folder: Path) -> None:
    """Go to the alerts of the rule and unfold its line, as a person would."""
    for number in range(FIRST):
        drop_probe(folder, number, **ATTACK)
    time.sleep(SETTLE_S)
    for typed in (b"4", b"/", b"\x15", f"rule:{RULE}".encode(), b"\r", b"g"):
        terminal.send(typed)
        time.sleep(1.0)
    since = terminal.position
    terminal.send(RIGHT)
    terminal.wait_for(f"probe-{FIRST - 1:05d}".encode(), since=since)


def alerts_of_probes(place: Place, store: Path) -> int:
    """Return how many alerts the store has of the rule and of the probes' user."""
    asked = (*AUDITAIL, "alerts", "list", "--store", store, "--format", "json", "--limit", "1000", f"rule:{RULE}")
    return sum(alert["user"] == "bench" for alert in json.loads(place.answer(*asked)))


def on_the_tab(place: Place, sample: Path, folder: Path) -> tuple[list[float], int]:
    """Return seconds from rename to the alert's line at `RATE` events/s, and how many alerts there are of probes."""
    store = folder.with_suffix(".db")
    folder.mkdir()
    dice = random.Random(1)
    taken: list[float] = []
    with (
        traffic(place, sample, folder / "steady.jsonl", RATE),
        dashboard(place, "--store", store, "--watch", folder, rows=TALL) as terminal,
    ):
        terminal.wait_for(b"following", timeout_s=60)
        show_each_alert(terminal, folder)
        for number in range(FIRST, FIRST + PROBES):
            time.sleep(dice.uniform(*PAUSE_S))
            since = terminal.position
            begin, shown = drop_probe(folder, number, **ATTACK)
            with suppress(Silence):
                taken.append(terminal.wait_for(shown, since=since, timeout_s=SOON_S) - begin)
    return taken, alerts_of_probes(place, store)


def bench(place: Place, sample: Path) -> None:
    """Print how long alerts take."""
    print("alert-latency: the Alerts tab", file=sys.stderr)
    taken, found = on_the_tab(place, sample, place.folder / "alerts")
    what = f"file renamed in to its alert's line, at {RATE:,} events/s"
    print(f"{what}: {PROBES - len(taken)} of {PROBES} were not painted, {FIRST + PROBES - found} are no alert")
    print_table(
        "Alerts on the terminal", ["", "times", "p50 ms", "p95 ms", "most ms", "wanted p95"], [row(what, taken, "500")]
    )
