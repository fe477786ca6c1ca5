"""Sums by hour and day: made for an older store, made anew, packed, and kept by number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from store.migrations import SCHEMA_VERSION
from store.pricing.pricer import Priced, Tokens
from store.rollups.ids import Cube, Level, hour_row_id, in_hour, row_id, summed_by_day
from store.rollups.keys import RollupKeys
from store.rollups.packed import COLUMNS, COUNTS, ONE, unpacked, unpacked_counts
from store.store import Store
from tests.events import BASE_US, MINUTE, add_source, batch, call, line, open_store, result
from tests.rollup_sums import assert_sums_are_right, kept_sums

OF_ALERTS = (
    "alert", "alert_evidence", "alert_rule", "alert_decision", "alert_decided", "rule_switch", "engine_piece",
    "notification",
)  # fmt: skip
TABLES = ("rollup", "rollup_duration", "rollup_key", "price", "price_version")


class PerToken:
    """A `Pricer` that takes 3 micro-USD for a token."""

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """Return the price."""
        del ts_us
        return Priced(3 * sum(tokens) if model else None, "test")


def fill(store: Store) -> None:
    """Append a bit of everything."""
    tokens = {"input_tokens": 70, "output_tokens": 5}
    events = [
        line("plain", BASE_US, agent_id="a"),
        line("priced", BASE_US + 50 * MINUTE, agent_id="a", model="m", **tokens),
        line("no model", BASE_US + 50 * MINUTE, agent_id="b", **tokens),
        line("stated", BASE_US - 5000 * MINUTE, agent_id="b", model="m", cost_microusd=9, **tokens),
        call(status="pending", agent_id="a", tool="t"),
        result(status="failure", agent_id="a", tool="t"),
    ]
    store.append([batch(add_source(store), *events)])


def make_older(path: Path) -> None:
    """Turn a store into one of before there were sums, and alerts."""
    connection = sqlite3.connect(path, isolation_level=None)
    for table in (*TABLES, *OF_ALERTS):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM counter WHERE name = 'observed_from'")
    connection.execute("ALTER TABLE usage_total DROP COLUMN computed_microusd")
    connection.execute("PRAGMA user_version = 5")
    connection.close()


def test_an_older_store_gets_its_sums_and_prices(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    with Store.open(path, pricer=PerToken()) as store:
        fill(store)
        before = kept_sums(store.connection)
        prices = store.connection.execute("SELECT id, total_key, status, microusd FROM price").fetchall()
    make_older(path)
    with Store.open(path, pricer=PerToken()) as store:
        assert kept_sums(store.connection) == before
        assert store.connection.execute("SELECT id, total_key, status, microusd FROM price").fetchall() == prices
        assert [status for _, _, status, _ in prices] == [2, 3]
        fill(store)
        assert_sums_are_right(store.connection)


def test_an_older_store_whose_sums_were_interrupted_gets_them_when_it_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "events.db"
    with open_store(tmp_path) as store:
        fill(store)
    make_older(path)

    def ends(*_: object) -> None:
        raise KeyboardInterrupt

    pricer = PerToken()
    monkeypatch.setattr(pricer, "price", ends)
    with pytest.raises(KeyboardInterrupt):
        Store.open(path, pricer=pricer)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION - 1,)
    assert connection.execute("SELECT count(*) FROM rollup").fetchone() == (0,)
    connection.close()
    with Store.open(path, pricer=PerToken()) as store:
        assert store.connection.execute("SELECT count(*) > 0 FROM rollup").fetchone() == (1,)


def spoil(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE rollup SET events = events + 1, input_tokens = 7")
    connection.execute("DELETE FROM rollup_duration")
    connection.execute("INSERT INTO rollup_duration VALUES (5, 5)")
    connection.execute("UPDATE rollup_key SET first_us = 0, last_us = NULL")


def lose_all(connection: sqlite3.Connection) -> None:
    for table in ("rollup", "rollup_duration", "rollup_key"):
        connection.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("damage", [spoil, lose_all])
def test_sums_are_made_anew(tmp_path: Path, damage: Callable[[sqlite3.Connection], None]) -> None:
    with open_store(tmp_path) as store:
        fill(store)
        before = kept_sums(store.connection)
        damage(store.connection)
        told: list[tuple[int, int]] = []
        store.rebuild_rollups(lambda done, total: told.append((done, total)))
        assert kept_sums(store.connection) == before
        assert told == [(6, 6)]
        fill(store)
        assert_sums_are_right(store.connection)


def test_a_rebuild_that_is_called_off_changes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store)
        spoil(store.connection)
        before = store.connection.execute("SELECT * FROM rollup").fetchall()

        def stop(done: int, total: int) -> None:
            assert done == total
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.rebuild_rollups(stop)
        assert store.connection.execute("SELECT * FROM rollup").fetchall() == before
        assert not store.connection.in_transaction


def test_combinations_keep_their_numbers(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        fill(store)
        names = "id, cube, tenant_no, agent_no, user_no, tool_no, server_no, model_no, type_no"
        before = store.connection.execute(f"SELECT {names} FROM rollup_key").fetchall()
        store.rebuild_rollups(lambda _done, _total: None)
        assert store.connection.execute(f"SELECT {names} FROM rollup_key").fetchall() == before


def test_only_so_many_combinations_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.rollups.keys._CACHED", 3)
    monkeypatch.setattr("store.rollups.tallies._COMBINATIONS", 3)
    with open_store(tmp_path) as store:
        source = add_source(store)
        for part in range(3):
            events = [line(f"{number}", BASE_US + part, agent_id=f"a{number}") for number in range(9)]
            store.append([batch(source, *events)])
        assert_sums_are_right(store.connection)
        (keys,) = store.connection.execute("SELECT count(*) FROM rollup_key").fetchone()
        assert keys == 9 * len(Cube)
        found = RollupKeys(store.connection)
        for number in range(9):
            found.number_of(Cube.USER, (0, number, 0, 0, 0, 0, 0))
        assert len(found._numbers) <= 3  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    "values", [(0,) * 16, tuple(range(16)), (*range(12), -4, *range(3)), (2**61,) * 16, (-1,) * 16]
)
def test_sums_that_are_packed_come_out_again(values: tuple[int, ...]) -> None:
    packed = sum(ONE[name] * value for name, value in zip(COLUMNS, values, strict=True))
    assert unpacked(packed) == values
    assert unpacked(packed + packed)[:1] == (2 * values[0],)
    counts_only = not any(values[len(COUNTS) :])
    if values[0] >= 0:
        assert unpacked_counts(packed) == (values[: len(COUNTS)] if counts_only else None)


def test_days_are_made_of_their_hours() -> None:
    hours = {in_hour(hour_row_id(Cube.TOOL, 5), hour): 1 for hour in (47, 48, 71, 72)}
    hours |= {in_hour(hour_row_id(Cube.USER, 5), 50) | 7: 10, row_id(Level.HOUR, Cube.TOOL, 49, 6): 100}
    assert summed_by_day(hours) == {
        row_id(Level.DAY, Cube.TOOL, 1, 5): 1,
        row_id(Level.DAY, Cube.TOOL, 2, 5): 2,
        row_id(Level.DAY, Cube.TOOL, 3, 5): 1,
        row_id(Level.DAY, Cube.USER, 2, 5, 7): 10,
        row_id(Level.DAY, Cube.TOOL, 2, 6): 100,
    }
