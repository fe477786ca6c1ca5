"""Files that are done with: what their rows cost, what they keep, and how they become ordinary sources again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import dialect
from store.batch import Rejected
from store.filters.model import Filter
from store.settled import KEPT_US, SettledFile, Waking
from store.sources import FolderTotals
from store.store import Store
from tests.events import ARRIVED_US, add_source, batch, checkpoint, line, open_reader, open_store

MANY = 20_000
LIMIT = 64
"""Bytes that a settled row may take beside its name."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def settled(source_no: int, name: bytes = b"a.json", **fields: object) -> SettledFile:
    """Return what a document of ten bytes is when it is done with."""
    plain: dict[str, object] = {
        "directory_no": 0, "folder_no": 1, "directory": b"/logs", "lineage": b"l" * 16, "format": "native",
        "device": 1, "inode": 2, "size": 10, "changed_ns": 1_795_391_308_464_274_291, "mark": b"m" * 12, "state": None,
    }  # fmt: skip
    return SettledFile(source_no=source_no, name=name, **(plain | fields))  # pyright: ignore[reportArgumentType]


def a_read_document(store: Store, path: bytes = b"/logs/a.json", **fields: object) -> int:
    """Register a file and store an event of it, read to its end."""
    source = add_source(store, path)
    store.append([batch(source, line(path.decode()), checkpoint=checkpoint(10, line=1), **fields)])
    return source


def test_a_settled_row_takes_at_most_64_bytes_beside_its_name(tmp_path: Path, store: Store) -> None:
    folder = store.sources.add_folder(b"/logs", "folder", "watch").folder_no
    names = [b"event-22821-%09d.json" % number for number in range(MANY)]
    numbers = store.sources.add_many([(folder, b"/logs/" + name, b"l" * 16) for name in names])
    store.connection.execute("UPDATE source SET generation = 0, byte_offset = 300, size = 300, inode = source_no + 1e9")
    files = [
        settled(number, name, size=300, inode=number + 1_000_000_000, device=65024, mark=bytes(12))
        for number, name in zip(numbers, names, strict=True)
    ]
    for start in range(0, MANY, 4_000):
        assert len(store.settled.settle(files[start : start + 4_000])) == 4_000
    sizes = dialect.size_by_object(tmp_path / "events.db", lambda: False)
    if sizes is None:
        pytest.skip("this SQLite cannot tell how large a table is")
    assert sizes["settled"] / MANY - len(names[0]) <= LIMIT
    assert store.sources.known() == []


def test_what_a_settled_source_gave_is_still_counted_and_found(tmp_path: Path, store: Store) -> None:
    source = a_read_document(store)
    before = store.sources.totals(1)
    assert store.settled.settle([settled(source)])
    assert store.sources.totals(1) == before == FolderTotals(1, 1, 0, 0, 0, 0)
    assert store.sources.known() == []
    reader = open_reader(tmp_path)
    [row] = reader.newest(Filter(), 5).rows
    found = reader.detail(row.id)
    reader.close()
    assert found is not None
    assert (found.provenance.path, found.provenance.lineage) == ("/logs/a.json", (b"l" * 16).hex())


@pytest.mark.parametrize(
    "undo",
    [
        "UPDATE source SET generation = 1",
        "UPDATE source SET byte_offset = 9",
        "UPDATE source SET state = 'unreadable'",
        "UPDATE source SET gone = 1",
        "UPDATE source SET inode = 3",
    ],
)
def test_the_store_settles_only_what_it_knows_to_be_done_with(store: Store, undo: str) -> None:
    source = a_read_document(store)
    store.connection.execute(undo)
    assert store.settled.settle([settled(source)]) == []
    assert len(store.sources.known()) == 1


def test_a_source_with_records_in_the_quarantine_never_settles(store: Store) -> None:
    source = a_read_document(store, rejected=[Rejected("bad", b"x", 1, 0, None)])
    assert store.settled.settle([settled(source)]) == []
    assert store.settled.quarantined([source, source + 1]) == {source}


def test_waking_gives_a_full_row_again(store: Store) -> None:
    source = a_read_document(store)
    store.settled.settle([settled(source)])
    file = store.settled.get(source)
    assert file == settled(source, directory_no=1)
    store.settled.wake(Waking(source, b"/logs/a.json", 1, b"head", 4, b"tail", b"{}", document=True))
    [known] = store.sources.known()
    assert (known.source_no, known.path, known.lineage, known.gone) == (source, b"/logs/a.json", b"l" * 16, False)
    assert known.checkpoint == checkpoint(10, line=1, mtime_ns=0, settled=True)
    assert store.settled.get(source) is None
    assert store.sources.totals(1) == FolderTotals(1, 1, 0, 0, 0, 0)


def test_checkpoints_stay_30_days_after_the_file_went_and_names_for_ever(tmp_path: Path, store: Store) -> None:
    source, other = a_read_document(store), a_read_document(store, b"/logs/several.json")
    store.settled.settle([settled(source)])
    store.settled.mark_gone([source])
    store.sources.mark_gone([other])
    assert store.settled.forget_long_gone() == 0
    with Store.open(tmp_path / "events.db", clock=lambda: ARRIVED_US + KEPT_US + 1) as later:
        assert later.settled.forget_long_gone() == 2
        assert later.settled.forget_long_gone() == 0
        assert later.settled.get(source) is None
        assert list(later.settled.every()) == []
        assert later.sources.known() == []
    reader = open_reader(tmp_path)
    details = [reader.detail(row.id) for row in reader.newest(Filter(), 5).rows]
    reader.close()
    paths = {found.provenance.path for found in details if found is not None}
    assert paths == {"/logs/a.json", "/logs/several.json"}


def test_everything_is_on_the_disk_before_a_durable_commit_returns(store: Store) -> None:
    said: list[str] = []
    store.connection.set_trace_callback(said.append)
    store.settled.make_durable()
    store.connection.set_trace_callback(None)
    full, begin, write, commit, normal = said
    assert (full, begin, commit) == ("PRAGMA synchronous = FULL", "BEGIN IMMEDIATE", "COMMIT")
    assert write.startswith("UPDATE")
    assert normal == "PRAGMA synchronous = NORMAL"
    assert store.connection.execute("PRAGMA synchronous").fetchone() == (1,)
