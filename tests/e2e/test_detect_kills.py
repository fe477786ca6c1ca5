"""A scanner that is killed again and again finds what one clean pass over the same file finds."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from ingest.scan.batcher import MOST_EVENTS
from store.lease import lease_is_held
from tests.alerts_kept import essence, is_looked_at
from tests.ingest_place import Place
from tests.scanner_runs import running_scanner, second_process_of, stored, until, watch

RULES: Final = (
    "password-guessing", "login-after-failures", "password-spraying", "denial-burst", "runaway-loop",
    "destructive-command", "cross-tenant-attempt", "cross-tenant-success", "tool-enumeration", "hostile-text",
)  # fmt: skip
"""Rules whose alerts depend on what happened and when, and not on when or in what order it arrived."""
BACKLOG: Final = 2 * MOST_EVENTS
BURSTS: Final = 5
_START_S: Final = 1_795_356_126


def told(dice: random.Random, at_s: float, **fields: Any) -> bytes:
    """Return a line; half of them have an id, and a few say so late."""
    late_s = dice.choice((0, 0, 0, 0, 100))
    event = {"timestamp": _START_S + at_s - late_s, "agent_id": "bot", "tenant_id": "acme", **fields}
    if dice.random() < 0.5:
        event["event_id"] = f"{dice.getrandbits(64):x}"
    return orjson.dumps(event) + b"\n"


def burst(dice: random.Random, number: int, calm: int) -> Iterator[bytes]:
    """Give lines of one hour: attacks among calls of no interest."""
    start_s, user = 3_600.0 * number, f"user-{number % 3}"
    for n in range(calm):
        at_s = start_s + n * 3_000 / calm
        yield told(dice, at_s, event_type="agent.message", message=f"calm {number}-{n}", user_id="calm")
        if n % (calm // 8) == 0:
            own = {"user_id": user, "metadata": {"ip": f"198.51.100.{n % 5}"}}
            for k in range(dice.randint(4, 12)):
                text = f"failed {number}-{n}-{k}"
                yield told(dice, at_s + k, event_type="auth.failed", status="failure", message=text, **own)
            yield told(dice, at_s + 20, event_type="auth.login", status="success", message=f"in {number}-{n}", **own)
            for k in range(dice.randint(2, 12)):
                denied = {"event_type": "permission.denied", "status": "denied", "session_id": "s"}
                yield told(dice, at_s + k, message=f"no {number}-{n}-{k}", user_id=user, **denied)
                call = {"event_type": "mcp.tool_call", "tool": "search", "status": "failure", "session_id": f"s{n}"}
                yield told(dice, at_s + k, message=f"call {number}-{n}-{k}", resource_tenant_id="other", **call)


def test_kills_change_nothing_about_what_is_found(tmp_path: Path) -> None:
    dice = random.Random(6)
    place = Place(tmp_path / "killed")
    watch(place)
    whole: list[bytes] = []
    for number in range(BURSTS):
        fresh = list(burst(dice, number, BACKLOG // 4 if number else BACKLOG))
        again = [one for one in dice.sample(whole, min(len(whole), 50)) if b"event_id" in one]
        whole += [*fresh, *again]
        place.append("events.jsonl", b"".join((*fresh, *again)))
        with running_scanner(place) as scanner:
            before = stored(place)
            until(lambda before=before: stored(place) > before)
            time.sleep(dice.random() / 2)
            if number == 0 and (writer := second_process_of(scanner.pid)) is not None:
                with suppress(ProcessLookupError):  # it may just have ended
                    os.kill(writer, signal.SIGKILL)
        until(lambda: not lease_is_held(place.store))
    expected = len(set(whole))
    with running_scanner(place):
        until(lambda: stored(place) >= expected and is_looked_at(place.store))
    clean = Place(tmp_path / "clean")
    clean.write("events.jsonl", b"".join(whole))
    clean.ingest()
    found = essence(clean.store, RULES)
    assert {name for name, *_ in found} >= {"password-guessing", "login-after-failures", "denial-burst", "runaway-loop"}
    assert essence(place.store, RULES) == found
    assert stored(place) == expected
