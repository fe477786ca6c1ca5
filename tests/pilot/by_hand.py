"""Run the dashboard on invented events, to look at it: `python -m tests.pilot.fake_service`."""

from __future__ import annotations

import argparse
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from config.settings import Settings, UiSettings
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, SECOND, SHAPES, event_of, made_up
from tui.alerts_tools import AlertsTools
from tui.app import AuditailApp
from tui.detection_state import DetectionState
from tui.format import now_us

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.alerts.model import AlertRow
    from store.events import EventSummary


class MadeUpCapture:
    """Says that it watches `./events`; takes every folder but `/nowhere`."""

    def describe(self) -> str:
        """Return the folder."""
        return "./events"

    def add_folder(self, path: str) -> str | None:
        """Take any folder that is not `/nowhere`."""
        return f"{path} does not exist: give a folder that does." if path == "/nowhere" else None


def an_hour(number: int) -> Iterator[EventSummary]:
    """Yield events whose density has two hills and whose failures come in bursts."""
    dice = random.Random(7)
    end = now_us()
    seq = 0
    for event in made_up(number, end_us=end, step_us=max(3600 * SECOND // max(number, 1), 1)):
        minute = (end - event.ts_us) // (60 * SECOND)
        if event.trouble and minute not in (55, 42, 41, 18, 17, 16, 7, 2) and dice.random() < 0.95:
            continue
        for copy in range(3 if minute in (50, 51, 52, 16, 17) else 1):
            seq += 1
            yield replace(event, seq=seq, id=(event.ts_us + copy) * 4096 + seq % 4096, ts_us=event.ts_us + copy)


def keep_arriving(service: FakeService, per_second: float, stop: threading.Event) -> None:
    """Add events until told to stop; now and then one is late."""
    dice = random.Random(3)
    seq = service.extent().last_seq
    weights = [shape.weight for shape in SHAPES]
    pause = max(1 / per_second, 0.02)
    while not stop.wait(pause):
        for _ in range(max(round(per_second * pause), 1)):
            seq += 1
            late = 8 * SECOND if dice.random() < 0.01 else 0
            service.add_one(event_of(dice.choices(SHAPES, weights)[0], seq=seq, ts_us=now_us() - late))


def tell_alerts(service: FakeService, flood: int) -> None:
    """Have the invented alerts as of now, and so many more of one rule."""
    alerts, late = service.alerts, now_us() - FROZEN_US
    alerts.tell_stories()
    extra = [replace(alerts.rows[3], id=1000 + number, key=(("user_id", f"user-{number}"),)) for number in range(flood)]
    alerts.put(_later(row, late) for row in [*alerts.rows, *extra])
    alerts.statements = [
        replace(one, checked_us=None if one.checked_us is None else one.checked_us + late) for one in alerts.statements
    ]


def _later(row: AlertRow, by_us: int) -> AlertRow:
    until_us = None if row.until_us is None else row.until_us + by_us
    times = {name: getattr(row, name) + by_us for name in ("first_us", "last_us", "opened_us")}
    return replace(row, until_us=until_us, **times)


def main() -> None:
    """Parse the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=18_000)
    parser.add_argument("--rate", type=float, default=5.1)
    parser.add_argument("--theme", default="auditail-dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--alerts", action="store_true", help="with invented alerts")
    parser.add_argument("--flood", type=int, default=0, help="so many more alerts of one rule")
    options = parser.parse_args()
    service = FakeService(an_hour(options.events))
    if options.alerts:
        tell_alerts(service, options.flood)
    stop = threading.Event()
    if options.rate:
        threading.Thread(target=keep_arriving, args=(service, options.rate, stop), daemon=True).start()
    settings = Settings(ui=UiSettings(theme=options.theme, ascii=options.ascii))
    started = time.monotonic()
    try:
        tools = AlertsTools(service.alerts, "lin", detection=lambda: DetectionState(26))
        AuditailApp(service, settings=settings, capture=MadeUpCapture(), alerts=tools).run()
    finally:
        stop.set()
    print(f"ran {time.monotonic() - started:.1f} s")  # noqa: T201


if __name__ == "__main__":
    main()
