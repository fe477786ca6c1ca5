"""Budgets over a store: what was spent before anybody watched counts once, whoever stored it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from config.alerts import DetectionSettings
from config.budgets import Budget
from detect import observer as module
from detect.observer import Detector
from store.alerts import spending
from store.errors import StoreUnusableError
from store.events import NewEvent
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, MINUTE, SECOND, add_source, batch, line, open_store

MONTH: Final = Budget(agent="bot", per="month", tokens=100)
YEAR_US: Final = 365 * 24 * 60 * MINUTE


def used(*tokens: int, agent: str = "bot", ts_us: int = ARRIVED_US - MINUTE) -> list[NewEvent]:
    """Return responses with so many tokens each."""
    return [
        line(f"{agent} {ts_us} {n} {amount}", ts_us + n * SECOND, agent_id=agent, input_tokens=amount)
        for n, amount in enumerate(tokens)
    ]


def append(store: Store, *events: NewEvent) -> None:
    store.append([batch(add_source(store), *events)])


def watched(root: Path, *budgets: Budget, say: Callable[[str], None] | None = None) -> Store:
    """Open the store as a process does that watches these budgets."""
    store = open_store(root)
    settings = DetectionSettings(budgets=budgets, utc=True)
    said: list[str] = []
    store.observe_with(Detector(settings, clock=lambda: ARRIVED_US, say=say or said.append, ticking=lambda: 0))
    return store


def told(root: Path) -> list[tuple[str, str]]:
    """Return rule and words of all alerts about budgets."""
    with closing(sqlite3.connect(root / "events.db")) as connection:
        return connection.execute(
            "SELECT name, explanation FROM alert JOIN alert_rule USING (rule_no) WHERE name LIKE 'budget%' ORDER BY id"
        ).fetchall()


OVER: Final = "agent bot has used 111 tokens this month (2026-11); the budget is 100 tokens"


def test_what_was_spent_before_anybody_watched_counts(tmp_path: Path) -> None:
    with watched(tmp_path) as store:
        append(store, *used(50, 60, ts_us=BASE_US), *used(999, agent="other"), *used(999, ts_us=ARRIVED_US - YEAR_US))
    with watched(tmp_path, MONTH) as store:
        append(store, *used(1))
    assert told(tmp_path) == [("budget-exceeded", OVER)]


def test_what_others_stored_meanwhile_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    monkeypatch.setattr(module, "_CHUNK", 2)
    with watched(tmp_path) as store:
        append(store, *used(10, ts_us=BASE_US))
        with open_store(tmp_path) as other:
            append(other, *used(20, 20, 20, 5, ts_us=BASE_US + MINUTE))
    with watched(tmp_path, MONTH) as store:
        append(store, *used(1))
        while store.observe_now():
            pass
        assert told(tmp_path) == []
        append(store, *used(35, ts_us=ARRIVED_US - SECOND))
    assert told(tmp_path) == [("budget-exceeded", OVER)]


def test_a_restart_does_not_measure_again(tmp_path: Path) -> None:
    with watched(tmp_path, MONTH) as store:
        append(store, *used(50, ts_us=BASE_US))
    with watched(tmp_path, MONTH) as store:
        append(store, *used(60))
        append(store, *used(1, ts_us=ARRIVED_US))
    assert [one for one in told(tmp_path) if one[0] == "budget-exceeded"] == [
        ("budget-exceeded", "agent bot has used 110 tokens this month (2026-11); the budget is 100 tokens")
    ]


def test_a_store_that_cannot_be_read_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> list[int]:
        raise StoreUnusableError(tmp_path, "no")

    monkeypatch.setattr(spending, "spent", refused)
    said: list[str] = []
    with watched(tmp_path, MONTH, say=said.append) as store:
        append(store, *used(111))
    assert [rule for rule, _ in told(tmp_path)] == ["budget-exceeded"]
    assert len(said) == 1
    assert "what budgets have spent so far cannot be read" in said[0]
