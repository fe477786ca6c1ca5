"""Rules are switched off and on: the switch and the event that says who did so are one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from store.alerts.switches import RuleSwitches, Switched
from store.errors import StoreFullError
from store.filters.model import Filter
from store.own_event import login_name
from store.store import Store
from tests.events import ARRIVED_US, open_reader, open_store

GUESSING = Switched("5a7b", "password-guessing", "Password guessing", "medium")
SPIKE = Switched("77aa", "cost-spike", "Cost spike", "medium")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def switches(store: Store) -> list[tuple[object, ...]]:
    return store.connection.execute("SELECT rule_id, disabled, at_us, who FROM rule_switch ORDER BY rule_id").fetchall()


def events(folder: Path) -> list[dict[str, object]]:
    reader = open_reader(folder)
    try:
        return [orjson.loads(one) for one in reader.iter_json(Filter.parsed("type:system.rule_*"), limit=None)]
    finally:
        reader.close()


def test_who_switches_a_rule_off_and_why_is_an_event(store: Store, tmp_path: Path) -> None:
    assert RuleSwitches(store).switch([GUESSING, SPIKE], on=False, reason=" a migration ") == (GUESSING, SPIKE)
    assert switches(store) == [("5a7b", 1, ARRIVED_US, login_name()), ("77aa", 1, ARRIVED_US, login_name())]
    first, second = events(tmp_path)
    assert (first["event_type"], first["user_id"], first["status"]) == ("system.rule_disabled", login_name(), "success")
    assert first["message"] == "rule password-guessing (Password guessing) switched off, because a migration"
    facts = {"rule": "password-guessing", "rule_id": "5a7b", "level": "medium", "reason": "a migration"}
    assert first["metadata"] == facts
    assert second["message"] == "rule cost-spike (Cost spike) switched off, because a migration"


def test_on_again_is_an_event_of_its_own(store: Store, tmp_path: Path) -> None:
    desk = RuleSwitches(store)
    desk.switch([GUESSING], on=False)
    assert desk.switch([GUESSING, SPIKE], on=True) == (GUESSING,)
    assert [row[:2] for row in switches(store)] == [("5a7b", 0)]
    assert [one["event_type"] for one in events(tmp_path)] == ["system.rule_disabled", "system.rule_enabled"]


def test_what_is_so_already_is_not_done_again(store: Store, tmp_path: Path) -> None:
    desk = RuleSwitches(store)
    assert desk.switch([GUESSING], on=True) == ()
    desk.switch([GUESSING], on=False)
    assert desk.switch([GUESSING], on=False) == ()
    assert len(events(tmp_path)) == 1


def test_both_or_neither(store: Store, tmp_path: Path) -> None:
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    long = Switched("5a7b", "n", "t" * 200_000, "medium")
    with pytest.raises(StoreFullError):
        RuleSwitches(store).switch([long], on=False)
    assert switches(store) == []
    assert events(tmp_path) == []
