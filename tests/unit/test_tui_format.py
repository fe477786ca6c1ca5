"""How times and numbers read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.pilot.made_up_events import FROZEN_US
from tui import format as fmt

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR_US = 3600 * fmt.MICROS


@pytest.fixture
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_berlin")
def test_local_time_and_utc_differ_by_the_zone() -> None:
    assert fmt.clock(FROZEN_US, utc=True) == ("14:02:06", ".204")
    assert fmt.clock(FROZEN_US, utc=False) == ("15:02:06", ".204")
    assert fmt.zone_offset(FROZEN_US, utc=False) == "+01:00"
    assert fmt.zone_offset(FROZEN_US - 150 * 24 * HOUR_US, utc=False) == "+02:00"
    assert fmt.full_time(FROZEN_US, utc=True) == "2026-11-22 14:02:06.204"


@pytest.mark.usefixtures("_berlin")
def test_a_day_begins_at_its_own_midnight() -> None:
    assert fmt.full_time(fmt.day_start_us(FROZEN_US, utc=False), utc=True) == "2026-11-21 23:00:00.000"
    assert fmt.full_time(fmt.day_start_us(FROZEN_US, utc=True), utc=True) == "2026-11-22 00:00:00.000"


@pytest.mark.parametrize("ts_us", [-(2**62), 0, 2**62])
def test_no_time_is_too_far_to_show(ts_us: int) -> None:
    assert len(fmt.full_time(ts_us, utc=True)) == len("2026-11-22 14:02:06.204")


@pytest.mark.parametrize(
    ("micros", "shown"),
    [
        (0, ("0", "ms")),
        (400, ("<1", "ms")),
        (388_000, ("388", "ms")),
        (999_999, ("999", "ms")),
        (1_400_000, ("1.4", "s")),
        (30_000_000, ("30.0", "s")),
        (20 * 60 * fmt.MICROS, ("20", "m")),
        (48 * HOUR_US, ("48", "h")),
    ],
)
def test_durations(micros: int, shown: tuple[str, str]) -> None:
    assert fmt.duration(micros) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (9_870, "9,870"), (20_313, "20.3 k"), (999_949, "999.9 k"), (999_999, "1.0 M"), (12_400_000, "12.4 M")],
)
def test_short_counts(number: int, shown: str) -> None:
    assert fmt.short_count(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(880, "880 B"), (3_250_586, "3.1 MB"), (213_909_504, "204 MB"), (1_288_490_188, "1.2 GB")]
)
def test_sizes(number: int, shown: str) -> None:
    assert fmt.size(number) == shown


@pytest.mark.parametrize(("per_second", "shown"), [(0, "0/s"), (0.01, "<0.1/s"), (5.12, "5.1/s"), (1204.4, "1,204/s")])
def test_rates(per_second: float, shown: str) -> None:
    assert fmt.rate(per_second) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(0, 0, "0.0"), (0, 9, "0.0"), (1, 100_000, "<0.1"), (11, 1000, "1.1"), (9, 9, "100.0")]
)
def test_percent(part: int, whole: int, shown: str) -> None:
    assert fmt.percent(part, whole) == shown


def test_elapsed_grows_hours_when_it_needs_them() -> None:
    assert fmt.elapsed(134 * fmt.MICROS) == "02:14"
    assert fmt.elapsed(HOUR_US + 134 * fmt.MICROS) == "1:02:14"
    assert fmt.elapsed(-5) == "00:00"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(3, "now"), (40, "40 s ago"), (120, "2 min ago"), (3 * 3600, "3 h ago"), (12 * 86_400, "12 days ago")],
)
def test_ago(seconds: int, shown: str) -> None:
    assert fmt.ago(seconds * fmt.MICROS) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-1, "0 s"), (40, "40 s"), (700, "12 min"), (18_900, "5.2 h"), (68 * 86_400, "68 days"), (10**9, "31.7 years")],
)
def test_span(seconds: int, shown: str) -> None:
    assert fmt.span(seconds * fmt.MICROS) == shown


def test_money() -> None:
    assert fmt.money(8_100) == "$0.0081"
    assert fmt.money(301_950_000) == "$301.95"
