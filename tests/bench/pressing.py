"""Keys pressed in the real program on a real terminal, and how long each answer takes."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.bench.figures import middle, percentile
from tests.bench.place import AUDITAIL
from tests.bench.terminal import Silence, Terminal

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from tests.bench.place import Place

COLUMNS: Final = 160
ROWS: Final = 45
SETTLE_S: Final = 4.0
REST_S: Final = 0.15
"""Between an answer and the next key."""
ANSWER_S: Final = 5.0
"""After so long a key is taken to have had no answer."""


@dataclass(frozen=True, slots=True)
class Step:
    """A key, and bytes that cannot come without it."""

    name: str
    keys: bytes
    answer: bytes


CURSOR: Final = (
    Step("cursor up", b"\x1b[A", "▌".encode()),
    Step("cursor down", b"\x1b[B", "▌".encode()),
)
STEPS: Final = (Step("pause", b" ", b"paused"), *CURSOR, Step("newest, follow", b"\x1b[F", b"following"))
"""A lap that ends where it began."""


@dataclass(slots=True)
class Pressed:
    """Seconds from key to answer by step, and what never came."""

    taken: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    missed: list[str] = field(default_factory=list[str])

    @property
    def everything(self) -> list[float]:
        """All seconds, whatever was pressed."""
        return [seconds for step in self.taken.values() for seconds in step]

    def lap(self, terminal: Terminal, steps: Sequence[Step]) -> None:
        """Press each key once and wait for its answer."""
        for step in steps:
            time.sleep(REST_S)
            since = terminal.position
            begin = terminal.send(step.keys)
            try:
                seconds = terminal.wait_for(step.answer, since=since, timeout_s=ANSWER_S) - begin
            except Silence as silence:
                self.missed.append(f"{step.name}: {silence}"[:300])
            else:
                self.taken.setdefault(step.name, []).append(seconds)


def dashboard(place: Place, *options: str | Path, rows: int = ROWS) -> Terminal:
    """Start the dashboard."""
    return Terminal([*AUDITAIL, *options], columns=COLUMNS, rows=rows, cwd=place.folder, env=place.environment)


@contextmanager
def pressing(place: Place, store: Path) -> Generator[Pressed]:
    """Have a dashboard on the store and press its keys, lap after lap, while the block runs.

    There must be a few events already: with none there is no cursor to move.
    """
    pressed = Pressed()
    over = threading.Event()

    def laps() -> None:
        while not over.is_set():
            pressed.lap(terminal, STEPS)

    with dashboard(place, "--store", store) as terminal:
        terminal.wait_for(b"following", timeout_s=60)
        time.sleep(SETTLE_S)
        finger = threading.Thread(target=laps)
        finger.start()
        try:
            yield pressed
        finally:
            over.set()
            finger.join()


def row(what: str, seconds: Sequence[float], wanted_ms: str) -> list[str]:
    """Return one line of a table: how often, median, 95th percentile, most, and what is wanted."""
    if not seconds:
        return [what, "0", "", "", "", wanted_ms]
    cells = (f"{figure * 1000:,.0f}" for figure in (middle(seconds), percentile(seconds, 95), max(seconds)))
    return [what, str(len(seconds)), *cells, wanted_ms]
