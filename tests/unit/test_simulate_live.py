"""Live dropping, driven by a clock that tests move: growing files, rotation, and renames that are never seen half."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from ingest.simulate.dropbox import DropBox, GrowingFile
from ingest.simulate.live import LiveDrop
from ingest.simulate.platform import Platform
from ingest.simulate.stage import SECOND

NOW: Final = 1_769_510_000_000_000
HOUR: Final = 3_600 * SECOND


def drop_into(folder: Path, *, rate: float = 5.0, backfill_us: int = 0, rotate_bytes: int = 4_000_000) -> LiveDrop:
    return LiveDrop(folder, seed=1, rate=rate, clock=lambda: NOW, backfill_us=backfill_us, rotate_bytes=rotate_bytes)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def events_in(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for text in contents(folder).values() for line in text.splitlines()]


def in_order(events: list[dict[str, Any]]) -> list[bytes]:
    return sorted(orjson.dumps(event, option=orjson.OPT_SORT_KEYS) for event in events)


def told_until(start_us: int, now_us: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for at_us, event in Platform(1, start_us, 5.0, anchor_us=NOW):
        if at_us > now_us:
            break
        events.append(event)
    return events


def test_nothing_is_written_before_the_first_step(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "events"
    drop_into(folder, backfill_us=HOUR).close()
    assert list(folder.iterdir()) == []


def test_a_step_writes_exactly_what_is_due(tmp_path: Path) -> None:
    drop = drop_into(tmp_path)
    assert drop.step(NOW - 1) == 0
    count = drop.step(NOW + 300 * SECOND)
    drop.close()
    assert count == drop.written > 1_000
    assert in_order(events_in(tmp_path)) == in_order(told_until(NOW, NOW + 300 * SECOND))


def test_however_time_is_cut_the_files_are_the_same(tmp_path: Path) -> None:
    once, often = drop_into(tmp_path / "once"), drop_into(tmp_path / "often")
    once.step(NOW + 60 * SECOND)
    for second in range(0, 61, 3):
        often.step(NOW + second * SECOND, at_most=7)
        often.step(NOW + second * SECOND)
    once.close()
    often.close()
    assert contents(tmp_path / "once") == contents(tmp_path / "often")


def test_history_fills_the_hour_before_and_only_growing_files(tmp_path: Path) -> None:
    drop = drop_into(tmp_path, backfill_us=HOUR)
    count = drop.step(NOW)
    assert 14_000 < count < 22_000
    assert {path.suffix for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".1"} == {".jsonl"}
    drop.step(NOW + 120 * SECOND)
    drop.close()
    assert list((tmp_path / "identity").glob("*.json"))
    assert list((tmp_path / "content").glob("*.json"))
    assert in_order(events_in(tmp_path)) == in_order(told_until(NOW - HOUR, NOW + 120 * SECOND))


def test_each_kind_of_event_has_its_place(tmp_path: Path) -> None:
    drop = drop_into(tmp_path)
    drop.step(NOW + 600 * SECOND)
    drop.close()
    for path in tmp_path.rglob("*.json"):
        event = orjson.loads(path.read_bytes())
        kind = event["event_type"].partition(".")[0]
        assert path.parent.name == {"auth": "identity", "permission": "identity", "content": "content"}[kind]
        assert path.name.startswith(event["timestamp"].replace("-", "").replace(":", ""))
    for path in tmp_path.glob("*.jsonl"):
        assert {orjson.loads(line)["host"] for line in path.read_bytes().splitlines()} == {path.stem}


def test_growing_files_rotate_and_nothing_is_lost(tmp_path: Path) -> None:
    drop = drop_into(tmp_path, rotate_bytes=50_000)
    drop.step(NOW + 600 * SECOND)
    drop.close()
    rotated = list(tmp_path.glob("*.jsonl.*"))
    assert len(rotated) > 5
    assert all(50_000 <= path.stat().st_size < 60_000 for path in rotated)
    assert all(path.stat().st_size < 50_000 for path in tmp_path.glob("*.jsonl"))
    assert in_order(events_in(tmp_path)) == in_order(told_until(NOW, NOW + 600 * SECOND))


def test_a_second_run_goes_on_in_the_same_folder(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    for line in (b"1\n", b"2\n", b"3\n", b"4\n", b"5\n"):
        growing = GrowingFile(path, 4)
        growing.add(line)
        growing.close()
    assert contents(tmp_path) == {"a.jsonl": b"5\n", "a.jsonl.1": b"1\n2\n", "a.jsonl.2": b"3\n4\n"}


def test_a_single_file_is_complete_before_it_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, Any]] = []
    rename = Path.replace

    def watched(self: Path, target: Path) -> Path:
        assert self.name == f"{target.name}.tmp"
        assert self.parent == target.parent
        assert not target.exists()
        seen.append(orjson.loads(self.read_bytes()))
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    drop = drop_into(tmp_path)
    drop.step(NOW + 60 * SECOND)
    drop.close()
    named = [orjson.loads(path.read_bytes()) for path in tmp_path.rglob("*.json")]
    assert named
    assert in_order(named) == in_order(seen)
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_reader_beside_it_never_finds_half_a_record(tmp_path: Path) -> None:
    drop = drop_into(tmp_path, rate=200.0)
    writer = threading.Thread(target=drop.step, args=(NOW + 30 * SECOND,))
    writer.start()
    looks = 0
    while writer.is_alive() or not looks:
        for path in [*tmp_path.glob("identity/*.json"), *tmp_path.glob("content/*.json")][-20:]:
            orjson.loads(path.read_bytes())
            looks += 1
    writer.join()
    drop.close()
    assert looks


def test_run_follows_the_clock_and_stops_when_told(tmp_path: Path) -> None:
    stop = threading.Event()
    looks = 0

    def clock() -> int:
        nonlocal looks
        looks += 1
        if looks > 40:
            stop.set()
        return NOW + looks * SECOND

    drop = LiveDrop(tmp_path, seed=1, rate=400.0, clock=clock)
    drop.run(stop)
    assert drop.written == len(events_in(tmp_path)) > 2_000


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        DropBox(tmp_path / "file" / "events", 1_000)


def test_a_rate_of_nothing_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        drop_into(tmp_path / "events", rate=0)
    assert not (tmp_path / "events").exists()
