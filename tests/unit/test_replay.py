"""Stored events given back in the order of their arrival, as they are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.filters.keys import Key
from store.filters.model import Filter
from store.observed import ObservedEvent
from store.pricing.pricer import Priced, Tokens
from store.reader import StoreReader
from store.replay import arrivals
from store.replay.decoding import SELECT, NamesOf, observed
from store.replay.model import Replayed, ReplayQuestion
from tests.events import BASE_US, MINUTE, add_source, batch, call, line, open_reader, open_store, result


class PerToken:
    """A `Pricer` that takes 3 micro-USD for a token."""

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """Return the price."""
        del ts_us
        return Priced(3 * sum(tokens) if model else None, "test")


@pytest.fixture
def reader(tmp_path: Path) -> Any:
    usage = {"usage_key": "message-1", "counts": 0, "model": "m", "agent_id": "a", "tenant_id": "acme"}
    with open_store(tmp_path, PerToken()) as store:
        source = add_source(store)
        late = line("late", BASE_US - 90 * MINUTE, agent_id="b", tenant_id="globex", host="h", metadata={"deep": [1]})
        store.append([batch(source, line("first", BASE_US, tenant_id="acme", status="failure"), late)])
        parts = [line(f"part {n}", BASE_US + n, input_tokens=10 * n, **usage) for n in (1, 2)]
        pair = [call(tool="t", server="s", tenant_id="acme"), result(tool="t", server="s", tenant_id="acme")]
        store.append([batch(source, *parts, *pair)])
    with closing(open_reader(tmp_path)) as opened:
        yield opened


def replayed(
    reader: StoreReader, *queries: str, since_us: int | None = None, until_us: int | None = None
) -> list[ObservedEvent]:
    """Return what a replay hands on."""
    found: list[ObservedEvent] = []
    question = ReplayQuestion(tuple(Filter.parsed(query) for query in queries), since_us, until_us)
    end = reader.replay.run(question, found.extend, lambda _: True)
    assert end == Replayed(end.events, end.events, len(found), len(found), complete=True)
    assert end.share == 1
    return found


def test_all_events_come_as_they_are_stored(reader: StoreReader) -> None:
    found = replayed(reader)
    assert [event.seq for event in found] == [1, 2, 3, 4, 5, 6]
    first, late, part, more, asked, answered = found
    assert (first.ts_us, first.event.status, first.event.message, first.trouble) == (BASE_US, "failure", "first", 1)
    assert (late.event.agent_id, late.event.tenant_id, late.event.host) == ("b", "globex", "h")
    assert late.event.metadata is None
    assert late.metadata() == {"deep": [1]}
    assert [(one.event.input_tokens, one.event.counts, one.computed_microusd) for one in (part, more)] == [
        (10, 0, 30),
        (10, 0, 30),
    ]
    assert (asked.event.tool, asked.event.server, asked.outcome) == ("t", "s", 0)
    assert (answered.event.event_type, answered.event.call_id, answered.outcome) == ("mcp.tool_result", "call-1", 1)
    assert answered.event.duration_us == 1_000_000


def test_a_plain_connection_decodes_the_same(reader: StoreReader, tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        names = NamesOf(store.connection)
        rows = store.connection.execute(f"{SELECT} ORDER BY seq").fetchall()
        assert [observed(row, names) for row in rows] == replayed(reader)


def test_what_any_filter_lets_through_comes_once(reader: StoreReader) -> None:
    assert [event.seq for event in replayed(reader, "status:failure", "type:agent.message", "tool:t")] == [
        1,
        2,
        3,
        4,
        5,
        6,
    ]
    assert [event.seq for event in replayed(reader, "agent:b")] == [2]
    assert replayed(reader, "agent:nobody") == []


@pytest.mark.parametrize("queries", [(), ("type:agent.message",)])
def test_only_events_of_the_time(reader: StoreReader, queries: tuple[str, ...]) -> None:
    assert 2 not in [event.seq for event in replayed(reader, *queries, since_us=BASE_US)]
    assert [event.seq for event in replayed(reader, *queries, until_us=BASE_US)] == [2]
    assert [event.seq for event in replayed(reader, *queries, since_us=BASE_US, until_us=BASE_US + 1)] in ([1], [1, 5])
    assert replayed(reader, *queries, since_us=BASE_US + 900 * MINUTE) == []


@pytest.mark.parametrize("queries", [(), ("type:*",)])
def test_only_events_within_the_scope(reader: StoreReader, tmp_path: Path, queries: tuple[str, ...]) -> None:
    assert len(replayed(reader, *queries)) == 6
    with closing(open_reader(tmp_path, "globex")) as limited:
        assert [event.seq for event in replayed(limited, *queries)] == [2]


def test_an_empty_store_has_nothing(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with closing(open_reader(tmp_path)) as empty:
        assert replayed(empty) == []
        assert replayed(empty, "agent:a") == []


def test_names_are_told_unless_there_are_too_many(reader: StoreReader) -> None:
    assert sorted(reader.replay.names(Key.TENANT, 2) or ()) == ["acme", "globex"]
    assert reader.replay.names(Key.TENANT, 1) is None
    assert reader.replay.names(Key.MODEL, 5) == ["m"]


@pytest.mark.parametrize("queries", [(), ("type:*",)])
def test_it_can_be_called_off(reader: StoreReader, monkeypatch: pytest.MonkeyPatch, queries: tuple[str, ...]) -> None:
    monkeypatch.setattr(arrivals, "_BATCH", 2)
    monkeypatch.setattr("store.replay.progress._BETWEEN_S", -1.0)
    found: list[ObservedEvent] = []
    question = ReplayQuestion(tuple(Filter.parsed(query) for query in queries))
    told: list[Replayed] = []

    def watch(progress: Replayed) -> bool:
        told.append(progress)
        return not found

    end = reader.replay.run(question, found.extend, watch)
    assert [event.seq for event in found] == [1, 2]
    assert not end.complete
    assert end.replayed == 2
    assert 0 < end.share < 1
    shares = [progress.share for progress in told]
    assert shares == sorted(shares)
    assert reader.replay.run(question, found.extend, lambda _: False).replayed == 0
