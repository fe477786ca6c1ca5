"""What is measured on: a history from the simulated platform, in one file."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Final

from ingest.simulate.headless import write_history

if TYPE_CHECKING:
    from pathlib import Path

SEED: Final = 7
SPAN_US: Final = 30 * 86_400_000_000


def one_file(folder: Path, events: int) -> Path:
    """Write a history of 30 days that ends now to one file, its days one after another; return the file."""
    days = folder / "days"
    written = write_history(days, events=events, span_us=SPAN_US, end_us=time.time_ns() // 1000, seed=SEED)
    whole = folder / "history.jsonl"
    with whole.open("wb") as out:
        for path in sorted(written.files):
            with path.open("rb") as part:
                shutil.copyfileobj(part, out)
    shutil.rmtree(days)
    return whole
