"""What the dashboard may know about capturing, answered by the scanner's supervisor and the store's folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cli.places import require_paths
from cli.problems import UsageProblem
from store.errors import StoreError
from store.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.supervisor import ScannerSupervisor
    from store.pricing.pricer import Pricer


class ScannerCapture:
    """Folders of one store, and the process that reads them. Implements `tui.capture.Capture`."""

    def __init__(self, store: Path, supervisor: ScannerSupervisor, pricer: Pricer | None = None) -> None:
        """Answer for this store; `watch` names what is known. `pricer`: for an old store that has no prices yet."""
        self._store = store
        self._supervisor = supervisor
        self._pricer = pricer
        self._watched: list[str] = []

    def watch(self, paths: Sequence[str]) -> None:
        """Remember paths in the store, from where any scanner takes them up within two seconds.

        Raises:
            StoreError: the store cannot be used.
        """
        with Store.open(self._store, pricer=self._pricer) as store:
            for path in paths:
                real = os.path.realpath(Path(path).expanduser())
                store.sources.add_folder(os.fsencode(real), "folder" if Path(real).is_dir() else "file", "watch")
            self._watched = [os.fsdecode(one.path) for one in store.sources.folders() if one.mode == "watch"]

    def describe(self) -> str:
        """Return in a few words what is watched, or why nothing is read."""
        if self._supervisor.problem:
            return f"not reading: {self._supervisor.problem}"
        if len(self._watched) == 1:
            return _short(self._watched[0])
        return f"{len(self._watched)} folders" if self._watched else ""

    def add_folder(self, path: str) -> str | None:
        """Watch one more folder from now on; return None, or one line that says why not."""
        try:
            require_paths([str(Path(path).expanduser())])
            self.watch([path])
        except (UsageProblem, StoreError, RuntimeError) as error:
            return str(error)
        return None


def _short(path: str) -> str:
    """Return a path as it is named from here: `./events`, `~/agents/events`."""
    for base, sign in ((Path.cwd(), "."), (Path.home(), "~")):
        if Path(path).is_relative_to(base):
            return f"{sign}/{Path(path).relative_to(base)}"
    return path
