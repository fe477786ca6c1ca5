"""How many events a second all shipped rules look at, against plain iteration over the same events."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import orjson

from detect.engine.engine import Engine
from detect.rules.model import RuleSet
from ingest.simulate.history import history
from store.observed import ObservedEvent
from tests.bench.figures import middle, print_table
from tests.detection import START_US
from tests.detection_material import DAY_US, shipped, told_events

EVENTS: Final = 100_000
ROUNDS: Final = 3
BATCH: Final = 10_000


def floor(events: list[ObservedEvent]) -> int:
    """Look at every event once and do nothing."""
    counted = 0
    for event in events:
        counted += event.event.counts
    return counted


def one_pass(rules: RuleSet, events: list[ObservedEvent], *, kept: bool) -> int:
    """Let a new engine see all events in batches; `kept` also writes down what changed with each batch."""
    engine = Engine(rules, clock=lambda: START_US)
    found = 0
    for low in range(0, len(events), BATCH):
        found += len(engine.observe(events[low : low + BATCH]).incidents)
        if kept:
            found += len(engine.changes())
    return found


def rate(run: Callable[[], int], events: list[ObservedEvent], rounds: int) -> float:
    """Return events a second: the middle of some rounds, metadata being text at the start of each."""
    took: list[float] = []
    for _ in range(rounds):
        for event in events:
            event.event.metadata = None
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return len(events) / middle(took)


def bench(events: int = EVENTS, rounds: int = ROUNDS) -> None:
    """Measure and print."""
    told = history(events=events, span_us=DAY_US * 2, end_us=START_US, seed=1)
    seen = list(told_events(told))
    for event in seen:
        event.event.metadata_text = (
            None if event.event.metadata is None else orjson.dumps(event.event.metadata).decode()
        )
    rules = shipped()
    plain = rate(lambda: floor(seen), seen, rounds)
    rows = [["plain iteration", f"{plain:,.0f}", "1"]]
    for name, kept in (("all shipped rules", False), ("and what changed, as bytes", True)):
        measured = rate(lambda kept=kept: one_pass(rules, seen, kept=kept), seen, rounds)
        rows.append([name, f"{measured:,.0f}", f"{measured / plain:.4f}"])
    print_table("Detection", ["what", "events/s", "of plain"], rows)


if __name__ == "__main__":
    bench()
