"""A written history has exactly the asked number of events, within the asked span, in order, the same each time."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import orjson
import pytest

from ingest.simulate.headless import PROGRESS_EVERY, Written, write_history
from ingest.simulate.rhythm import Calendar, office_weight
from ingest.simulate.spans import parse_span

if TYPE_CHECKING:
    from pathlib import Path

DAY: Final = 86_400_000_000
END: Final = 1_769_510_000_123_456


def write(out: Path, events: int, *, span_us: int = 30 * DAY, seed: int = 1) -> Written:
    return write_history(out, events=events, span_us=span_us, end_us=END, seed=seed)


def lines(written: Written) -> list[dict[str, Any]]:
    return [orjson.loads(line) for path in written.files for line in path.read_bytes().splitlines()]


def time_us(event: dict[str, Any]) -> int:
    return round(datetime.fromisoformat(event["timestamp"]).timestamp() * 1_000) * 1_000


@pytest.mark.parametrize("events", [0, 1, 7, 1_000, 20_001])
@pytest.mark.parametrize("span_us", [1_000, 1_000_000, 3_600_000_000, 30 * DAY])
def test_the_number_is_exact_and_all_lie_within_the_span(tmp_path: Path, events: int, span_us: int) -> None:
    written = write(tmp_path, events, span_us=span_us)
    read = lines(written)
    assert written.events == len(read) == events
    assert written.bytes == sum(path.stat().st_size for path in tmp_path.iterdir())
    times = [time_us(event) for event in read]
    assert all(END - span_us <= at_us < END for at_us in times)
    assert (written.oldest_us, written.newest_us) == (min(times, default=None), max(times, default=None))


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    one, two, other = (write(tmp_path / name, 3_000, seed=seed) for name, seed in (("1", 1), ("2", 1), ("3", 2)))
    assert [path.read_bytes() for path in one.files] == [path.read_bytes() for path in two.files]
    assert [path.read_bytes() for path in one.files] != [path.read_bytes() for path in other.files]


def test_a_file_holds_a_day_in_order_but_for_a_few_late_ones(tmp_path: Path) -> None:
    written = write(tmp_path, 20_000, span_us=3 * DAY)
    assert [path.name for path in written.files] == [f"events-2026-01-{day}.jsonl" for day in (24, 25, 26, 27)]
    late = 0
    for path in written.files:
        events = [orjson.loads(line) for line in path.read_bytes().splitlines()]
        assert {event["timestamp"][:10] for event in events[:1] + events[-1:]} == {path.stem[-10:]}
        late += sum(time_us(earlier) > time_us(later) for earlier, later in pairwise(events))
    assert 2 < late < 100


def test_the_whole_span_is_used(tmp_path: Path) -> None:
    written = write(tmp_path, 5_000, span_us=30 * DAY)
    assert len(written.files) == 31
    assert written.oldest_us is not None
    assert written.newest_us is not None
    assert written.oldest_us < END - 30 * DAY + DAY // 24
    assert written.newest_us > END - DAY // 24


def test_days_are_busier_than_nights_and_weekdays_than_sundays(tmp_path: Path) -> None:
    events = lines(write(tmp_path, 20_000, span_us=28 * DAY))
    hours = Counter(event["timestamp"][11:13] for event in events)
    weekdays = Counter(datetime.fromisoformat(event["timestamp"]).weekday() for event in events)
    assert hours["10"] > 5 * hours["03"]
    assert weekdays[2] > 2 * weekdays[6]


def test_progress_is_told_every_ten_thousand_and_at_the_end(tmp_path: Path) -> None:
    told: list[int] = []
    write_history(tmp_path, events=25_000, span_us=DAY, end_us=END, seed=1, on_progress=told.append)
    assert told == [PROGRESS_EVERY, 2 * PROGRESS_EVERY, 25_000]


def test_existing_files_are_never_touched(tmp_path: Path) -> None:
    there = tmp_path / "events-2026-01-26.jsonl"
    there.write_text("mine")
    with pytest.raises(FileExistsError, match=r"events-2026-01-26\.jsonl exists already"):
        write(tmp_path, 100, span_us=3 * DAY)
    assert list(tmp_path.iterdir()) == [there]
    assert there.read_text() == "mine"


@pytest.mark.parametrize(("events", "span_us"), [(-1, DAY), (5, 0), (5, -DAY), (5, 999)])
def test_senseless_numbers_are_refused(tmp_path: Path, events: int, span_us: int) -> None:
    with pytest.raises(ValueError, match="must"):
        write(tmp_path, events, span_us=span_us)


def test_office_hours_average_to_about_one() -> None:
    week = [office_weight(END + hour * DAY // 24) for hour in range(24 * 7)]
    assert 0.8 < sum(week) / len(week) < 1.2


def test_a_calendar_goes_from_start_to_just_before_the_end() -> None:
    start_us = END // DAY * DAY
    calendar = Calendar(start_us, END, 1)
    times = [calendar.time_at(step / 1_000) for step in range(1_001)]
    assert times[0] == start_us
    assert times == sorted(times)
    assert END - 10_000 < times[-1] < END


def test_spans() -> None:
    assert [parse_span(text) for text in ("90s", "15m", "1h", "1.5h", " 30d ", "2w", "0")] == [
        *(90_000_000, 900_000_000, 3_600_000_000, 5_400_000_000, 30 * DAY, 14 * DAY, 0)
    ]


@pytest.mark.parametrize("text", ["", "h", "1", "-1h", "1 h", "1y", "1h30m", "1٣h"])
def test_other_texts_are_no_spans(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90s, 15m, 1h or 30d"):
        parse_span(text)


def test_throughput_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.process_time()
    written = write(tmp_path, 30_000)
    took_s = time.process_time() - began
    with capsys.disabled():
        print(f" [headless: {written.events / took_s:,.0f} events/s, {written.bytes / written.events:.0f} B/event] ")  # noqa: T201
    assert written.events == 30_000
