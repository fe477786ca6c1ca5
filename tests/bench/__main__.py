"""Runs the benchmarks: all, or those that are named (`make bench BENCH="startup --events 100000"`)."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Final

from tests.bench import bench_ingest, bench_latency, bench_startup
from tests.bench.figures import machine
from tests.bench.material import one_file
from tests.bench.place import AUDITAIL, a_place

NAMES: Final = ("ingest", "startup", "latency")


def wishes() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Print measurements as tables.")
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(NAMES)} (default: all)")
    parser.add_argument("--events", type=int, default=1_000_000, help="events in the file and the store")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the ingest benchmark")
    parser.add_argument("--dir", type=Path, help="folder for the files (about 2 GB for a million events)")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return asked


def main() -> None:
    """Make the material, run what was asked for, print tables."""
    asked = wishes()
    names = asked.names or NAMES
    with a_place(asked.dir) as place:
        print(f"{machine()}, {time.strftime('%Y-%m-%d')}")
        print(f"writing {asked.events:,} events", file=sys.stderr)
        source = one_file(place.folder, asked.events)
        if "ingest" in names:
            bench_ingest.bench(place, source, asked.rounds)
        if {"startup", "latency"} & set(names):
            print("filling the store", file=sys.stderr)
            store = place.folder / "full.db"
            place.run(*AUDITAIL, "ingest", "--store", store, source)
            if "startup" in names:
                bench_startup.bench(place, store)
            if "latency" in names:
                bench_latency.bench(place, source, store)


if __name__ == "__main__":
    main()
