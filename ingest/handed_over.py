"""Paths that are named in the store, and read by whichever scanner feeds it: what came of them is read from there."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from ingest.summary import OnProgress, Summary
from store.lease import LeaseHeldError, ScannerLease
from store.sources import Folder, FolderTotals
from store.store import Store

_WATCH_HANDED_S: Final = 0.2


def name_folder(store: Store, path: bytes, mode: Literal["watch", "once"] = "once") -> Folder:
    """Register a path under its real name: a link that is named is followed, links inside folders are not."""
    real = os.path.realpath(path)
    return store.sources.add_folder(real, "folder" if Path(os.fsdecode(real)).is_dir() else "file", mode)


def totals_at(store: Store, paths: Sequence[bytes]) -> list[FolderTotals]:
    """Return what the paths have given so far. Ask before they are named: a running scanner reads them at once."""
    known = {folder.path: folder.folder_no for folder in store.sources.folders()}
    never_named = 0
    return [store.sources.totals(known.get(os.path.realpath(path), never_named)) for path in paths]


def await_scanner(
    store: Store,
    lease: ScannerLease,
    folders: Sequence[Folder],
    before: Sequence[FolderTotals],
    *,
    started: float,
    on_progress: OnProgress | None,
) -> Summary | None:
    """Wait until the running scanner has read the folders; None: it ended before, and `lease` is held now."""
    numbers = {folder.folder_no for folder in folders}
    while any(folder.folder_no in numbers and not folder.done for folder in store.sources.folders()):
        tell(on_progress, since(store, folders, before, started))
        time.sleep(_WATCH_HANDED_S)
        with suppress(LeaseHeldError):
            lease.acquire()
            return None
    return since(store, folders, before, started)


def since(store: Store, folders: Sequence[Folder], before: Sequence[FolderTotals], started: float) -> Summary:
    """Return what the folders have given since `before` was asked for; `started` is monotonic, in seconds."""
    now = [store.sources.totals(folder.folder_no) for folder in folders]
    pairs = list(zip(now, before, strict=True))
    return Summary(
        files=sum(new.files for new in now),
        events=sum(new.events - old.events for new, old in pairs),
        duplicates=sum(new.duplicates - old.duplicates for new, old in pairs),
        quarantined=sum(new.quarantined - old.quarantined for new, old in pairs),
        redacted=sum(new.redacted - old.redacted for new, old in pairs),
        unreadable=sum(new.unreadable for new in now),
        seconds=time.monotonic() - started,
    )


def tell(on_progress: OnProgress | None, summary: Summary) -> None:
    """Tell whoever wants to know."""
    if on_progress is not None:
        on_progress(summary)
