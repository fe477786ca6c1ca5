"""Has records of the quarantine read again, by the running scanner or else here, and waits for what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from config.alerts import DetectionSettings
from config.settings import IngestSettings
from ingest.detecting import look_for_alerts
from ingest.retry import Outcome, Retrier
from ingest.scan.batcher import Batcher
from ingest.scan.intake import Intake
from ingest.scan.names import NameRules
from ingest.tools import record_tools
from store.errors import StoreError
from store.lease import LeaseHeldError, ScannerLease
from store.pricing.pricer import Pricer
from store.quarantine import QuarantineDesk
from store.store import Store

_LOOK_EVERY_S: Final = 0.2
_PATIENCE_S: Final = 120.0


class ScannerBusyError(StoreError):
    """The running scanner has not come round to what was asked of it."""

    def __init__(self, left: int) -> None:
        """Say how much is left."""
        super().__init__(
            f"the running scanner has not come round to {left:,} of the records yet: they stay asked for,"
            " `auditail quarantine list` shows what came of them"
        )


def retry_records(
    store_path: Path,
    ids: Sequence[int],
    settings: IngestSettings,
    on_progress: Callable[[int], None] | None = None,
    *,
    pricer: Pricer | None = None,
    detection: DetectionSettings | None = None,
) -> list[Outcome]:
    """Read records of the quarantine again and return what came of each, in their order.

    Where a scanner feeds the store, it does the work. `on_progress` is told how many records are left; `pricer` says
    what tokens cost, None: the public prices; `detection` which rules look at what could be read and who is told,
    None: the shipped ones and nobody.

    Raises:
        ScannerBusyError: the running scanner does not do it; what was asked for stays asked for.
        StoreError: the store cannot be used.
    """
    with Store.open(store_path, create=False, pricer=pricer) as store:
        desk = QuarantineDesk(store)
        desk.request_retry(ids)
        lease = ScannerLease(store, "ingest")
        found: dict[int, Outcome] = {}
        if _await_lease(desk, lease, ids, on_progress):
            look_for_alerts(store, detection)
            try:
                found = _retry_here(store, settings, lease)
            finally:
                lease.release()
        reasons = desk.reasons_of_failure(ids)
        return [found.get(number) or _outcome(number, reasons) for number in ids]


def _await_lease(
    desk: QuarantineDesk, lease: ScannerLease, ids: Sequence[int], on_progress: Callable[[int], None] | None
) -> bool:
    """Return True as soon as the lease is held, False when another scanner has done all that was asked for."""
    until = time.monotonic() + _PATIENCE_S
    before = -1
    while True:
        left = desk.still_waiting(ids)
        if not left:
            return False
        try:
            lease.acquire()
        except LeaseHeldError:
            pass
        else:
            return True
        if on_progress is not None:
            on_progress(left)
        if left != before:
            before, until = left, time.monotonic() + _PATIENCE_S
        elif time.monotonic() > until:
            raise ScannerBusyError(left)
        time.sleep(_LOOK_EVERY_S)


def _retry_here(store: Store, settings: IngestSettings, lease: ScannerLease) -> dict[int, Outcome]:
    """Do all that is asked for in this process; return what came of each record."""
    found: dict[int, Outcome] = {}
    batcher = Batcher(store, lease=lease)
    tools = record_tools(settings)
    intake = Intake(store, tools, NameRules(settings.include, settings.exclude), batcher, take_turns=False)

    def note(outcome: Outcome) -> None:
        found[outcome.id] = outcome

    retrier = Retrier(store, tools, intake, batcher, patience_s=0.0, on_outcome=note)
    try:
        while retrier.step():
            while not intake.idle:
                intake.step()
            intake.take_quiet_ends(below=b"/")
            batcher.flush()
    finally:
        batcher.close()
    return found


def _outcome(number: int, reasons: dict[int, str]) -> Outcome:
    """Return what another process has made of a record: what is still there could not be read."""
    reason = reasons.get(number)
    if reason is None:
        return Outcome(number, read=True, how="it has left the quarantine")
    return Outcome(number, read=False, how=reason)
