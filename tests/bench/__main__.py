"""Runs the benchmarks: those on one large file, or those named (`make bench BENCH="startup --events 100000"`)."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench import (
    bench_alert_latency,
    bench_analytics,
    bench_backtest,
    bench_detect,
    bench_files,
    bench_flood,
    bench_ingest,
    bench_latency,
    bench_life,
    bench_search,
    bench_startup,
    search_keys,
)
from tests.bench.figures import machine
from tests.bench.material import one_file
from tests.bench.place import AUDITAIL, a_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.place import Place

NAMES: Final = (
    "ingest", "startup", "latency", "alert-latency", "files", "search", "search-keys", "analytics", "life", "detect",
    "flood", "backtest",
)  # fmt: skip
ON_ONE_FILE: Final = ("ingest", "startup", "latency", "alert-latency")
"""What is run where nothing is named: `life`, `detect` and `flood` take minutes, others half an hour and gigabytes."""
EVENTS: Final = 1_000_000
INGEST_ROUNDS: Final = 3


def wishes() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Print measurements as tables.")
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(NAMES)} (default: {', '.join(ON_ONE_FILE)})")
    parser.add_argument(
        "--events", type=int, help="events in the file and the store (default: 1M; search, analytics: 10M)"
    )
    parser.add_argument("--rounds", type=int, help="rounds (default: ingest 3, analytics 7, life 10, search 15)")
    parser.add_argument("--dir", type=Path, help="folder for the files (about 2 GB for a million events)")
    parser.add_argument("--at-once", type=int, default=100_000, help="small files that appear at once")
    parser.add_argument("--stopped", type=int, default=30_000, help="small files written while the scanner is stopped")
    parser.add_argument("--old", type=int, default=1_000_000, help="old small files among which others arrive")
    parser.add_argument("--lnav-limit", type=float, default=120, help="seconds that lnav may take for one question")
    parser.add_argument(
        "--kept", type=Path, help="folder where what files, search and analytics need is made once, and stays"
    )
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return asked


def main() -> None:
    """Make the material, run what was asked for, print tables."""
    asked = wishes()
    names = asked.names or ON_ONE_FILE
    with a_place(asked.dir) as place:
        print(f"{machine()}, {time.strftime('%Y-%m-%d')}")
        if set(ON_ONE_FILE) & set(names):
            bench_one_file(place, asked, names)
        if "files" in names:
            wanted = bench_files.Wanted(asked.at_once, asked.stopped, asked.old, asked.kept)
            bench_files.bench(place, wanted)
        if "detect" in names:
            bench_detect.bench(asked.events or bench_detect.EVENTS, asked.rounds or bench_detect.ROUNDS)
        if "flood" in names:
            bench_flood.bench(place, asked.events or bench_flood.EVENTS)
        if "life" in names:
            bench_life.bench(place, asked.rounds or bench_life.ROUNDS)
        if {"search", "search-keys", "analytics", "backtest"} & set(names):
            bench_many_events(place, asked, names)


def bench_many_events(place: Place, asked: argparse.Namespace, names: Sequence[str]) -> None:
    """Measure what is measured on ten million events."""
    usual = bench_search.Wanted()
    kept = None if asked.kept is None else asked.kept.resolve()
    wanted = bench_search.Wanted(asked.events or usual.events, asked.rounds or usual.rounds, asked.lnav_limit, kept)
    made, store = bench_search.made_ready(place, wanted)
    if "search" in names:
        bench_search.bench(place, wanted, made, store)
    if "search-keys" in names:
        search_keys.bench(place, store)
    if "analytics" in names:
        bench_analytics.bench(place, made, store, asked.rounds)
    if "backtest" in names:
        bench_backtest.bench(store)


def bench_one_file(place: Place, asked: argparse.Namespace, names: Sequence[str]) -> None:
    """Measure what is measured on one large file."""
    events = asked.events or EVENTS
    print(f"writing {events:,} events", file=sys.stderr)
    source = one_file(place.folder, events)
    if "ingest" in names:
        bench_ingest.bench(place, source, asked.rounds or INGEST_ROUNDS)
    if {"startup", "latency"} & set(names):
        print("filling the store", file=sys.stderr)
        store = place.folder / "full.db"
        place.run(*AUDITAIL, "ingest", "--store", store, source)
        if "startup" in names:
            bench_startup.bench(place, store)
        if "latency" in names:
            bench_latency.bench(place, source, store)
    if "alert-latency" in names:
        bench_alert_latency.bench(place, source)


if __name__ == "__main__":
    main()
