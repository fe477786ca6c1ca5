"""What is asked beside sums: when names were seen, what errors say, what decided denials; and answers in parts."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from store.analytics.denials import rule_of
from store.analytics.messages import kind_of
from store.analytics.model import Dimension, Seen, Usage, UsageQuestion
from store.filters.model import Filter
from store.filters.syntax import Words
from store.reader import StoreReader
from store.searching import CountQuestion
from tests.events import BASE_US, MINUTE, SECOND, add_source, batch, line, open_reader, open_store

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from store.events import NewEvent

HOUR = 60 * MINUTE
END_US = BASE_US + 4 * HOUR


def error(message: str | None, number: int, **fields: str) -> NewEvent:
    """Return a failed call."""
    return line(
        f"{message} {number}",
        BASE_US + number * SECOND,
        message=message,
        event_type="mcp.tool_call",
        status="failure",
        **fields,
    )


def denial(number: int, metadata: dict[str, object] | None, **fields: str) -> NewEvent:
    """Return a denial."""
    at_us = BASE_US + HOUR + number * SECOND
    return line(f"denied {number}", at_us, event_type="permission.denied", metadata=metadata, **fields)


EVENTS = [
    *(error(f"post {number} not found · HTTP 404", number, agent_id="a", tool="read") for number in range(5)),
    *(error(f"no answer after {number} s", 10 + number, agent_id="b", tool="write") for number in range(3)),
    error('Permission: (odd) "quoted" -text OR AND', 20, agent_id="b"),
    error("…!", 21, agent_id="b"),
    error(None, 22, agent_id="b"),
    line("no answer after that", BASE_US + 30 * SECOND, agent_id="a"),
    *(denial(number, {"policy": "t-01"}, agent_id="a", tool="read") for number in range(3)),
    denial(3, {"decider": "user"}, agent_id="a", tool="write"),
    denial(4, None, agent_id="b"),
    line("late", BASE_US + 3 * HOUR, agent_id="a", tool="fetch", server="web", tenant_id="acme"),
    line("uncounted", BASE_US - HOUR, agent_id="a", tool="fetch", counts=0, input_tokens=5),
]


@pytest.fixture
def reader(tmp_path: Path) -> Generator[StoreReader]:
    """Give a reader on a store with these events."""
    with open_store(tmp_path) as store:
        store.append([batch(add_source(store), *EVENTS)])
        found = open_reader(tmp_path)
        yield found
        found.close()


def test_messages_that_differ_in_numbers_are_one(reader: StoreReader) -> None:
    found = reader.analytics.error_messages(Filter(), BASE_US, END_US, 10)
    assert [(one.events, one.query) for one in found] == [
        (5, 'has:error post "not found http 404"'),
        (3, 'has:error "no answer after"'),
        (1, 'has:error "permission odd quoted text or and"'),
    ]
    assert found[0].message in {f"post {number} not found · HTTP 404" for number in range(5)}


def test_a_message_s_number_is_that_of_the_list_it_opens(reader: StoreReader) -> None:
    for what in ("", "agent:b", "has:error tool:read"):
        for start_us in (BASE_US, BASE_US + 2 * SECOND):
            for one in reader.analytics.error_messages(Filter.parsed(what), start_us, END_US, 10):
                question = CountQuestion(Filter.parsed(one.query), start_us, END_US)
                assert reader.search.count(question, lambda _: True).tally.events == one.events > 0


def test_the_most_frequent_messages_are_kept(reader: StoreReader) -> None:
    assert [one.events for one in reader.analytics.error_messages(Filter(), BASE_US, END_US, 2)] == [5, 3]
    assert reader.analytics.error_messages(Filter(), END_US, END_US + HOUR, 2) == []


def test_of_many_errors_the_newest_are_counted(reader: StoreReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.analytics.messages._NEWEST", 8)
    found = reader.analytics.error_messages(Filter(), BASE_US, END_US, 10)
    since = "since:2026-11-22T14:02:09.001000Z"  # the eighth happened in the millisecond before
    assert [(one.events, one.query) for one in found] == [
        (3, f'has:error {since} "no answer after"'),
        (1, f'has:error {since} "permission odd quoted text or and"'),
        (1, f'has:error {since} post "not found http 404"'),
    ]
    for one in found:
        counted = reader.search.count(CountQuestion(Filter.parsed(one.query), BASE_US, END_US), lambda _: True)
        assert counted.tally.events == one.events


def test_errors_of_one_moment_are_counted_however_many_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.analytics.messages._NEWEST", 5)
    with open_store(tmp_path) as store:
        same = [line(f"x {number}", message=f"broken {number} times", status="failure") for number in range(9)]
        store.append([batch(add_source(store), *same)])
    with closing(open_reader(tmp_path)) as found:
        (told,) = found.analytics.error_messages(Filter(), BASE_US, END_US, 3)
    assert (told.events, told.query) == (9, "has:error broken times")


@pytest.mark.parametrize(
    ("message", "phrases"),
    [
        ("payment provider answered 502", ["payment provider answered 502"]),
        ("bad password · 203.0.113.14 · 1st try", ["bad password"]),
        ("exit code 1 · 3 tests failed", ["exit code", "tests failed"]),
        ("Timeout", ["timeout"]),
        ("boom\n  at line 3 of main", ["boom"]),
        ("E7", ["e7"]),
        ("··· ", []),
        ("a 1 b 2 c 3", ["a"]),
        ("one two 1 three four 2 five six seven 3 eight nine 4", ["one two", "three four", "five six seven"]),
    ],
)
def test_what_messages_have_in_common(message: str, phrases: list[str]) -> None:
    assert kind_of(message) == tuple(map(Words, phrases))


def test_denials_tell_what_decided_them(reader: StoreReader) -> None:
    found = reader.analytics.denial_rules(Filter(), BASE_US, END_US)
    assert [(one.agent, one.tool, one.rule, one.denials) for one in found] == [
        ("a", "read", "policy t-01", 3),
        ("b", None, None, 1),
        ("a", "write", "user", 1),
    ]
    assert len(reader.analytics.denial_rules(Filter.parsed("tool:read"), BASE_US, END_US)) == 1


@pytest.mark.parametrize(
    ("metadata", "rule"),
    [
        ({"rule": "no-deletes", "reason": "because"}, "rule no-deletes"),
        ({"policy_id": 7}, "policy 7"),
        ({"decider": "hook"}, "hook"),
        ({"reason": "locked"}, "locked"),
        ({"rule": {"deep": 1}, "policy": "", "reason": True}, None),
        ({}, None),
    ],
)
def test_what_a_denial_says(metadata: dict[str, object], rule: str | None) -> None:
    assert rule_of(metadata) == rule


def test_names_were_seen_first_and_last(reader: StoreReader) -> None:
    seen = reader.analytics.seen(Dimension.AGENT, Filter())
    assert seen["a"] == Seen(BASE_US, BASE_US + 3 * HOUR)
    assert seen["b"] == Seen(BASE_US + 10 * SECOND, BASE_US + HOUR + 4 * SECOND)
    by_tool = reader.analytics.seen(Dimension.TOOL, Filter.parsed("agent:a has:error"))
    assert by_tool["read"] == Seen(BASE_US, BASE_US + HOUR + 2 * SECOND)  # `has:error` is nothing that rollups know
    assert by_tool.keys() == {"read", "write", "fetch", None}


def test_nothing_out_of_scope_was_seen(reader: StoreReader, tmp_path: Path) -> None:
    assert None in reader.analytics.seen(Dimension.TENANT, Filter())
    limited = open_reader(tmp_path, "acme")
    assert limited.analytics.seen(Dimension.AGENT, Filter()) == {"a": Seen(BASE_US + 3 * HOUR, BASE_US + 3 * HOUR)}
    assert limited.analytics.first_uses("a", 0) == [("fetch", "web", BASE_US + 3 * HOUR)]
    assert limited.analytics.error_messages(Filter(), BASE_US, END_US, 5) == []
    assert limited.analytics.denial_rules(Filter(), BASE_US, END_US) == []
    limited.close()


def test_first_uses_are_of_tools_that_were_not_there_before(reader: StoreReader) -> None:
    assert reader.analytics.first_uses("a", BASE_US + 1) == [
        ("write", None, BASE_US + HOUR + 3 * SECOND),
        ("fetch", "web", BASE_US + 3 * HOUR),
    ]
    assert reader.analytics.first_uses("nobody", 0) == []


def long_store(folder: Path) -> int:
    """Fill a store with ten years, an event an hour or so, and return when it ends."""
    with open_store(folder) as store:
        source = add_source(store)
        events = [line(f"{number}", BASE_US - number * 17 * HOUR, agent_id="a") for number in range(5_000)]
        store.append([batch(source, *events)])
    return BASE_US + 1


def test_events_are_added_in_parts_until_somebody_has_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end_us = long_store(tmp_path)
    monkeypatch.setattr("store.analytics.telling._BETWEEN_S", 0.0)
    reader = open_reader(tmp_path)
    asked = UsageQuestion(Filter.parsed("-request:none agent:a"), (0, end_us), durations=True)
    whole: list[Usage] = []
    answer = reader.analytics.usage(asked, lambda part: whole.append(part) or True)
    assert answer.complete
    assert answer.from_events
    assert sum(row.figures.events for row in answer.rows) == 5_000
    reached = [part.reached_us for part in whole if part.reached_us is not None]
    assert len(reached) == len(whole) > 1
    assert reached == sorted(reached, reverse=True)
    assert not any(part.complete for part in whole)
    some: list[Usage] = []
    stopped = reader.analytics.usage(asked, lambda part: some.append(part) or not part.rows)
    assert not stopped.complete
    assert stopped == some[-1]
    assert stopped.reached_us is not None
    assert sum(row.figures.events for row in stopped.rows) == sum(
        BASE_US - number * 17 * HOUR >= stopped.reached_us for number in range(5_000)
    )
    reader.close()


def test_rollups_can_be_called_off_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end_us = long_store(tmp_path)
    monkeypatch.setattr("store.analytics.telling._BETWEEN_S", 0.0)
    reader = open_reader(tmp_path)
    asked = UsageQuestion(Filter(), (0, end_us), (Dimension.AGENT,))
    stopped = reader.analytics.usage(asked, lambda _: False)
    assert not stopped.complete
    assert not stopped.from_events
    assert stopped.reached_us == end_us
    assert reader.analytics.usage(asked, lambda _: True).complete
    reader.close()


def test_closing_the_reader_ends_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    end_us = long_store(tmp_path)
    monkeypatch.setattr("store.analytics.telling._BETWEEN_S", 0.0)
    reader = open_reader(tmp_path)
    begun, closed = threading.Event(), threading.Event()
    answers: list[Usage] = []

    def hold(_: Usage) -> bool:
        begun.set()
        return closed.wait(20)

    asked = UsageQuestion(Filter.parsed("-request:none"), (0, end_us))
    thread = threading.Thread(target=lambda: answers.append(reader.analytics.usage(asked, hold)))
    thread.start()
    assert begun.wait(20)
    reader.close()
    closed.set()
    thread.join(20)
    assert [answer.complete for answer in answers] == [False]
