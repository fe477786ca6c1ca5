"""However appends are divided, refused, repeated and shared between processes: alerts are those of one clean pass."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.alerts import DetectionSettings
from detect import observer as module
from detect.observer import Detector
from store.errors import StoreUnusableError
from store.events import NewEvent
from store.store import Store
from tests.alerts_kept import essence, is_looked_at
from tests.events import ARRIVED_US, BASE_US, SECOND, add_source, batch, line, open_store
from tests.property.examples import examples

RULES: Final = """
title: Failed
id: 11111111-1111-4111-8111-111111111111
name: failed
detection: {one: {event_type: own.failed}, condition: one}
---
title: Done
id: 22222222-2222-4222-8222-222222222222
name: done
detection: {one: {event_type: own.done}, condition: one}
auditail: {group-by: user_id, cool-down: 10s}
---
title: Often
id: 33333333-3333-4333-8333-333333333333
name: often
correlation: {type: event_count, rules: failed, group-by: user_id, timespan: 20s, condition: {gte: 3}}
auditail: {explanation: "{count} in {span}", cool-down: 20s}
---
title: In order
id: 44444444-4444-4444-8444-444444444444
name: ordered
correlation: {type: temporal_ordered, rules: [failed, done], group-by: user_id, timespan: 30s, generate: true}
"""
NAMES: Final = ("failed", "done", "often", "ordered")
HOW: Final = ("one", "one", "two", "other", "look", "restart", "refused")

Told = tuple[int, str, str]
"""Seconds after the start, the last word of its type, whose it is."""
told = st.tuples(st.integers(0, 200), st.sampled_from(["failed", "failed", "done", "else"]), st.sampled_from("ab"))
steps = st.lists(st.tuples(st.sampled_from(HOW), st.integers(0, 8)), max_size=20)


def event_of(number: int, one: Told) -> NewEvent:
    """Return an event; its id makes a second one a duplicate."""
    after_s, kind, user = one
    text = f"{number}: {kind} of {user}"
    return line(text, BASE_US + after_s * SECOND, event_type=f"own.{kind}", user_id=user, event_id=f"id {number}")


class Shared:
    """A store that several processes write to, two of which have rules."""

    def __init__(self, folder: Path) -> None:
        """Open it three times."""
        folder.mkdir()
        self.folder = folder
        self.stores = {name: self.opened(watches=name != "other") for name in ("one", "two", "other")}

    def opened(self, *, watches: bool) -> Store:
        """Open the store, with rules or without."""
        store = open_store(self.folder)
        if watches:
            store.observe_with(Detector(DetectionSettings(), clock=lambda: ARRIVED_US))
        return store

    def step(self, how: str, events: list[NewEvent]) -> None:
        """Do one thing; what is refused is tried again."""
        if how == "restart":
            self.stores["one"].close()
            self.stores["one"] = self.opened(watches=True)
        elif how == "look":
            self.stores["two"].observe_now()
        store = self.stores.get(how, self.stores["one"])
        part = batch(add_source(store), *events)
        if how == "refused":
            with suppress(StoreUnusableError):
                store.append([part], refuse)
        store.append([part])

    def close(self) -> None:
        """Look at everything, and close."""
        while self.stores["one"].observe_now():
            pass
        for store in self.stores.values():
            store.close()


def refuse(_connection: sqlite3.Connection) -> None:
    """Fail as a store does, when everything is written."""
    raise sqlite3.OperationalError("disk I/O error")


@pytest.fixture(scope="module", autouse=True)
def _only_these_rules(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Have detectors find these rules alone, and read them once: they are opened a hundred times."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "own.yml").write_text(RULES)
    with patch.object(module, "rule_folders", return_value=(folder,)):
        yield


@settings(max_examples=examples(30))
@given(st.lists(told, max_size=40), steps, st.randoms(use_true_random=False))
def test_alerts_are_those_of_one_clean_pass(happened: list[Told], how: list[tuple[str, int]], dice: Random) -> None:
    events = [event_of(number, one) for number, one in enumerate(happened)]
    late = sorted(range(len(events)), key=lambda _: dice.random())
    with tempfile.TemporaryDirectory() as root:
        clean, shared = (Path(root) / name for name in ("clean", "shared"))
        one = Shared(clean)
        one.step("one", sorted(events, key=lambda event: event.ts_us or 0))
        one.close()
        many = Shared(shared)
        given_so_far = 0
        for step, number in how:
            some = late[given_so_far : given_so_far + number]
            again = late[: min(2, given_so_far)]
            many.step(step, [events[place] for place in (*some, *again)])
            given_so_far += len(some)
        many.step("one", [events[place] for place in late[given_so_far:]])
        many.close()
        assert is_looked_at(shared / "events.db")
        assert essence(shared / "events.db", NAMES) == essence(clean / "events.db", NAMES)
