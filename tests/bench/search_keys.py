"""How long a key waits for its answer while a broad filter's matches and facets are being counted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tests.bench.figures import print_table
from tests.bench.pressing import CURSOR, SETTLE_S, Pressed, dashboard, row

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.place import Place
    from tests.bench.terminal import Terminal

BROAD: Final = ("type:mcp.*", "-status:failure", "tokens", "tenant:acme,globex", "-type:mcp.*", "-agent:nobody")
"""Filters that millions of events pass: counting them takes longer than the keys that are pressed after each."""
LAPS: Final = 10
MOST_MISSED: Final = 5
"""Keys without an answer after which the rest is not tried."""
SEARCH_TAB: Final = b"2"
EDIT: Final = b"/"
CLEAR: Final = b"\x15"
ENTER: Final = b"\r"
_TYPED_S: Final = 0.03
"""Between two typed letters: a fast typist."""
_OPEN_S: Final = 1.0


def enter(terminal: Terminal, query: str) -> None:
    """Edit the filter as a person does: open the line, empty it, type, Enter."""
    terminal.send(EDIT)
    time.sleep(_OPEN_S)
    terminal.send(CLEAR)
    for letter in query:
        time.sleep(_TYPED_S)
        terminal.send(letter.encode())
    time.sleep(_TYPED_S)
    terminal.send(ENTER)


def keys_while_counting(place: Place, store: Path) -> Pressed:
    """Enter one broad filter after another, and move the cursor after each."""
    pressed = Pressed()
    with dashboard(place, "--store", store) as terminal:
        terminal.wait_for(b"following", timeout_s=60)
        time.sleep(SETTLE_S)
        terminal.send(SEARCH_TAB)
        time.sleep(_OPEN_S)
        for query in BROAD:
            enter(terminal, query)
            for _ in range(LAPS):
                pressed.lap(terminal, CURSOR)
            if len(pressed.missed) >= MOST_MISSED:
                break
    return pressed


def bench(place: Place, store: Path) -> None:
    """Print how long the keys took."""
    pressed = keys_while_counting(place, store)
    what = f"cursor key to its answer, {len(BROAD)} broad filters"
    header = ["", "times", "p50 ms", "p95 ms", "most ms", "wanted p95"]
    print_table("Search: keys while matches and facets are counted", header, [row(what, pressed.everything, "50")])
    for line in pressed.missed:
        print(f"never came: {line}")
