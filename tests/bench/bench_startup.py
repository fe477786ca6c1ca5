"""How long a command takes, against importing the library that it cannot do without."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Final

from tests.bench.figures import middle, print_table, ratios
from tests.bench.place import AUDITAIL
from tests.bench.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bench.place import Place

ROUNDS: Final = 15
COLUMNS, ROWS = 160, 45


def an_import(place: Place, module: str) -> Callable[[], float]:
    """Return what measures a bare import in a fresh interpreter, in seconds."""
    return lambda: place.run(sys.executable, "-c", f"import {module}")


def first_rows(place: Place, store: Path) -> Callable[[], float]:
    """Return what measures the time until the dashboard shows rows of the store, in seconds."""
    newest = json.loads(place.answer(*AUDITAIL, "infra", "logs", "--store", store, "--limit", "1", "--format", "json"))
    shown = newest[0]["event_type"].rpartition(".")[2].encode()  # its family is drawn apart, in another colour

    def measure() -> float:
        command = [*AUDITAIL, "--store", store]
        begin = time.monotonic()
        with Terminal(command, columns=COLUMNS, rows=ROWS, cwd=place.folder, env=place.environment) as terminal:
            return terminal.wait_for(shown) - begin

    return measure


def bench(place: Place, store: Path) -> None:
    """Print the time of each command, of its import, and the ratio."""
    logs = (*AUDITAIL, "infra", "logs", "--store", store, "--limit", "20")
    pairs: list[tuple[str, Callable[[], float], str, float]] = [
        ("`--help`", lambda: place.run(*AUDITAIL, "--help"), "typer", 2.5),
        ("`infra logs --limit 20`", lambda: place.run(*logs), "sqlmodel", 1.5),
        ("dashboard, first rows", first_rows(place, store), "textual.app", 4.0),
    ]
    rows: list[list[str]] = []
    for what, measure, module, wanted in pairs:
        print(f"startup: {what}", file=sys.stderr)
        bare = an_import(place, module)
        measure()  # once for the caches
        bare()
        taken = [(measure(), bare()) for _ in range(ROUNDS)]
        ours, theirs = [pair[0] for pair in taken], [pair[1] for pair in taken]
        ratio = middle(ratios(ours, theirs))
        times = (f"{middle(ours) * 1000:,.0f}", f"`import {module}`", f"{middle(theirs) * 1000:,.0f}")
        rows.append([what, *times, f"{ratio:.2f}", f"{wanted}"])
    print_table(f"Startup (median of {ROUNDS})", ["", "ms", "against", "ms", "ratio", "wanted at most"], rows)
