"""Watchers: each folder's own, what they do when a folder changes under them, and what cannot be watched."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import watchfiles

from ingest.scan.polled_places import why_polled
from ingest.scan.watch import WATCHING, Watcher, WatchState
from ingest.scan.watchers import Watchers
from tests.scanner_runs import until

MOUNTS: Final = """\
/dev/sda1 / ext4 rw 0 0
server:/export /net nfs4 rw 0 0
//server/share /net/deep\\040er cifs rw 0 0
me@host:/ /ssh fuse.sshfs rw 0 0
host /mnt/host 9p rw 0 0
pool /merged fuse.mergerfs rw 0 0
tmpfs /net/local tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (b"/net/logs", "nfs4"),
        (b"/net/deep er/logs", "cifs"),
        (b"/ssh/logs", "fuse.sshfs"),
        (b"/mnt/host", "9p"),
        (b"/var/logs", None),
        (b"/merged/logs", None),
        (b"/net/local/logs", None),
    ],
)
def test_file_systems_that_tell_of_no_changes_are_known(tmp_path: Path, path: bytes, kind: str | None) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    reason = why_polled(path, mounts)
    assert (reason is None) == (kind is None)
    assert kind is None or f"({kind})" in (reason or "")


def test_a_name_that_is_no_text_is_polled(tmp_path: Path) -> None:
    assert "not UTF-8" in (why_polled(os.fsencode(tmp_path) + b"/\xff") or "")


def identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return (found.st_dev, found.st_ino)


@pytest.fixture
def watchers() -> Iterator[Watchers]:
    made = Watchers(threading.Event(), lambda root: "polled here" if root.endswith(b"polled") else None)
    yield made
    made.stop()


def heard(watchers: Watchers, wanted: Path) -> bool:
    return os.fsencode(wanted) in watchers.news().paths


def test_one_polled_folder_leaves_the_others_watched(tmp_path: Path, watchers: Watchers) -> None:
    good, polled = tmp_path / "good", tmp_path / "polled"
    good.mkdir()
    polled.mkdir()
    roots = {os.fsencode(path): identity(path) for path in (good, polled)}
    assert watchers.watch(roots) == set(roots)
    assert watchers.state_of(os.fsencode(good)) == WatchState(WATCHING)
    assert watchers.state_of(os.fsencode(polled)) == WatchState("polling", "polled here")
    assert watchers.state_of(b"/elsewhere") == WatchState("off")
    assert watchers.polled == {os.fsencode(polled)}
    assert watchers.overall == WatchState("polling", "polled here")
    until(lambda: os.fsencode(good) in watchers.news().scan)  # it is established: look once more
    (good / "a.jsonl").write_bytes(b"{}")
    until(lambda: heard(watchers, good / "a.jsonl"))
    assert watchers.watch(roots) == set()


def test_a_replaced_folder_is_watched_anew(tmp_path: Path, watchers: Watchers) -> None:
    root = tmp_path / "root"
    root.mkdir()
    name = os.fsencode(root)
    watchers.watch({name: identity(root)})
    until(lambda: name in watchers.news().scan)
    old = root.rename(tmp_path / "old")
    root.mkdir()
    assert watchers.watch({name: identity(root)}) == {name}
    until(lambda: name in watchers.news().scan)
    (old / "under-the-old-name.jsonl").write_bytes(b"{}")
    (root / "a.jsonl").write_bytes(b"{}")
    news: set[bytes] = set()

    def told() -> bool:
        news.update(watchers.news().paths)
        return name + b"/a.jsonl" in news

    until(told)
    assert name + b"/under-the-old-name.jsonl" not in news
    assert watchers.watch({}) == set()
    assert watchers.overall == WatchState("off")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ('OS file watch limit reached. about ["/x"]', "sudo sysctl fs.inotify.max_user_watches=524288"),
        ("No space left on device (os error 28)", "sudo sysctl fs.inotify.max_user_watches=524288"),
        ("Too many open files (os error 24)", "sudo sysctl fs.inotify.max_user_instances=512"),
        ("something\nelse", "the watcher stopped (something else)"),
    ],
)
def test_a_watcher_that_cannot_says_why_and_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, hint: str
) -> None:
    tries: list[int] = []

    def watch(*_: Any, **__: Any) -> Iterator[set[tuple[int, str]]]:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(said)
        yield set()
        yield {(1, str(tmp_path / "a.jsonl"))}

    now = [100.0]
    wake = threading.Event()
    monkeypatch.setattr(watchfiles, "watch", watch)
    watcher = Watcher(os.fsencode(tmp_path), wake, lambda: now[0])
    watcher.join()
    assert watcher.state.name == "polling"
    assert hint in (watcher.state.reason or "")
    assert watcher.news().scan == {os.fsencode(tmp_path)}
    watcher.revive()
    assert len(tries) == 1  # its pause is not over
    for pause_s in (1.0, 2.0):
        now[0] += pause_s
        watcher.revive()
        watcher.join()
    assert len(tries) == 3
    news = watcher.news()
    assert news.paths == {os.fsencode(tmp_path / "a.jsonl")}
    assert news.scan == {os.fsencode(tmp_path)}
