"""What the benchmarks stand on measures what it says: the fixed floor, the terminal, the figures."""

from __future__ import annotations

import os
import sqlite3
import sys
from itertools import islice
from pathlib import Path

import orjson
import pytest

from ingest.scan.names import NameRules
from tests.bench.bench_life import event, wait_for_all
from tests.bench.contenders import COLUMNS, floor
from tests.bench.drops import drop
from tests.bench.figures import percentile, ratios
from tests.bench.material import one_file
from tests.bench.terminal import Silence, Terminal
from tests.bench.traffic import lines
from tests.ingest_place import Place


def test_the_floor_is_one_table_with_six_indexes(tmp_path: Path) -> None:
    seconds, count = floor(one_file(tmp_path, 500), tmp_path / "floor.db")
    connection = sqlite3.connect(tmp_path / "floor.db")
    kinds = [kind for (kind,) in connection.execute("SELECT type FROM sqlite_schema")]
    columns = [name for (name,) in connection.execute("SELECT name FROM pragma_table_info('event')")]
    stored = connection.execute("SELECT count(*), count(DISTINCT event_id), max(seq) FROM event").fetchone()
    settings = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "page_size")]
    connection.close()
    assert (count, stored) == (500, (500, 500, 500))
    assert seconds > 0
    assert sorted(kinds) == ["index"] * 6 + ["table"]
    assert sorted(columns) == sorted(COLUMNS)
    assert settings == ["wal", 8192]


def test_traffic_is_fresh_and_without_end(tmp_path: Path) -> None:
    sample = one_file(tmp_path, 50)
    told = [orjson.loads(line) for line in islice(lines(sample), 120)]
    assert len({event["request_id"] for event in told if "request_id" in event}) > len(
        {event["request_id"] for event in told[:50] if "request_id" in event}
    )
    assert [event["timestamp"] for event in told] == sorted(event["timestamp"] for event in told)


def test_dropped_files_hold_one_event_each_and_no_two_the_same(tmp_path: Path) -> None:
    drop(tmp_path, range(100))
    found = sorted(tmp_path.iterdir())
    events = {path.read_bytes() for path in found}
    assert len(found) == len(events) == 100
    assert all(orjson.loads(event)["event_type"] == "mcp.tool_call" for event in events)
    assert all(NameRules().reads(os.fsencode(path.name)) for path in found)


def on_a_terminal(code: str) -> Terminal:
    """Start Python on a terminal of 77 by 33."""
    return Terminal([sys.executable, "-c", code], columns=77, rows=33, cwd=Path("/"), env=os.environ)


def test_the_terminal_has_the_asked_size_and_takes_keys() -> None:
    with on_a_terminal("import os; print(os.get_terminal_size()); print('got', input()[::-1])") as terminal:
        shown = terminal.wait_for(b"columns=77, lines=33")
        since = terminal.position
        pressed = terminal.send(b"abc\r")
        assert shown <= pressed <= terminal.wait_for(b"got cba", since=since)


def test_a_program_that_ends_without_a_word_is_noticed() -> None:
    with on_a_terminal("print('bye')") as terminal, pytest.raises(Silence, match="bye"):
        terminal.wait_for(b"never printed")


def test_figures() -> None:
    assert percentile([float(n) for n in range(101)], 95) == 95.0
    assert percentile([3.0], 95) == 3.0
    assert ratios([2.0, 9.0], [4.0, 3.0]) == [0.5, 3.0]


def test_a_wait_for_several_things_times_each_by_itself() -> None:
    looks = iter([False, True])
    first, second = wait_for_all(lambda: next(looks), lambda: True)
    assert first >= second


def test_lines_of_the_backlog_are_events(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.write("backlog.jsonl", b"".join(map(event, range(20))))
    assert place.ingest().events == 20
