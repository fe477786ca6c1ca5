"""The ways to get the same lines into SQLite that are compared; each runs alone in a process of its own.

`python -m tests.bench.contenders NAME SOURCE TARGET` prints one line of JSON: seconds, rows, bytes on disk, peak
memory in MiB.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from config.settings import IngestSettings
from ingest.service import ingest_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLOOR: Final = Path(__file__).with_name("floor.sql")
BATCH: Final = 10_000
_KIB_PER_UNIT: Final = 1 if sys.platform == "linux" else 1 / 1024
"""`ru_maxrss` is in KiB on Linux and in bytes on macOS."""

TEXT_FIELDS: Final = (
    *("agent_id", "user_id", "tenant_id", "host", "tool", "server", "status", "duration_ms", "call_id"),
    *("request_id", "session_id", "trace_id", "span_id", "parent_id", "model", "input_tokens", "output_tokens"),
    *("cache_read_tokens", "cache_write_tokens", "cost_microusd", "resource_tenant_id", "message"),
)
COLUMNS: Final = (
    *("event_id", "timestamp", "event_type", *TEXT_FIELDS, "metadata", "counts", "outcome"),
    *("lineage", "generation", "byte_offset", "format", "seq"),
)


def parsed_rows(source: Path) -> Iterator[tuple[Any, ...]]:
    """Give the rows of the floor's table."""
    lineage = hashlib.sha256(str(source).encode()).hexdigest()[:32]
    offset = 0
    with source.open("rb") as lines:
        for seq, line in enumerate(lines, 1):
            event = orjson.loads(line)
            metadata = event.get("metadata")
            yield (
                event.get("event_id") or hashlib.sha256(line).hexdigest()[:32],
                int(datetime.fromisoformat(event["timestamp"]).timestamp() * 1_000_000),
                event["event_type"],
                *(event.get(name) for name in TEXT_FIELDS),
                None if metadata is None else orjson.dumps(metadata).decode(),
                *(1, 0, lineage, 0, offset, "native", seq),
            )
            offset += len(line)


def floor(source: Path, target: Path) -> tuple[float, int]:
    """Insert rows that are parsed already: only the driver's executemany and the commits are timed."""
    connection = sqlite3.connect(target, isolation_level=None)
    connection.executescript(FLOOR.read_text())
    insert = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    rows = parsed_rows(source)
    seconds, count = 0.0, 0
    while batch := list(islice(rows, BATCH)):
        begin = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, batch)
        connection.execute("COMMIT")
        seconds += time.perf_counter() - begin
        count += len(batch)
    connection.close()
    return seconds, count


def sqlite_utils(source: Path, target: Path) -> tuple[float, int]:
    """Run `sqlite-utils insert --nl` as somebody would; `--alter` because not every event has every field."""
    begin = time.perf_counter()
    program = str(Path(sys.executable).with_name("sqlite-utils"))
    subprocess.run([program, "insert", "--nl", "--alter", "--silent", str(target), "event", str(source)], check=True)
    seconds = time.perf_counter() - begin
    connection = sqlite3.connect(target)
    (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
    connection.close()
    return seconds, count


def auditail(source: Path, target: Path) -> tuple[float, int]:
    """Ingest as `auditail ingest` does, all of it: reading, redaction, identity, full text, counts, checkpoints."""
    begin = time.perf_counter()
    summary = ingest_once(target, [os.fsencode(source)], IngestSettings())
    seconds = time.perf_counter() - begin
    return seconds, summary.events


CONTENDERS: Final[dict[str, Callable[[Path, Path], tuple[float, int]]]] = {
    "floor": floor,
    "auditail": auditail,
    "sqlite-utils": sqlite_utils,
}


def main(name: str, source: str, target: str) -> None:
    """Run one contender and print its figures."""
    seconds, rows = CONTENDERS[name](Path(source), Path(target))
    # What a contender starts counts too; of sqlite-utils only that, for it does all the work there.
    whose = [resource.RUSAGE_CHILDREN] if name == "sqlite-utils" else [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN]
    peak_mib = sum(resource.getrusage(who).ru_maxrss for who in whose) * _KIB_PER_UNIT / 1024
    size = sum(path.stat().st_size for path in Path(target).parent.glob(Path(target).name + "*"))
    print(json.dumps({"seconds": seconds, "rows": rows, "bytes": size, "peak_mib": peak_mib}))


if __name__ == "__main__":
    main(*sys.argv[1:])
