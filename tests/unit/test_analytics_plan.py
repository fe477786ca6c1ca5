"""How windows are put together out of days, hours and odd pieces, and who knows which filter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, func, select

from store.analytics.coverage import asked_of, cubes_with, keys_of
from store.analytics.model import Dimension
from store.analytics.placing import bucket_in, place_among
from store.analytics.planning import Piece, Plan, clipped, plan
from store.filters.keys import Key
from store.filters.model import Filter
from store.rollups.durations import BUCKETS, bucket_of, value_of
from store.rollups.ids import DAY_US, HOUR_US, Cube

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from store.filters.syntax import Expression

DAY = 20_000
MINUTE_US = 60_000_000


def test_a_long_stretch_has_days_hours_beside_them_and_odd_edges() -> None:
    start, end = DAY * DAY_US - 90 * MINUTE_US, (DAY + 2) * DAY_US + 150 * MINUTE_US
    assert plan([Piece(7, start, end)]) == Plan(
        days=[Piece(7, DAY, DAY + 2)],
        hours=[Piece(7, DAY * 24 - 1, DAY * 24), Piece(7, (DAY + 2) * 24, (DAY + 2) * 24 + 2)],
        odd=[
            Piece(7, start, DAY * DAY_US - HOUR_US),
            Piece(7, (DAY + 2) * DAY_US + 2 * HOUR_US, end),
        ],
    )


def test_what_has_no_whole_hour_is_odd_altogether() -> None:
    start = DAY * DAY_US + 30 * MINUTE_US
    assert plan([Piece(0, start, start + HOUR_US)]) == Plan(odd=[Piece(0, start, start + HOUR_US)])
    assert plan([Piece(0, DAY * DAY_US, DAY * DAY_US + HOUR_US)]) == Plan(hours=[Piece(0, DAY * 24, DAY * 24 + 1)])


@pytest.mark.parametrize("outer", [(-DAY_US, 2 * DAY_US), (130 * 365 * DAY_US, 140 * 365 * DAY_US)])
def test_the_first_and_the_last_period_are_never_whole(outer: tuple[int, int]) -> None:
    planned = plan([Piece(0, *outer)])
    assert [piece.first for piece in planned.days] == [DAY_US // DAY_US if outer[0] < 0 else 130 * 365]
    last_us = 4_102_444_800_000_000
    assert all(piece.end * DAY_US <= last_us for piece in planned.days)
    assert all(piece.first > 0 and piece.end * HOUR_US <= last_us for piece in planned.hours)
    assert sum(piece.end - piece.first for piece in planned.odd) in (DAY_US + HOUR_US, outer[1] - last_us)


def test_times_of_a_filter_cut_the_stretches_and_leave_their_numbers() -> None:
    assert clipped((0, 10, 20, 30), 12, 25) == [Piece(1, 12, 20), Piece(2, 20, 25)]
    assert clipped((0, 10, 20), None, None) == [Piece(0, 0, 10), Piece(1, 10, 20)]
    assert clipped((0, 10), 10, None) == []


@pytest.mark.parametrize(
    ("query", "cubes"),
    [
        ("", [*Cube]),
        ("agent:a", [*Cube]),
        ("agent:a,b* -tenant:* user:u", [Cube.USER]),
        ("agent:a OR -agent:*", [*Cube]),
        ("-(tool:a server:b)", [Cube.TOOL]),
        ("tool:a OR server:b", [Cube.TOOL]),
        ("tool:a OR user:b", []),
        ("model:/m/", [Cube.MODEL]),
        ("type:mcp.*", [Cube.TYPE]),
        ("since:2026-01-01 type:x", [Cube.TYPE]),
        ("user:a tool:b", []),
        ("host:a", []),
        ("has:error", []),
        ("agent:a word", []),
        ("agent:a OR since:2026-01-01", []),
        ("meta.k:v", []),
    ],
)
def test_a_cube_knows_names_of_its_own(query: str, cubes: list[Cube]) -> None:
    expression: Expression | None = asked_of(Filter.parsed(query), lambda _: 0).names
    keys = frozenset[Key]() if expression is None else keys_of(expression)
    assert ([] if keys is None else cubes_with((), keys)) == cubes


def test_dimensions_need_their_cube_too() -> None:
    assert cubes_with([Dimension.TOOL], frozenset()) == [Cube.TOOL]
    assert cubes_with([Dimension.AGENT, Dimension.TENANT], frozenset({Key.MODEL})) == [Cube.MODEL]
    assert cubes_with([Dimension.USER], frozenset({Key.TOOL})) == []


def test_sql_finds_the_place_among_edges() -> None:
    edges = [10, 20, 21, 400]
    numbers = {-5: 3, 9: 3, 10: 4, 19: 4, 20: 5, 21: 6, 399: 6, 400: 7, 9_999: 7}
    assert placed(place_among("number", edges, 3), list(numbers)) == numbers
    assert placed(place_among("number", []), [5]) == {5: 0}


def test_sql_finds_the_bucket_of_a_duration() -> None:
    near = {value_of(bucket) + step for bucket in range(BUCKETS) for step in (-1, 0, 1)}
    bounds = {int(10 * 1.1**bucket) + step for bucket in range(BUCKETS) for step in (-1, 0, 1, 2)}
    asked = sorted({-1, 0, 1, 1 << 50} | near | bounds)
    assert placed(bucket_in("number"), asked) == {number: bucket_of(number) for number in asked}


def placed(place: ColumnElement[int], numbers: list[int]) -> dict[int, int]:
    """Return where an expression over the column `number` puts some numbers."""
    given = select(func.json_each(json.dumps(numbers)).table_valued("value").c.value.label("number")).subquery("t")
    with create_engine("sqlite://").connect() as connection:
        return {number: found for number, found in connection.execute(select(given.c.number, place))}  # noqa: C416
