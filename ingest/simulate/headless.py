"""Writes a long history fast: one JSONL file a day, for trials and benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from ingest.simulate.history import history
from ingest.simulate.interleave import iso_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PROGRESS_EVERY: Final = 10_000
"""Events between two reports of progress."""

_DAY_US: Final = 86_400_000_000
_BUFFERED: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Written:
    """What was written. Times are UTC microseconds, None where there were no events; `bytes` is of all files."""

    events: int
    bytes: int
    files: tuple[Path, ...]
    oldest_us: int | None
    newest_us: int | None


def write_history(
    out: Path,
    *,
    events: int,
    span_us: int,
    end_us: int,
    seed: int,
    on_progress: Callable[[int], None] | None = None,
) -> Written:
    """Write exactly `events` events of the span before `end_us` to `out/events-YYYY-MM-DD.jsonl`, a file per UTC day.

    Within a file they stand in order of time but for a few late ones. The folder is made where it is missing; no
    existing file is touched. `on_progress` gets the number written so far, every 10,000 events and at the end.

    Raises:
        ValueError: the number or the span makes no sense.
        FileExistsError: one of the files is there already; nothing has been written then.
        OSError: the folder cannot be made or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    _refuse_overwriting(out, end_us - span_us, end_us)
    files: list[Path] = []
    size = written = 0
    oldest = newest = None
    for path, batch in _by_day(out, history(events=events, span_us=span_us, end_us=end_us, seed=seed)):
        files.append(path)
        with path.open("xb", buffering=_BUFFERED) as file:
            for at_us, event in batch:
                size += file.write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
                oldest = at_us if oldest is None else min(oldest, at_us)
                newest = at_us if newest is None else max(newest, at_us)
                written += 1
                if on_progress is not None and written % PROGRESS_EVERY == 0:
                    on_progress(written)
    if on_progress is not None and written % PROGRESS_EVERY:
        on_progress(written)
    return Written(written, size, tuple(files), oldest, newest)


def _day_file(out: Path, day: int) -> Path:
    return out / f"events-{iso_time(day * _DAY_US)[:10]}.jsonl"


def _refuse_overwriting(out: Path, start_us: int, end_us: int) -> None:
    for day in range(start_us // _DAY_US, (end_us - 1) // _DAY_US + 1):
        path = _day_file(out, day)
        if path.exists():
            raise FileExistsError(f"{path} exists already; choose another folder, or remove it first.")


def _by_day(
    out: Path, told: Iterator[tuple[int, dict[str, Any]]]
) -> Iterator[tuple[Path, Iterator[tuple[int, dict[str, Any]]]]]:
    """Yield each day's file with its events; a late event of the day before stays in the file that is open."""
    ahead = next(told, None)

    def rest_of(day: int) -> Iterator[tuple[int, dict[str, Any]]]:
        nonlocal ahead
        while ahead is not None and ahead[0] // _DAY_US <= day:
            yield ahead
            ahead = next(told, None)

    while ahead is not None:
        day = ahead[0] // _DAY_US
        yield _day_file(out, day), rest_of(day)
