"""The scanner as a service: no dashboard starts it and none ends it. It reads until it is told to stop."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from config.alerts import DetectionSettings
from config.settings import IngestSettings
from ingest.detecting import look_for_alerts
from ingest.scan.loop import STORE_PATIENCE_S, Scanner
from ingest.scanner import given_back, spare_the_collector, stop_on_signals
from ingest.telling import telling
from store.claim import ServiceClaim
from store.errors import StoreBusyError, StoreFullError
from store.lease import LeaseHeldError, ScannerLease
from store.pricing.pricer import Pricer
from store.store import Store

_ASK_EVERY_S: Final = 0.2


def run_service(
    store_path: Path,
    settings: IngestSettings,
    say: Callable[[str], None],
    pricer: Pricer | None = None,
    detection: DetectionSettings | None = None,
) -> None:
    """Read into the store until SIGTERM, SIGINT or SIGHUP, after storing what was read. Call it in the main thread.

    The folders are those of the store and `settings.paths`, which are remembered in it. `say` gets a line at a time:
    what it waits for, that it reads, that it has ended. `pricer` says what tokens cost; None: the public prices.
    `detection`: which rules look at it, and who is told; None: the shipped ones, and nobody.

    Raises:
        ClaimHeldError: another service reads into this store.
        StoreError: the store cannot be used.
        WriterLostError: its second process is gone.
    """
    stop = threading.Event()
    stop_on_signals(stop, stop.set)
    with Store.open(store_path, pricer=pricer) as store, ServiceClaim(store_path):
        store.set_patience(STORE_PATIENCE_S)
        _remember(store, settings.paths)
        lease = ScannerLease(store, "service")
        if not _acquire(lease, stop, say):
            return
        look_for_alerts(store, detection)
        with given_back(lease), telling(store, detection):
            scanner = Scanner(store, settings, lease, stop)
            spare_the_collector()
            say(f"reading into {store_path}")
            scanner.run()
    say("ended; what was read is stored")


def _remember(store: Store, paths: Sequence[str]) -> None:
    for path in paths:
        real = os.path.realpath(Path(path).expanduser())
        store.sources.add_folder(os.fsencode(real), "folder" if Path(real).is_dir() else "file", "watch")


def _acquire(lease: ScannerLease, stop: threading.Event, say: Callable[[str], None]) -> bool:
    """Wait until no other scanner reads into the store; a dashboard's gives way. False: told to stop before that.

    A full disk and a locked store are waited out as well.
    """
    said = ""
    while not stop.is_set():
        try:
            lease.acquire()
        except LeaseHeldError as error:
            waiting = f"waiting for another scanner to end (pid {error.pid})"
        except (StoreFullError, StoreBusyError) as error:
            waiting = str(error)
        else:
            return True
        if waiting != said:
            say(waiting)
            said = waiting
        stop.wait(_ASK_EVERY_S)
    return False
