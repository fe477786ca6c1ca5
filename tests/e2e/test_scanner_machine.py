"""The same accidents as in the machine of files, while a real scanner is killed, stopped and let go on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from ingest.supervisor import start_scanner
from store.store import Store
from tests.property.file_machine import Files

PATIENCE_S = 60.0


class WatchedFiles(Files):
    """Files that a scanner process watches; a look waits until it has seen them."""

    def __init__(self) -> None:
        """Start the scanner on the empty folder."""
        super().__init__()
        pace = {"scan_interval_s": 0.5, "degraded_scan_interval_s": 0.5}
        self.place.settings = self.place.settings.model_copy(update=pace)
        with Store.open(self.place.store) as store:
            store.sources.add_folder(os.fsencode(self.place.folder), "folder", "watch")
        self.scanner = self.started()
        self.stopped = False

    def started(self) -> subprocess.Popen[bytes]:
        """Return a new scanner process."""
        return start_scanner(self.place.store, self.place.settings)

    def teardown(self) -> None:
        """End the scanner and leave nothing behind."""
        self.end()
        super().teardown()

    def end(self) -> None:
        """Kill the scanner, wherever it is in its work."""
        self.scanner.kill()
        self.scanner.wait()
        for pipe in (self.scanner.stdin, self.scanner.stderr):
            if pipe is not None:
                pipe.close()

    @rule()
    def kill(self) -> None:
        """Kill the scanner; another takes its place."""
        self.end()
        self.scanner, self.stopped = self.started(), False

    @rule()
    def stop_or_go_on(self) -> None:
        """Freeze the scanner, or thaw it."""
        self.scanner.send_signal(signal.SIGCONT if self.stopped else signal.SIGSTOP)
        self.stopped = not self.stopped

    def see(self) -> None:
        """Wait until everything that must be stored is, and until a whole scan later nothing has been added."""
        self.go_on()
        give_up = time.monotonic() + PATIENCE_S
        while missing := self.must_be_stored() - self.stored():
            assert time.monotonic() < give_up, f"{missing} did not come"
            time.sleep(0.05)
        assert self.scanned_since(self.last_scan())

    def peek(self) -> None:
        """Give the scanner the time to look, or not: both must do."""
        self.go_on()
        time.sleep(0.05)

    def go_on(self) -> None:
        """See to it that the scanner is not frozen."""
        if self.stopped:
            self.stop_or_go_on()

    def stored(self) -> Counter[str]:
        """Return what the store has by now, as far as it comes from files."""
        return Counter(self.place.messages())

    def last_scan(self) -> int:
        """Return when the scanner last finished a scan, UTC microseconds, as far as it has said."""
        rows = self.place.rows("SELECT coalesce(max(last_scan_us), 0) FROM lease")
        return int(rows[0][0])

    def scanned_since(self, before: int) -> bool:
        """Wait for the end of two scans, and so of one whole scan; False where the scanner takes too long."""
        give_up = time.monotonic() + PATIENCE_S / 2
        for _ in range(2):
            while self.last_scan() == before:
                if time.monotonic() > give_up:
                    return False
                time.sleep(0.02)
            before = self.last_scan()
        return True


@pytest.mark.slow
def test_whatever_happens_to_files_and_to_the_scanner_each_record_is_stored_once() -> None:
    run_state_machine_as_test(
        WatchedFiles,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate],  # to shrink what is found would take hours
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
