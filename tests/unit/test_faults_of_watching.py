"""What a watcher cannot tell, the folder is looked at for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import watchfiles

from ingest.scan.watch import LARGE_BATCH, Watcher

PATIENCE_S = 60.0


def until(what: Callable[[], bool], wake: threading.Event) -> None:
    """Wait for something to come true, looking whenever the watcher has news."""
    give_up = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < give_up, "it did not come true"
        wake.wait(0.05)
        wake.clear()


def test_a_name_that_is_not_utf8_has_the_folder_looked_at(tmp_path: Path) -> None:
    wake = threading.Event()
    root = os.fsencode(tmp_path)
    watcher = Watcher(root, wake)
    until(lambda: root in watcher.news().scan, wake)  # it has begun
    (tmp_path / os.fsdecode(b"\xff.jsonl")).write_bytes(b"")
    until(lambda: root in watcher.news().scan or (root + b"/\xff.jsonl") in watcher.news().paths, wake)
    watcher.let_go()
    watcher.join()


def test_more_news_than_the_systems_queue_can_hold_have_the_folder_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = {(1, str(tmp_path / f"{number}.json")) for number in range(LARGE_BATCH)}

    def watch(*_: object, stop_event: threading.Event, **__: object) -> Generator[set[tuple[int, str]]]:
        yield set()
        yield changes
        stop_event.wait()

    monkeypatch.setattr(watchfiles, "watch", watch)
    wake = threading.Event()
    watcher = Watcher(os.fsencode(tmp_path), wake)
    heard: set[bytes] = set()
    scans = 0

    def all_was_heard() -> bool:
        nonlocal scans
        news = watcher.news()
        heard.update(news.paths)
        scans += len(news.scan) if news.paths else 0
        return len(heard) == LARGE_BATCH

    until(all_was_heard, wake)
    assert scans == 1
    watcher.let_go()
    watcher.join()
