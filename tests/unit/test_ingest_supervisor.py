"""A supervisor whose scanner fails again and again: it says why, and tries ever more rarely."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from config.settings import IngestSettings
from ingest import supervisor as module
from ingest.exit_codes import EXIT_STORE
from ingest.supervisor import ScannerSupervisor


class _Failing:
    """A process that says something and ends at once."""

    def __init__(self) -> None:
        self.stdin = io.BytesIO()
        self.stderr = io.BytesIO(b"the first line\ncannot use the store: it is damaged\n")

    def wait(self) -> int:
        return EXIT_STORE

    def poll(self) -> int:
        return EXIT_STORE


class _Waits:
    """An event that notes for how long it was waited for, and is set after some time of that."""

    def __init__(self, end_s: float) -> None:
        self._end_s = end_s
        self.waits: list[float] = []

    def is_set(self) -> bool:
        return sum(self.waits) > self._end_s

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return self.is_set()


def test_it_does_not_start_it_in_a_tight_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[_Failing] = []

    def start(*_: object) -> _Failing:
        started.append(_Failing())
        return started[-1]

    monkeypatch.setattr(module, "start_scanner", start)
    supervisor = ScannerSupervisor(tmp_path / "store.db", IngestSettings())
    waits = _Waits(3_600.0)
    monkeypatch.setattr(supervisor, "_stop", waits)
    supervisor._run()  # pyright: ignore[reportPrivateUsage]
    assert supervisor.problem == "cannot use the store: it is damaged"
    assert sorted(set(waits.waits) - {0.2}) == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert len(started) < 130
