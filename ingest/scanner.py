"""The scanner process: `python -P -m ingest.scanner STORE SETTINGS` feeds one store until it is told to stop.

SETTINGS is the `ingest` section of the settings as JSON. It ends when its standard input ends (its parent died or
closed it), on SIGTERM, SIGINT and SIGHUP, each time after storing what it has read.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Final

from config.settings import IngestSettings
from ingest.exit_codes import EXIT_LEASE_HELD, EXIT_OK, EXIT_STORE, EXIT_USAGE
from ingest.scan.loop import Scanner
from ingest.writer.client import WriterLostError
from store.errors import StoreError
from store.lease import LeaseHeldError, ScannerLease
from store.store import Store

_LEASE_PATIENCE_S: Final = 3.0


def main(arguments: list[str]) -> int:
    """Run; return the exit code."""
    if len(arguments) != 2:  # noqa: PLR2004 (STORE and SETTINGS)
        sys.stderr.write("usage: python -P -m ingest.scanner STORE SETTINGS-AS-JSON\n")
        return EXIT_USAGE
    stop = threading.Event()
    settings = IngestSettings.model_validate_json(arguments[1])
    try:
        with Store.open(Path(arguments[0])) as store:
            lease = ScannerLease(store)
            acquire_patiently(lease, _LEASE_PATIENCE_S)
            try:
                scanner = Scanner(store, settings, lease, stop)
                _stop_on_signals(stop, scanner)
                threading.Thread(target=_stop_at_end_of_input, args=(stop, scanner), daemon=True).start()
                spare_the_collector()
                scanner.run()
            finally:
                lease.release()
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


def spare_the_collector() -> None:
    """Turn the cyclic garbage collector off.

    Events in flight are hundreds of thousands of objects without cycles, which reference counting frees; walking them
    again and again costs a tenth of the throughput. The scanner collects by hand where it is idle.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


def _stop_on_signals(stop: threading.Event, scanner: Scanner) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        scanner.wake()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, handle)


def _stop_at_end_of_input(stop: threading.Event, scanner: Scanner) -> None:
    while os.read(0, 4096):
        pass
    stop.set()
    scanner.wake()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
