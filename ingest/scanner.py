"""The scanner process: `python -P -m ingest.scanner STORE SETTINGS PRICES` feeds one store until it is told to stop.

SETTINGS is the `ingest` section of the settings as JSON, PRICES the list of one's own prices; what it must know of
alerts is in its environment. It ends when its standard input ends (its parent died or closed it), on SIGTERM, SIGINT
and SIGHUP, and when a service wants to read into the store; each time after storing what it has read.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Final

from config.settings import IngestSettings
from ingest.detecting import handed_on, look_for_alerts
from ingest.exit_codes import EXIT_LEASE_HELD, EXIT_OK, EXIT_STORE, EXIT_USAGE
from ingest.scan.loop import STORE_PATIENCE_S, Scanner
from ingest.telling import telling
from ingest.writer.client import WriterLostError
from store.claim import service_claims
from store.errors import StoreBusyError, StoreError, StoreFullError
from store.lease import LeaseHeldError, ScannerLease
from store.pricing.choosing import pricer_from
from store.store import Store

_LEASE_PATIENCE_S: Final = 3.0
_GIVE_WAY_EVERY_S: Final = 0.5


def main(arguments: list[str]) -> int:
    """Run; return the exit code."""
    if len(arguments) != 3:  # noqa: PLR2004 (STORE, SETTINGS and PRICES)
        sys.stderr.write("usage: python -P -m ingest.scanner STORE SETTINGS-AS-JSON PRICES-AS-JSON\n")
        return EXIT_USAGE
    stop = threading.Event()
    settings = IngestSettings.model_validate_json(arguments[1])
    try:
        stop_on_signals(stop, stop.set)
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
        with Store.open(Path(arguments[0]), pricer=pricer_from(arguments[2])) as store:
            store.set_patience(STORE_PATIENCE_S)
            lease = ScannerLease(store)
            acquire_patiently(lease, _LEASE_PATIENCE_S)
            if (detection := handed_on(os.environ)) is not None:
                look_for_alerts(store, detection)
            with given_back(lease), telling(store, detection):
                threading.Thread(target=_give_way_to_a_service, args=(store.path, stop), daemon=True).start()
                scanner = Scanner(store, settings, lease, stop)
                spare_the_collector()
                scanner.run()
    except LeaseHeldError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_LEASE_HELD
    except (StoreError, WriterLostError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_STORE
    return EXIT_OK


def acquire_patiently(lease: ScannerLease, patience_s: float) -> None:
    """Take the lease, trying again for a moment: a supervisor that probes the lock holds it for an instant.

    Raises:
        LeaseHeldError: another process keeps it.
    """
    until = time.monotonic() + patience_s
    while True:
        try:
            lease.acquire()
        except LeaseHeldError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def given_back(lease: ScannerLease) -> Generator[None]:
    """Give the lease back at the end of the block, also where the store cannot be told: the lock is what counts."""
    try:
        yield
    finally:
        with suppress(StoreFullError, StoreBusyError):
            lease.release()


def spare_the_collector() -> None:
    """Turn the cyclic garbage collector off.

    Events in flight are hundreds of thousands of objects without cycles, which reference counting frees; walking them
    again and again costs a tenth of the throughput. The scanner collects by hand where it is idle.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


def stop_on_signals(stop: threading.Event, wake: Callable[[], None]) -> None:
    """Set `stop` on SIGTERM, SIGINT and SIGHUP, then call `wake`. Only the main thread may ask for this.

    A thread of its own does so: a handler runs between any two steps of the main thread, which may hold their lock.
    """
    reading, writing = os.pipe()

    def heed() -> None:
        while os.read(reading, 1):
            stop.set()
            wake()

    def handle(_number: int, _frame: FrameType | None) -> None:
        os.write(writing, b"!")

    threading.Thread(target=heed, name="signals", daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, handle)


def _stop_at_end_of_input(stop: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    stop.set()


def _give_way_to_a_service(store_path: Path, stop: threading.Event) -> None:
    """End when a service wants the store: it goes on when the dashboard is closed, and this process does not."""
    while not stop.wait(_GIVE_WAY_EVERY_S):
        if service_claims(store_path):
            stop.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
