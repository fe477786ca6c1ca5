"""Rules find and remember the same, whether events were looked at before they were stored, or only then."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.alerts import DetectionSettings
from config.budgets import Budget
from detect import observer as module
from detect.observer import Detector
from detect.rule_files import SHIPPED
from ingest.writer.frames import pack_batches, unpack_batches
from store.batch import SourceBatch
from store.events import NewEvent
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, SECOND, add_source, batch, line, open_store
from tests.made_up_prices import MadeUpPrices
from tests.property.examples import examples

OWN: Final = """
title: Lasted long
id: 11111111-1111-4111-8111-111111111111
name: long
detection: {one: {event_type: mcp.tool_result, duration_ms|gte: 2000}, condition: one}
---
title: Settled, or seen twice
id: 22222222-2222-4222-8222-222222222222
name: settled
detection: {one: {outcome: 1}, two: {metadata.figures|exists: true}, condition: one or two}
---
title: Observed
id: 33333333-3333-4333-8333-333333333333
name: seen
detection: {one: {metadata.duration_kind: observed}, three: {metadata.deep.a: x}, condition: one or three}
---
title: No great use
id: 44444444-4444-4444-8444-444444444444
name: small
detection: {one: {event_type: agent.response}, big: {input_tokens|gt: 3}, dear: {cost_microusd|gt: 3}, condition: one and not (big or dear)}
---
title: Priced
id: 55555555-5555-4555-8555-555555555555
name: priced
detection: {one: {computed_microusd|gt: 0}, condition: one}
---
title: Sums
id: 66666666-6666-4666-8666-666666666666
name: sums
detection: {one: {event_type: [agent.response, mcp.tool_result]}, condition: one}
auditail: {kind: baseline, measure: [input_tokens, cost_microusd, computed_microusd], group-by: agent_id, times: 2, at-least: 3, learn-hours: 1}
---
title: Alive
id: 77777777-7777-4777-8777-777777777777
name: alive
detection: {agent: {agent_id: [a, b]}, long: {duration_ms|gt: 1000}, condition: agent or long}
auditail: {kind: silence, group-by: agent_id, times: 2, learn: 2d}
---
title: Often
id: 88888888-8888-4888-8888-888888888888
name: often
correlation: {type: event_count, rules: [settled, long], group-by: agent_id, timespan: 20s, condition: {gte: 2}, generate: true}
---
title: Ids in conflict
id: 99999999-9999-4999-8999-999999999999
name: conflicts
detection: {one: {event_type: system.id_conflict}, condition: one}
"""  # noqa: E501
TABLES: Final = ("alert", "alert_evidence", "alert_rule", "engine_piece")
BUDGETS: Final = (Budget(per="day", tokens=10),)

small = st.integers(0, 8)
some = st.one_of(st.none(), small)
plain = st.fixed_dictionaries(
    {"event_type": st.sampled_from(["agent.message", "agent.response", "auth.failed", "auth.login", "api.request"])},
    optional={"input_tokens": some, "cost_microusd": some, "model": st.just("model-a"), "user_id": st.just("u")},
)
calls = st.fixed_dictionaries(
    {
        "event_type": st.sampled_from(["mcp.tool_call", "mcp.tool_result"]),
        "call_id": st.sampled_from([None, "one", "two"]),
        "status": st.sampled_from(["pending", "success", "failure", "denied"]),
    },
    optional={"input_tokens": some, "tool": st.sampled_from(["Bash", "curl"]), "duration_us": st.just(3 * SECOND)},
)
totals = st.fixed_dictionaries(
    {
        "event_type": st.sampled_from(["agent.response", "mcp.tool_call"]),
        "usage_key": st.sampled_from(["m", "n"]),
        "input_tokens": small,
    },
    optional={"model": st.just("model-a"), "cost_microusd": some, "call_id": st.just("one")},
)
named = st.fixed_dictionaries(
    {"event_type": st.sampled_from(["agent.message", "own.other"]), "event_id": st.sampled_from(["x", "y"])}
)
metadata = st.sampled_from([None, {"deep": {"a": "x"}}, {"command": "rm -rf /", "ip": "1.2.3.4"}, {"figures": 1}])
Told = tuple[dict[str, Any], int, str, Any]
"""Fields, seconds after the start, agent, metadata."""
told: st.SearchStrategy[Told] = st.tuples(
    st.one_of(plain, calls, totals, named), st.integers(0, 4000), st.sampled_from("abc"), metadata
)
batches = st.lists(
    st.lists(st.tuples(st.sampled_from(["native", "other"]), st.lists(told, max_size=8)), max_size=3), max_size=4
)


@pytest.fixture(scope="module", autouse=True)
def _these_rules_too(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Have detectors find the shipped rules and these, read once."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "own.yml").write_text(OWN)
    with patch.object(module, "rule_folders", return_value=(SHIPPED, folder)):
        yield


def event_of(number: int, one: Told) -> NewEvent:
    """Return an event; what has an id may come again with other words."""
    fields, after_s, agent, said = one
    return line(f"line {number}", BASE_US + after_s * SECOND, agent_id=agent, metadata=deepcopy(said), **fields)


def opened(folder: Path, *, budgets: bool) -> tuple[Store, int]:
    """Open a store with rules, and one source."""
    folder.mkdir()
    store = open_store(folder, MadeUpPrices())
    settings = DetectionSettings(budgets=BUDGETS if budgets else ())
    store.observe_with(Detector(settings, clock=lambda: ARRIVED_US))
    return store, add_source(store)


def all_of(store: Store) -> dict[str, list[Any]]:
    """Return alerts and pieces whole."""
    return {name: store.connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3").fetchall() for name in TABLES}


Append = Sequence[tuple[str, list[Told]]]


def made(source_no: int, append: Append, first: int) -> list[SourceBatch]:
    """Return an append's batches, made anew."""
    found: list[SourceBatch] = []
    for form, happened in append:
        events = [event_of(first + place, one) for place, one in enumerate(happened)]
        first += len(events)
        found.append(batch(source_no, *events, format=form))
    return found


