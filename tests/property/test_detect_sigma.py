"""Our engine and pySigma's SQLite backend agree on what both understand: random rules on random events."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any, Final

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from store.filters.patterns import found_in
from store.observed import ObservedEvent
from tests.detection import START_US, Alerts, engine_of, new_event, rules, seen

sigma_collection = pytest.importorskip("sigma.collection")
sigma_sqlite = pytest.importorskip("sigma.backends.sqlite")

TEXTS: Final = ("event_type", "user_id", "host", "tool", "tenant_id", "resource_tenant_id", "message", "metadata.ip")
NUMBERS: Final = ("duration_ms", "input_tokens")
COLUMNS: Final = (*TEXTS, *NUMBERS)
WORDS: Final = ("auth.failed", "auth.login", "a*b", "A_b", "a%b", "ab", "Abc", "q?", "c:\\d", "")
NAMES: Final = ("acme", "globex")
ADDRESSES: Final = ("10.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.5.5")
BASE: Final = "00000000-0000-4000-8000-0000000000"

words = st.sampled_from(WORDS)
VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "event_type": st.sampled_from(WORDS[:2]),
    "tenant_id": st.none() | st.sampled_from(NAMES),
    "resource_tenant_id": st.none() | st.sampled_from(NAMES),
    "metadata.ip": st.none() | st.sampled_from(ADDRESSES),
    **{name: st.none() | st.integers(0, 4) for name in NUMBERS},
    **{name: st.none() | words for name in ("user_id", "host", "tool", "message")},
}
EVENTS: Final = st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=20)

PATTERN_WORDS: Final = st.sampled_from(
    ["auth.*", "*b", "a?b", "a\\*b", "A*", "ab", "ABC", "q\\?", "c:\\d", "*_*", "a%b", "*"]
)
PIECES: Final = st.sampled_from(["a", "B", "h.f", "_", "%", ":\\", "\\*", "?"])


def text_tests() -> st.SearchStrategy[tuple[str, Any]]:
    """Return tests of texts: (field with modifiers, value)."""
    fields = st.sampled_from(TEXTS[:-1])
    plain = st.tuples(fields.map(lambda name: name), PATTERN_WORDS | st.lists(PATTERN_WORDS, min_size=1, max_size=3))
    ways = st.sampled_from(["contains", "startswith", "endswith", "contains|all", "contains|cased", "endswith|cased"])
    parts = st.tuples(fields, ways, st.lists(PIECES, min_size=1, max_size=2)).map(lambda t: (f"{t[0]}|{t[1]}", t[2]))
    regexes = st.tuples(fields.map("{}|re".format), st.sampled_from(["a.b", "^A", "b$", "[ab]+c?", "."]))
    return plain | parts | regexes


def other_tests() -> st.SearchStrategy[tuple[str, Any]]:
    """Return tests of numbers, of absence, of other fields and of addresses."""
    fields = st.sampled_from(COLUMNS)
    compare = st.sampled_from(["gt", "gte", "lt", "lte"])
    numbers = st.tuples(st.sampled_from(NUMBERS), compare, st.integers(0, 4)).map(lambda t: (f"{t[0]}|{t[1]}", t[2]))
    return (
        numbers
        | st.tuples(st.sampled_from(NUMBERS), st.integers(0, 4) | st.lists(st.integers(0, 4), min_size=1, max_size=2))
        | st.tuples(fields.map("{}|exists".format), st.booleans())
        | st.tuples(fields, st.none())
        | st.just(("tenant_id|fieldref", "resource_tenant_id"))
        | st.tuples(st.just("metadata.ip|cidr"), st.sampled_from(["10.0.0.0/8", "192.168.0.0/16", "10.1.0.0/16"]))
    )


TESTS: Final = text_tests() | other_tests()
SEARCH: Final = st.lists(TESTS, min_size=1, max_size=3, unique_by=lambda test: test[0]).map(dict) | st.lists(
    st.lists(TESTS, min_size=1, max_size=2, unique_by=lambda test: test[0]).map(dict), min_size=1, max_size=2
)
CONDITIONS: Final = st.sampled_from([
    "one", "not one", "one and two", "one or two", "one and not two", "not (one or two)", "1 of them", "all of them",
    "1 of t*", "one or two and three", "not one or not two", "not 1 of t* and one", "all of t* or one",
])  # fmt: skip


def rule_text(number: int, name: str, detection: dict[str, Any]) -> dict[str, Any]:
    """Return a rule, as both read it."""
    return {"title": name, "id": f"{BASE}{number:02}", "name": name, "logsource": {"product": "ai_agent"}} | {
        "detection": detection
    }


def regexp(pattern: str, text: str | None) -> bool:
    """Return whether a pattern is found, as SQLite asks for it."""
    return text is not None and found_in(pattern, text)


def asked_of_sigma(documents: list[dict[str, Any]], events: list[dict[str, Any]], times: list[int]) -> list[list[Any]]:
    """Return what pySigma's queries find: for each rule that gives a query, its rows."""
    backend = sigma_sqlite.sqliteBackend(
        table="event", timestamp_field="ts", timestamp_format="unix_ms", event_id_field="id", collate_nocase=True
    )
    queries = backend.convert(sigma_collection.SigmaCollection.from_yaml(yaml.safe_dump_all(documents)))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_function("regexp", 2, regexp)
        columns = ", ".join(f'"{name}" {"INTEGER" if name in NUMBERS else "TEXT"}' for name in COLUMNS)
        connection.execute(f"CREATE TABLE event (id INTEGER, ts INTEGER, {columns})")
        for number, event in enumerate(events):
            row = [number, times[number] // 1000, *(event[name] for name in COLUMNS)]
            connection.execute(f"INSERT INTO event VALUES ({', '.join('?' * len(row))})", row)
        return [connection.execute(query).fetchall() for query in queries]


def stream(events: list[dict[str, Any]], times: list[int]) -> list[ObservedEvent]:
    """Return the events as the engine sees them; a row id is a place in the list, plus one."""
    found: list[ObservedEvent] = []
    for number, event in enumerate(events):
        fields = {name: value for name, value in event.items() if value is not None and name != "metadata.ip"}
        metadata = {} if event["metadata.ip"] is None else {"ip": event["metadata.ip"]}
        found.append(seen(new_event(**fields, metadata=metadata), times[number], number + 1, row_id=number + 1))
    return found


@given(
    events=EVENTS,
    one=SEARCH,
    two=SEARCH,
    three=SEARCH,
    condition=CONDITIONS,
)
def test_the_same_events_match(events: list[dict[str, Any]], one: Any, two: Any, three: Any, condition: str) -> None:
    document = rule_text(1, "rule", {"one": one, "two": two, "three": three, "condition": condition})
    times = [START_US] * len(events)
    (rows,) = asked_of_sigma([document], events, times)
    known = rules(yaml.safe_dump(document | {"auditail": {"evidence": 500}}))
    alerts = Alerts().run(engine_of(known), stream(events, times)).incidents()
    assert sorted(row - 1 for alert in alerts for row in alert.evidence) == sorted(row[0] for row in rows)


@given(events=EVENTS, tests=st.lists(TESTS, min_size=6, max_size=12))
def test_each_test_alone_holds_for_the_same_events(events: list[dict[str, Any]], tests: list[tuple[str, Any]]) -> None:
    times = [START_US] * len(events)
    searches = [{"one": dict([test]), "condition": "one"} for test in tests]
    documents = [rule_text(number, f"rule-{number}", detection) for number, detection in enumerate(searches)]
    expected = asked_of_sigma(documents, events, times)
    known = rules(yaml.safe_dump_all([one | {"auditail": {"evidence": 500}} for one in documents]))
    alerts = Alerts().run(engine_of(known), stream(events, times)).incidents()
    for document, rows in zip(documents, expected, strict=True):
        ours = [row - 1 for alert in alerts if alert.rule_id == document["id"] for row in alert.evidence]
        assert sorted(ours) == sorted(row[0] for row in rows), document["detection"]


STEPS: Final = st.lists(
    st.tuples(
        st.integers(0, 16),
        st.sampled_from("abc"),
        st.sampled_from(["alice", "alice", "bob", None]),
        st.sampled_from("xyz"),
    ),
    min_size=8,
    max_size=24,
)
CORRELATIONS: Final = st.sampled_from([
    {"type": "event_count", "rules": ["a"], "condition": {"gte": 3}},
    {"type": "event_count", "rules": ["a", "b"], "condition": {"gt": 3}},
    {"type": "value_count", "rules": ["b"], "condition": {"gte": 2, "field": "host"}},
    {"type": "temporal", "rules": ["a", "b"]},
    {"type": "temporal", "rules": ["c", "b", "a"]},
    {"type": "temporal_ordered", "rules": ["a", "b"]},
    {"type": "temporal_ordered", "rules": ["c", "a", "b"]},
])  # fmt: skip
SPAN_S: Final = 20
STEP_S: Final = 5


@given(steps=STEPS, correlation=CORRELATIONS)
def test_the_same_correlations_hold(steps: list[tuple[int, str, str | None, str]], correlation: dict[str, Any]) -> None:
    steps = sorted(steps, key=lambda step: step[0])
    times = [START_US // 1_000_000 * 1_000_000 + after_s * STEP_S * 1_000_000 for after_s, *_ in steps]
    blank: dict[str, Any] = dict.fromkeys(COLUMNS)
    events = [blank | {"event_type": "x", "tool": tool, "user_id": user, "host": host} for _, tool, user, host in steps]
    bases = [
        rule_text(number, name, {"hit": {"tool": tools}, "condition": "hit"})
        for number, (name, tools) in enumerate({"a": ["a"], "b": ["b", "c"], "c": ["c"]}.items())
    ]
    shared: dict[str, Any] = {"title": "c", "id": f"{BASE}99"}
    shared["correlation"] = correlation | {"group-by": ["user_id"], "timespan": f"{SPAN_S}s"}
    expected = sigma_incidents(asked_of_sigma([*bases, shared], events, times)[-1])
    known = rules(yaml.safe_dump_all([*bases, shared | {"auditail": {"evidence": 500, "cool-down": f"{SPAN_S}s"}}]))
    unused = {base["id"] for base in bases} - known.quiet
    alerts = Alerts().run(engine_of(known), stream(events, times)).incidents()
    ours = [
        (dict(one.key)["user_id"], {row - 1 for row in one.evidence}) for one in alerts if one.rule_id not in unused
    ]
    ours.sort(key=lambda one: (one[0], min(one[1])))
    assert [user for user, _ in ours] == [user for user, _ in expected]
    for (_, mine), (_, theirs) in zip(ours, expected, strict=True):
        # Of an ordered row pySigma shows the earliest of each kind, we show all that are part of one.
        assert mine >= theirs if correlation["type"] == "temporal_ordered" else mine == theirs


def sigma_incidents(rows: list[Any]) -> list[tuple[str, set[int]]]:
    """Return what pySigma's alerts (one for each moment) are as incidents: user and events, by user and time."""
    found: list[tuple[str, float, set[int]]] = []
    moments = sorted((json.loads(row[1])["user_id"], row[2], json.loads(row[8])) for row in rows)
    for user, at_s, evidence in moments:
        ids = {int(one.rpartition(":")[2]) for one in evidence}
        if found and found[-1][0] == user and at_s - found[-1][1] <= SPAN_S:
            found[-1] = (user, at_s, found[-1][2] | ids)
        else:
            found.append((user, at_s, ids))
    return [(user, ids) for user, _, ids in found]
