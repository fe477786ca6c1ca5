"""A flood: a million failed logins of a hundred thousand users, and what the rules make of it."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

import orjson

from tests.bench.contenders import BATCH
from tests.bench.figures import print_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.place import Place

EVENTS: Final = 1_000_000
EACH: Final = 10
"""Failed logins of each user, within a few minutes."""
ADDRESSES: Final = 5_000
AN_HOUR: Final = 250_000
"""Events in an hour of stated time."""
_START_S: Final = 1_795_356_126.0
_SEED: Final = 3


def write(target: Path, events: int) -> None:
    """Write so many failed logins to a file, in order of time: of each user a few, over some minutes."""
    dice = random.Random(_SEED)
    step_s = 3_600 / AN_HOUR
    attempts = sorted((n * step_s * EACH + dice.random() * 240, n) for n in range(events // EACH) for _ in range(EACH))
    with target.open("wb") as out:
        for at_s, user in attempts:
            event = {
                "timestamp": _START_S + at_s,
                "event_type": "auth.failed",
                "status": "failure",
                "user_id": f"user-{user}",
                "tenant_id": "acme",
                "message": "wrong password",
                "metadata": {"ip": f"10.0.{(place := dice.randrange(ADDRESSES)) >> 8}.{place & 255}"},
            }
            out.write(orjson.dumps(event) + b"\n")


def bench(place: Place, events: int) -> None:
    """Ingest the flood with all shipped rules; print time, memory, alerts and how large what they remember is."""
    print(f"writing {events:,} failed logins", file=sys.stderr)
    source, store = place.folder / "flood.jsonl", place.folder / "flood.db"
    write(source, events)
    took = json.loads(place.answer(sys.executable, "-m", "tests.bench.contenders", "auditail", source, store))
    with closing(sqlite3.connect(store)) as connection:
        alerts = connection.execute(
            "SELECT name, count(*), sum(count), max(count), shed_keys, shed_matches"
            " FROM alert JOIN alert_rule USING (rule_no) GROUP BY rule_no ORDER BY name"
        ).fetchall()
        pieces, size = connection.execute("SELECT count(*), total(length(data)) FROM engine_piece").fetchone()
        kept = connection.execute("SELECT count(*) FROM alert_evidence").fetchone()[0]
    facts = [
        ["events/s", f"{took['rows'] / took['seconds']:,.0f}"],
        ["peak memory of either process, together, MiB", f"{took['peak_mib']:,.0f}"],
        ["events in one append", f"{BATCH:,}"],
        ["pieces of what rules remember", f"{pieces:,}"],
        ["together, MiB", f"{size / (1 << 20):,.1f}"],
        ["events kept as evidence", f"{kept:,}"],
    ]
    print_table(f"Flood ({events:,} failed logins of {events // EACH:,} users)", ["what", "figure"], facts)
    header = ["rule", "alerts", "events in them", "in the greatest", "keys shed", "matches shed"]
    print_table("Its alerts", header, [[row[0], *(f"{number:,}" for number in row[1:])] for row in alerts])
