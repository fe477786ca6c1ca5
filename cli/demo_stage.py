"""The demo: a simulated platform as a process of its own, and the dashboard on what it drops."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ingest
from cli.detecting import detection_of
from cli.narration import narrate
from cli.stage import run_dashboard
from cli.system_tools import setting_lines
from config.loading import Loaded
from config.origin import Origin
from config.paths import make_private
from config.settings import IngestSettings, Settings, UiSettings
from store.scope import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Generator

_BACKFILL: Final = "1h"
"""So much history is there at once, so that the first screen has something to show."""
_PATIENCE_S: Final = 5.0


def run_demo(*, keep: Path | None, rate: float, seed: int, ui: UiSettings) -> None:
    """Show the dashboard on a simulated platform until it is left.

    Raises:
        StoreError: the store in the folder that is kept cannot be used.
        OSError: the folder cannot be made.
    """
    with ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="auditail-demo-")))
        else:
            make_private(keep)
            folder = keep.absolute()
        events = folder / "events"
        events.mkdir(exist_ok=True)
        stack.enter_context(_platform(events, rate=rate, seed=seed))
        settings = Settings(ingest=IngestSettings(paths=(str(events),)), ui=ui)
        store = folder / "auditail.db"
        origins = defaultdict(lambda: Origin("default", "default"), {"ingest.paths": Origin("flag", "the demo")})
        loaded = Loaded(settings, store, folder / "rules", origins, None)
        run_dashboard(store, settings, EVERYTHING, setting_lines(loaded), detection=detection_of(loaded))
    if keep is not None:
        narrate(f"kept in {folder}: `auditail --store {folder / 'auditail.db'}` opens it again")


@contextmanager
def _platform(events: Path, *, rate: float, seed: int) -> Generator[None]:
    """Run the simulated platform; it ends when its standard input does, so also when this process dies."""
    package_root = str(Path(ingest.__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    arguments = ["--out", str(events), "--rate", str(rate), "--seed", str(seed), "--backfill", _BACKFILL]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "ingest.simulate", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (package_root, inherited)))},
        start_new_session=True,
    )
    try:
        yield
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
