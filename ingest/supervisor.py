"""Keeps a scanner process alive for as long as a dashboard is open, or waits while another process has the store."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import Final

from config.alerts import DetectionSettings
from config.settings import IngestSettings
from ingest.child import command_of, environment
from ingest.exit_codes import EXIT_LEASE_HELD, EXIT_OK
from store.claim import service_claims
from store.lease import lease_is_held
from store.pricing.choosing import PUBLIC_ONLY, as_text, default_pricer
from store.pricing.pricer import Pricer

_PROBE_EVERY_S: Final = 1.0
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 30.0
"""A store that cannot be used needs a person; until then a try now and then is enough."""
_STOP_PATIENCE_S: Final = 5.0
_WAIT_SLICE_S: Final = 0.2
_ERROR_LIMIT: Final = 2_000


class ScannerSupervisor:
    """Starts a scanner process for a store and starts it again where it died.

    Where another process scans the store, it waits, and takes over within five seconds of that one's end.
    """

    def __init__(
        self,
        store_path: Path,
        settings: IngestSettings,
        pricer: Pricer | None = None,
        detection: DetectionSettings | None = None,
    ) -> None:
        """Prepare; `start` begins. `pricer` says what tokens cost; None: the public prices.

        `detection`: which rules look at what is read, and who is told; None: the shipped ones, and nobody.
        """
        self._path = store_path
        self._settings = settings
        self._detection = detection
        self._prices = as_text(pricer or default_pricer())
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._problem: str | None = None

    @property
    def problem(self) -> str | None:
        """What the last scanner said when it failed, in one line; None: it runs, or another one does."""
        return self._problem

    @property
    def pid(self) -> int | None:
        """Process id of this supervisor's own scanner; None where it has none at present."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def start(self) -> None:
        """Begin in a thread of its own, and return at once."""
        self._thread = threading.Thread(target=self._run, name="scanner-supervisor", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the scanner, after it has stored what it read, and wait for it for a few seconds."""
        self._stop.set()
        with self._lock:
            child = self._child
        if child is not None:
            _end(child)
        if self._thread is not None:
            self._thread.join(timeout=_STOP_PATIENCE_S)

    def _run(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._stop.is_set():
            if lease_is_held(self._path) or service_claims(self._path):
                self._problem = None
                self._stop.wait(_PROBE_EVERY_S)
                continue
            code, said = self._run_child()
            if code in (EXIT_OK, EXIT_LEASE_HELD):
                self._problem = None
                pause_s = _FIRST_PAUSE_S
            elif not self._stop.is_set():
                self._problem = said or f"the scanner ended with code {code}; it is started again"
                self._stop.wait(pause_s)
                pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            self._stop.wait(_WAIT_SLICE_S)

    def _run_child(self) -> tuple[int, str]:
        """Run one scanner to its end; return its exit code and the last line of what it said."""
        with self._lock:
            if self._stop.is_set():
                return EXIT_OK, ""
            child = self._child = start_scanner(self._path, self._settings, self._prices, self._detection)
        assert child.stderr is not None
        said = child.stderr.read()[-_ERROR_LIMIT:].decode("utf-8", "replace").strip()
        code = child.wait()
        if child.stdin is not None:
            child.stdin.close()
        child.stderr.close()
        return code, said.rpartition("\n")[2]


def start_scanner(
    store_path: Path,
    settings: IngestSettings,
    prices: str = PUBLIC_ONLY,
    detection: DetectionSettings | None = None,
) -> subprocess.Popen[bytes]:
    """Start a scanner process; `prices` are one's own, as text, `detection` as for `ScannerSupervisor`.

    It ends when its `stdin` is closed, thus also when this process dies.
    """
    return subprocess.Popen(
        command_of("ingest.scanner", str(store_path), settings.model_dump_json(), prices),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment((detection or DetectionSettings()).model_dump_json()),
        start_new_session=True,
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(timeout=_STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
