"""Draws the README's picture from the program itself: `python -m tests.picture docs/dashboard.svg`.

An hour of the simulated platform goes through the real ingest into a store in a temporary folder; the dashboard is
opened on it with a clock that stands still, so that the same version draws the same picture.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

import orjson

from config.settings import IngestSettings
from ingest.service import ingest_once
from ingest.simulate.platform import Platform
from store.reader import StoreReader
from tests.pilot.live_app import FakeCapture, FrozenClock, make_app

SIZE: Final = (150, 36)
START_US: Final = 1_794_999_600_000_000
HOUR_US: Final = 3_600_000_000
_SETTLES_S: Final = 2.0


def write_hour(folder: Path) -> int:
    """Write an hour of events into a file; return the time of the last, UTC microseconds."""
    last_us = START_US
    with (folder / "platform-14.jsonl").open("wb") as file:
        for at_us, event in Platform(11, START_US, 5.0):
            if at_us > START_US + HOUR_US:
                break
            file.write(orjson.dumps(event) + b"\n")
            last_us = max(last_us, at_us)
    return last_us


async def draw(store: Path, now_us: int) -> str:
    """Return the dashboard on the store as SVG."""
    reader = StoreReader.open(store)
    app = make_app(reader, clock=FrozenClock(now_us), capture=FakeCapture("./events"))
    try:
        async with app.run_test(size=SIZE) as pilot:
            await asyncio.sleep(_SETTLES_S)
            await pilot.press("W", "enter")
            await asyncio.sleep(_SETTLES_S)
            return app.export_screenshot(title="auditail")
    finally:
        reader.close()


def _arrive_in_time(store: Path) -> None:
    """Let every event have arrived when it happened, not when the picture was drawn."""
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("UPDATE event SET arrived_us = ts_us + 40000")


def main(out: Path) -> None:
    """Draw into a file."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "events"
        folder.mkdir()
        now_us = write_hour(folder)
        store = Path(made) / "picture.db"
        ingest_once(store, [bytes(folder)], IngestSettings())
        _arrive_in_time(store)
        out.write_text(asyncio.run(draw(store, now_us)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