@settings(max_examples=examples(25))
@given(batches, st.booleans())
def test_notes_change_nothing(appends: list[Append], budgets: bool) -> None:
    with tempfile.TemporaryDirectory() as root:
        one, one_source = opened(Path(root) / "one", budgets=budgets)
        other, other_source = opened(Path(root) / "other", budgets=budgets)
        with one, other:
            number = 0
            for append in appends:
                packed = unpack_batches(pack_batches(made(one_source, append, number), one.scout()))
                assert all(batch.notes is not None for batch in packed)
                one.append_prepared(packed)
                other.append_prepared(unpack_batches(pack_batches(made(other_source, append, number))))
                number += sum(len(happened) for _, happened in append)
                assert all_of(one) == all_of(other)
            assert one.observe_now() is False
            other.observe_now()
            assert all_of(one) == all_of(other)


def test_all_kinds_of_rows_come_about(tmp_path: Path) -> None:
    """What the test above draws from leads to alerts of all made-up rules."""
    happened: list[Told] = [
        ({"event_type": "mcp.tool_call", "call_id": "one", "status": "pending"}, 0, "a", None),
        ({"event_type": "mcp.tool_result", "call_id": "one", "status": "success"}, 5, "a", {"deep": {"a": "x"}}),
        ({"event_type": "mcp.tool_result", "call_id": "two", "status": "success"}, 6, "a", None),
        ({"event_type": "agent.response", "model": "model-a", "input_tokens": 2_000_000}, 7, "a", None),
        ({"event_type": "agent.response", "input_tokens": 1}, 8, "a", None),
        ({"event_type": "own.other", "event_id": "x"}, 9, "a", None),
        ({"event_type": "agent.message", "event_id": "x"}, 9, "a", None),
    ]
    store, source = opened(tmp_path / "one", budgets=False)
    with store:
        store.append_prepared(unpack_batches(pack_batches(made(source, [("native", happened)], 0), store.scout())))
        names = "SELECT DISTINCT name FROM alert JOIN alert_rule USING (rule_no)"
        found = {name for (name,) in store.connection.execute(names)}
        assert found >= {"long", "settled", "seen", "small", "priced", "often", "conflicts"}
