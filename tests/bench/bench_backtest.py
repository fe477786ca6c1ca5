"""How long back-tests of the shipped rules take on ten million events, against reading the same rows in their order."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final

from detect.backtest.running import back_test, concerned
from detect.backtest.sieve import sieve_of
from store.reader import StoreReader
from store.replay.decoding import SELECT
from store.replay.model import ReplayQuestion
from tests.bench.figures import print_table
from tests.detection_material import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from detect.backtest.model import BackTest, SoFar
    from detect.rules.model import Rule
    from store.observed import ObservedEvent

WANTED_S: Final = 20
_CHUNK: Final = 4_000


def seqs_of(reader: StoreReader, rule: Rule) -> list[int]:
    """Return the places of arrival of what a back-test of a rule reads, or looks at a little of."""
    found: list[int] = []

    def take(events: Sequence[ObservedEvent]) -> None:
        found.extend(event.seq for event in events)

    sieve = sieve_of(concerned(shipped(), rule), reader.replay.names)
    reader.replay.run(ReplayQuestion(sieve), take, lambda _: True)
    return found


def floor_s(store: Path, seqs: list[int]) -> float:
    """Return the seconds in which a plain connection reads these rows in their order, doing nothing with them."""
    with closing(sqlite3.connect(store)) as connection:
        begun = time.perf_counter()
        for start in range(0, len(seqs), _CHUNK):
            some = json.dumps(seqs[start : start + _CHUNK])
            asked = f"{SELECT} WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq"
            connection.execute(asked, (some,)).fetchall()
        return time.perf_counter() - begun


def tested(reader: StoreReader, rule: Rule) -> tuple[BackTest, float]:
    """Test one rule; also return the longest time between two looks at whether to go on."""
    last, longest = time.perf_counter(), 0.0

    def watch(_: SoFar) -> bool:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        return True

    return back_test(shipped(), rule, reader, watch), longest


def bench(store: Path) -> None:
    """Print a line for each correlation that is shipped."""
    rows: list[list[str]] = []
    events = 0
    with closing(StoreReader.open(store)) as reader:
        for rule in shipped().rules:
            if rule.correlation is None:
                continue
            print(f"backtest: {rule.name}", file=sys.stderr)
            begun = time.process_time()
            test, longest = tested(reader, rule)
            cpu_s = time.process_time() - begun
            seqs = seqs_of(reader, rule)
            least = floor_s(store, seqs)
            rows.append(
                [
                    rule.name,
                    f"{test.took_s:.1f}",
                    f"{cpu_s:.1f}",
                    f"{test.replayed.events / test.took_s:,.0f}",
                    f"{len(seqs):,}",
                    f"{test.replayed.replayed:,}",
                    f"{least:.1f}",
                    f"{test.took_s / least:.1f}" if least > 0 else "-",
                    f"{len(test.incidents):,}",
                    f"{longest * 1000:,.0f}",
                ]
            )
            events = test.replayed.events
    header = [
        "rule",
        "s",
        "processor s",
        "events/s",
        "rows of its names",
        "read whole",
        "plain reading: s",
        "times",
        "incidents",
        "longest without a look, ms",
    ]
    print_table(f"Back-tests of correlations on {events:,} events (wanted: {WANTED_S} s)", header, rows)
