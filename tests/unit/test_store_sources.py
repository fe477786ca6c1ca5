"""Named folders and the files found in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.batch import Rejected
from store.errors import StoreBusyError
from store.sources import FolderTotals
from store.store import Store
from tests.events import add_source, batch, checkpoint, line, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def test_a_folder_is_named_once(store: Store) -> None:
    first = store.sources.add_folder(b"/a", "file", "once")
    second = store.sources.add_folder(b"/\xff", "folder", "watch")
    store.sources.finish_folder(first.folder_no)
    assert [folder.done for folder in store.sources.folders()] == [True, False]
    again = store.sources.add_folder(b"/a", "folder", "once")
    assert (again.folder_no, again.kind, again.mode, again.done) == (first.folder_no, "folder", "once", False)
    watched = store.sources.add_folder(b"/a", "folder", "watch")
    assert store.sources.add_folder(b"/a", "folder", "once") == watched
    assert watched.mode == "watch"
    assert store.sources.folders() == [watched, second]


def test_sources_are_numbered_in_their_order_by_any_process(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as two:
        folder = one.sources.add_folder(b"/a", "folder", "watch").folder_no
        found = [(folder, f"/a/{number}".encode(), bytes([number] * 16)) for number in range(5)]
        assert one.sources.add_many(found[:2]) == [1, 2]
        assert two.sources.add_many(found[2:4]) == [3, 4]
        assert two.sources.add_many([]) == []
        assert one.sources.add_many(found[4:]) == [5]
        known = one.sources.known()
    assert [(one.source_no, one.folder_no, one.path, one.lineage) for one in known] == [
        (number, *given) for number, given in enumerate(found, 1)
    ]
    assert all(one.checkpoint is None for one in known)


def test_what_becomes_of_a_file(store: Store) -> None:
    source = add_source(store)
    store.append([batch(source, line("x"), checkpoint=checkpoint(10))])
    store.append([batch(source, line("y"), checkpoint=checkpoint(20, format=None))])
    store.sources.mark_gone([source])
    [gone] = store.sources.known()
    assert gone.gone
    store.sources.move(source, b"/logs/a.jsonl.1", gone.folder_no)
    [moved] = store.sources.known()
    assert (moved.gone, moved.path, moved.lineage) == (False, b"/logs/a.jsonl.1", gone.lineage)
    # A format that was recognised once stays known.
    assert moved.checkpoint == checkpoint(20)


def test_many_files_go_at_once(store: Store) -> None:
    folder = store.sources.add_folder(b"/a", "folder", "watch").folder_no
    numbers = store.sources.add_many([(folder, str(number).encode(), b"l" * 16) for number in range(1200)])
    store.sources.mark_gone(numbers[:1100])
    store.sources.mark_gone([])
    assert sum(source.gone for source in store.sources.known()) == 1100


def test_totals_of_a_folder(store: Store) -> None:
    first, second = add_source(store), add_source(store, b"/logs/b.jsonl")
    elsewhere = store.sources.add_folder(b"/else", "folder", "watch").folder_no
    refused = Rejected("bad", b"x", 1, 0, None)
    store.append([
        batch(first, line("x", event_id="1"), line("x", event_id="1"), rejected=[refused, refused], redacted=4),
        batch(second, line("y")),
    ])  # fmt: skip
    store.sources.set_state(second, "unreadable", "no permission: chmod it")
    assert store.sources.totals(1) == FolderTotals(
        files=2, events=2, duplicates=1, quarantined=2, redacted=4, unreadable=1
    )
    assert store.sources.totals(elsewhere) == FolderTotals(0, 0, 0, 0, 0, 0)


def test_a_locked_store_is_said_to_be(store: Store) -> None:
    store.connection.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError):
        store.sources.add_folder(b"/a", "folder", "watch")
    other.execute("ROLLBACK")
    other.close()
    assert store.sources.folders() == []
    assert store.append([batch(add_source(store), line("x"))]).events == 1
