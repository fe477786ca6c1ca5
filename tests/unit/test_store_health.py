"""What is known of ingest and of the store's file: by minute, by folder, by part, and no more often than it bears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlmodel import Session

from store import tables
from store.batch import Rejected
from store.errors import StoreError
from store.ids import FOLDER_BITS, MINUTE_US
from store.query.paced import Paced
from store.reader import StoreReader
from store.scope import Scope
from store.store import Store
from tests.events import batch, line

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from store.batch import SourceBatch

NOW_US: Final = 1_795_000_000_000_000 // MINUTE_US * MINUTE_US + 30_000_000


class Clock:
    """Tells the time that it is set to, UTC microseconds."""

    def __init__(self) -> None:
        """Begin in the middle of a minute."""
        self.now_us = NOW_US

    def __call__(self) -> int:
        """Return the time."""
        return self.now_us


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Generator[Store]:
    with Store.open(tmp_path / "a.db", clock=clock) as opened:
        yield opened


def named(store: Store, *names: str) -> list[int]:
    """Return the source numbers of one file in each of these folders."""
    folders = [store.sources.add_folder(f"/{name}".encode(), "folder", "watch").folder_no for name in names]
    return store.sources.add_many(
        [(no, f"/{name}/a.jsonl".encode(), bytes([no]) * 16) for no, name in zip(folders, names, strict=True)]
    )


def given(source_no: int, events: int, refused: int = 0) -> SourceBatch:
    """Return a batch of so many events and records that could not be read."""
    bad = [Rejected("not UTF-8", b"\xff", 1, number, None) for number in range(refused)]
    return batch(source_no, *(line(f"{number}") for number in range(events)), rejected=bad)


def minutes(store: Store) -> list[tuple[int, int, int, int]]:
    rows = store.connection.execute("SELECT id, events, refused FROM ingest_minute ORDER BY id").fetchall()
    return [(key >> FOLDER_BITS, key & ((1 << FOLDER_BITS) - 1), events, refused) for key, events, refused in rows]


def test_an_append_adds_to_one_row_for_each_minute_and_folder(store: Store, clock: Clock) -> None:
    first, second = named(store, "one", "two")
    store.append([given(first, 3), given(second, 1, 2)])
    store.append([given(second, 4)])
    clock.now_us += MINUTE_US
    store.append([given(first, 2, 1)])
    minute = NOW_US // MINUTE_US
    assert minutes(store) == [(minute, 1, 3, 0), (minute, 2, 5, 2), (minute + 1, 1, 2, 1)]


def test_an_append_that_fails_counts_nothing(store: Store) -> None:
    (source,) = named(store, "one")
    store.connection.execute("ALTER TABLE counter RENAME TO hidden")
    with pytest.raises(StoreError):
        store.append([given(source, 3)])
    store.connection.execute("ALTER TABLE hidden RENAME TO counter")
    store.append([given(source, 2)])
    assert sum(events for _, _, events, _ in minutes(store)) == 2


def test_minutes_two_days_old_are_dropped_now_and_then(store: Store, clock: Clock) -> None:
    (source,) = named(store, "one")
    store.append([given(source, 1)])
    clock.now_us += 47 * 60 * MINUTE_US
    store.append([given(source, 2)])
    assert len(minutes(store)) == 2
    clock.now_us += 2 * 60 * MINUTE_US
    store.append([given(source, 3)])
    assert [events for _, _, events, _ in minutes(store)] == [2, 3]


def test_a_reader_sees_the_last_hour_and_each_folders_ten_minutes(store: Store, clock: Clock) -> None:
    first, second = named(store, "one", "two")
    store.append([given(first, 3, 1)])
    clock.now_us += 55 * MINUTE_US
    store.append([given(second, 2)])
    reader = StoreReader.open(store.path, clock=clock)
    health = reader.health()
    reader.close()
    assert [(one.events, one.refused) for one in (health.last_hour[4], health.last_hour[59])] == [(3, 1), (2, 0)]
    assert sum(one.events for one in health.last_hour) == 5
    assert [source.per_minute for source in health.sources] == [(0,) * 10, (0,) * 9 + (2,)]
    assert (health.last_day.events, health.last_day.refused) == (5, 1)
    assert health.day_us == 55 * MINUTE_US + 30_000_000


def test_a_clock_that_was_set_back_leaves_nothing_behind_the_chart(store: Store, clock: Clock) -> None:
    (source,) = named(store, "one")
    store.append([given(source, 3)])
    clock.now_us -= 30 * MINUTE_US
    reader = StoreReader.open(store.path, clock=clock)
    health = reader.health()
    reader.close()
    assert sum(one.events for one in health.last_hour) == 0


def test_rows_and_events_are_told_apart(store: Store, clock: Clock) -> None:
    (source,) = named(store, "one")
    store.append([batch(source, line("an event"), line("a later part of it", counts=0))])
    reader, limited = StoreReader.open(store.path, clock=clock), StoreReader.open(store.path, Scope(("acme",)))
    whole, some = reader.health().store, limited.health().store
    reader.close()
    limited.close()
    assert (whole.events, whole.counted) == (2, 1)
    assert whole.oldest_us is not None
    assert (some.events, some.counted, some.oldest_us) == (2, None, None)


def test_what_waits_in_quarantine_is_counted_by_folder(store: Store, clock: Clock) -> None:
    first, second = named(store, "one", "two")
    store.append([given(first, 0, 2), given(second, 0, 1)])
    store.connection.execute("DELETE FROM quarantine WHERE id = 1")
    reader = StoreReader.open(store.path, clock=clock)
    health = reader.health()
    reader.close()
    assert health.quarantined == 2
    assert [source.quarantined for source in health.sources] == [1, 1]


def test_what_the_scanner_said_of_a_folder_is_passed_on(store: Store, clock: Clock) -> None:
    named(store, "one")
    with Session(store.engine) as session:
        folder = session.get_one(tables.Folder, 1)
        folder.watcher, folder.watcher_reason, folder.lag_ms, folder.pending_bytes = "polling", "no inotify", 84, 9
        session.commit()
    reader = StoreReader.open(store.path, clock=clock)
    (source,) = reader.health().sources
    reader.close()
    assert (source.watcher, source.watcher_reason, source.lag_ms, source.pending_bytes) == (
        "polling",
        "no inotify",
        84,
        9,
    )


def test_the_parts_add_up_to_the_file(store: Store) -> None:
    (source,) = named(store, "one")
    store.append([given(source, 200)])
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    reader = StoreReader.open(store.path)
    parts = reader.store_parts()
    reader.close()
    assert parts is not None
    assert min(parts.events, parts.text, parts.index, parts.rest) > 0
    assert parts.events + parts.text + parts.index + parts.rest == store.path.stat().st_size


def test_measuring_ends_with_its_reader(store: Store) -> None:
    (source,) = named(store, "one")
    for number in range(40):
        store.append([batch(source, *(line(f"{number} {low}", message="word " * 200) for low in range(200)))])
    reader = StoreReader.open(store.path)
    reader.close()
    assert reader.store_parts() is None


def test_an_answer_holds_twenty_times_as_long_as_it_took() -> None:
    time_s = 0.0
    asked = 0

    def find() -> int:
        nonlocal time_s, asked
        time_s += 0.5
        asked += 1
        return asked

    paced = Paced(find, lambda: time_s)
    assert paced.get() == 1
    time_s += 9.9
    assert paced.get() == 1
    time_s += 0.2
    assert paced.get() == 2


def test_a_cheap_answer_is_found_each_time() -> None:
    asked: list[int] = []
    paced = Paced(lambda: asked.append(1), lambda: 0.0)
    paced.get()
    paced.get()
    assert len(asked) == 2
