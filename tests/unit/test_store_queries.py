"""Questions whose answers are easier to say than to work out; tests/property has the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.batch import Rejected
from store.events import ERROR, NewEvent
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.query import numbers
from store.schema import EVENT_FIELDS
from store.scope import EVERYTHING, Scope
from store.service import Tally
from store.store import Store
from tests.events import (
    ARRIVED_US,
    BASE_US,
    MINUTE,
    SAMPLE,
    SECOND,
    add_source,
    batch,
    line,
    open_reader,
    open_store,
    quarantine_entries,
    rows_of,
)

HOUR = 60 * MINUTE


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def only(field: Key, *values: str | None, negated: bool = False) -> Filter:
    return Filter.of(Clause(field, values, negated))


@pytest.mark.parametrize("few", [True, False])
def test_a_histogram_has_every_event_in_its_slice(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, few: bool
) -> None:
    """Counted event by event, or read from the minutes: slices of whole minutes are the same."""
    start = BASE_US // MINUTE * MINUTE
    statuses = ("success", "failure", "denied", None)
    events = [line(f"{k}", start + k * 17 * SECOND, status=statuses[k % 4]) for k in range(200)]
    store.append([batch(add_source(store), *events)])
    monkeypatch.setattr(numbers, "_FEW", 1_000 if few else 0)
    reader = open_reader(tmp_path)
    found = reader.histogram(Filter(), start, start + HOUR, 20)
    parts = [reader.tally(Filter(), start + k * 3 * MINUTE, start + (k + 1) * 3 * MINUTE) for k in range(20)]
    reader.close()
    assert list(found.slices) == parts
    assert [part.events for part in parts[:3]] == [11, 11, 10]
    assert sum(part.events for part in parts) == 200
    assert sum(part.errors for part in parts) == sum(part.denials for part in parts) == 50


def test_a_minute_is_spread_over_its_slices_without_loss(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = BASE_US // MINUTE * MINUTE
    store.append([batch(add_source(store), *(line(f"{k}", start + k * 100) for k in range(100)))])
    monkeypatch.setattr(numbers, "_FEW", 0)
    reader = open_reader(tmp_path)
    found = reader.histogram(Filter(), start - MINUTE, start + 2 * MINUTE, 9)
    reader.close()
    assert [part.events for part in found.slices] == [0, 0, 0, 33, 33, 34, 0, 0, 0]


def test_what_happened_before_1970_or_after_2100_is_counted_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    year_1, year_2150 = -62_135_596_800_000_000, 5_680_281_600_000_000
    times = [year_1, -1, 0, BASE_US, year_2150]
    store.append([batch(add_source(store), *(line(str(at), at, status="failure") for at in times))])
    monkeypatch.setattr(numbers, "_FEW", 0)
    reader = open_reader(tmp_path)
    for start, end, expected in ((year_1, year_2150 + 1, 5), (0, year_2150, 2), (year_1, 0, 2), (year_1, BASE_US, 3)):
        assert reader.tally(Filter(), start, end) == Tally(expected, expected, 0)
        assert sum(part.events for part in reader.histogram(Filter(), start, end, 5).slices) == expected
        window = Filter.of(since_us=start, before_us=end)
        assert len(reader.newest(window, 10).rows) == len(reader.oldest(window, 10).rows) == expected
    reader.close()


def test_a_facet_gives_the_most_frequent_first(store: Store, tmp_path: Path) -> None:
    agents = ["a", "b", "b", "c", "c", "c", None, None, None, None]
    events = [line(f"{k}", BASE_US + k, agent_id=agent, status="failure") for k, agent in enumerate(agents)]
    store.append([batch(add_source(store), *events)])
    reader = open_reader(tmp_path)
    found = reader.facet(Key.AGENT, Filter(), BASE_US, BASE_US + SECOND, 3)
    reader.close()
    assert [(one.value, one.tally) for one in found] == [
        (None, Tally(4, 4, 0)),
        ("c", Tally(3, 3, 0)),
        ("b", Tally(2, 2, 0)),
    ]


def test_the_scroll_bar_is_a_scale_of_time(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    start = BASE_US // HOUR * HOUR
    reader = open_reader(tmp_path)
    assert reader.time_at_fraction(0.5) is None
    # One event in the first hour, a hundred in the third.
    events = [line("lonely", start), *(line(f"{k}", start + 2 * HOUR + k * 36 * SECOND) for k in range(100))]
    store.append([batch(source, *events)])
    ids = [row[0] for row in rows_of(store, "id", "id")]
    shares = [reader.fraction_before(row_id) for row_id in ids]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert abs(shares[51] - 51 / 101) < 1e-9
    assert reader.time_at_fraction(0) == start
    middle = reader.time_at_fraction(51 / 101)
    assert middle is not None
    assert abs(middle - (start + 2 * HOUR + HOUR // 2)) < SECOND
    assert reader.time_at_fraction(1) == start + 3 * HOUR
    reader.close()


def test_the_scroll_bar_follows_growth(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    store.append([batch(source, line("first", tenant_id="acme"))])
    readers = [open_reader(tmp_path), open_reader(tmp_path, "acme")]
    assert all(reader.fraction_before(rows_of(store, "id")[0][0]) < 1 for reader in readers)
    before = [reader.extent().events for reader in readers]
    store.append([batch(source, line("old", BASE_US - 48 * HOUR), line("older", BASE_US - 50 * HOUR))])
    after = [reader.extent().events for reader in readers]
    newest = rows_of(store, "id", "id")[-1][0]
    shares = [reader.fraction_before(newest) for reader in readers]
    for reader in readers:
        reader.close()
    assert (before, after) == ([1, 1], [3, 1])
    assert shares[0] > 2 / 3
    assert shares[1] < 1


def test_related_events_are_counted(store: Store, tmp_path: Path) -> None:
    events = [line(f"{k}", request_id="r*1" if k % 3 else "r-1", session_id="s", counts=int(k > 0)) for k in range(7)]
    store.append([batch(add_source(store), *events)])
    reader = open_reader(tmp_path)
    assert reader.related_count(Key.REQUEST, "r*1") == 4
    assert reader.related_count(Key.REQUEST, "r-1") == 2
    assert reader.related_count(Key.SESSION, "s") == 6
    assert reader.related_count(Key.TRACE, "s") == 0
    reader.close()


def sample() -> NewEvent:
    names = ("event_type", "agent_id", "user_id", "tenant_id", "tool", "server", "status", "metadata")
    return line("x", 1_769_509_800_000_000, message=None, duration_us=234_000, **{name: SAMPLE[name] for name in names})


def test_the_sample_event_comes_out_as_it_went_in(store: Store, tmp_path: Path) -> None:
    event = sample()
    event.offset = 99
    store.append([batch(add_source(store), event, generation=1)])
    reader = open_reader(tmp_path)
    [row] = reader.newest(Filter(), 1).rows
    text = reader.canonical_json(row.id)
    assert text is not None
    found = json.loads(text)
    assert text.encode() == b"".join(reader.iter_json(Filter(), limit=None))
    [record] = reader.iter_records(Filter(), limit=None)
    reader.close()
    assert {name: found[name] for name in SAMPLE} == SAMPLE
    assert set(found) - set(SAMPLE) == {"event_id", "counts", "outcome", "seq", "source"}
    assert (found["counts"], found["outcome"], found["seq"]) == (1, 1, 1)
    source = found["source"]
    assert (source["path"], source["generation"], source["offset"], source["format"]) == (
        "/logs/a.jsonl", 1, 99, "native",
    )  # fmt: skip
    assert list(found) == [name for name in EVENT_FIELDS if name in found]
    assert json.loads(record["metadata"]) == SAMPLE["metadata"]


@pytest.mark.parametrize(
    ("ts_us", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1_769_509_800_120_000, "2026-01-27T10:30:00.120Z"),
        (1_769_509_800_000_007, "2026-01-27T10:30:00.000007Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        (2**62, "9999-12-31T23:59:59.999999Z"),
        (-(2**62), "0001-01-01T00:00:00Z"),
    ],
)
def test_any_time_has_a_text(store: Store, tmp_path: Path, ts_us: int, text: str) -> None:
    store.append([batch(add_source(store), line("x", ts_us))])
    reader = open_reader(tmp_path)
    [found] = reader.iter_json(Filter(), limit=None)
    reader.close()
    assert json.loads(found)["timestamp"] == text


def test_a_stream_that_is_left_early_holds_nothing_back(store: Store, tmp_path: Path) -> None:
    """Its connection goes back into the pool, and who takes it next sees what was written in between."""
    source = add_source(store)
    store.append([batch(source, *(line(f"{k}", BASE_US + k) for k in range(5000)))])
    reader = open_reader(tmp_path)
    for expected in range(5001, 5021):
        stream = reader.iter_json(Filter(), limit=None)
        next(stream)
        stream.close()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        store.append([batch(source, line(f"more {expected}"))])
        assert reader.extent().last_seq == expected
        assert len(reader.newest(Filter(), 6000).rows) == expected
    reader.close()


def test_where_an_event_came_from_follows_a_rename(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    store.append([batch(source, line("x"))])
    reader = open_reader(tmp_path)
    row_id = rows_of(store, "id")[0][0]
    paths: list[str] = []
    for path in (b"/logs/a.jsonl.1", b"/logs/\xff.jsonl"):
        store.sources.move(source, path, 1)
        found = reader.detail(row_id)
        assert found is not None
        paths.append(found.provenance.path)
    reader.close()
    assert paths == ["/logs/a.jsonl.1", "/logs/\\xff.jsonl"]


def test_a_limited_scope_sees_counts_of_the_machinery_only(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    refused = Rejected("not JSON", b"{secret", 7, 0, 1)
    store.append([batch(source, line("x", tenant_id="acme"), line("y", tenant_id="globex"), rejected=[refused])])
    whole, limited = open_reader(tmp_path), open_reader(tmp_path, "acme")
    assert (whole.scope, limited.scope) == (EVERYTHING, Scope(("acme",)))
    assert whole.health().quarantined == len(whole.health().sources) == len(quarantine_entries(whole)) == 1
    assert whole.quarantine_entry(1) is not None
    health = limited.health()
    assert (health.sources, health.quarantined) == ((), 1)
    assert quarantine_entries(limited) == []
    assert limited.quarantine_entry(1) is None
    whole.close()
    limited.close()


def test_quarantined_records_are_found_by_reason(store: Store, tmp_path: Path) -> None:
    source = add_source(store)
    reasons = ["not JSON: line 1", "no event type", "100% odd", "100 odd"]
    rejected = [Rejected(reason, b"x", 1, k, k + 1) for k, reason in enumerate(reasons)]
    store.append([batch(source, rejected=rejected)])
    reader = open_reader(tmp_path)
    assert [entry.reason for entry in quarantine_entries(reader, 2)] == ["100 odd", "100% odd"]
    assert [entry.reason for entry in quarantine_entries(reader, None, "100% o")] == ["100% odd"]
    assert [entry.line for entry in quarantine_entries(reader, None, "JSON")] == [1]
    assert quarantine_entries(reader, None, "json") == []
    assert reader.quarantine_entry(99) is None
    reader.close()


def test_errors_are_found_one_after_the_other(store: Store, tmp_path: Path) -> None:
    statuses = ["failure", None, "denied", "timeout", "success", "failure"]
    events = [line(f"{k}", BASE_US + k * SECOND, status=status) for k, status in enumerate(statuses)]
    store.append([batch(add_source(store), *events)])
    reader = open_reader(tmp_path)
    seen: list[int] = []
    at = 0
    while (found := reader.next_trouble(Filter(), at, ERROR, forward=True)) is not None:
        at = found
        seen.append(at)
    reader.close()
    ids = [row[0] for row in rows_of(store, "id")]
    assert seen == [ids[0], ids[3], ids[5]]


def test_more_names_than_terms_are_checked_on_the_rows(store: Store, tmp_path: Path) -> None:
    events = [line(f"{k}", BASE_US + k, agent_id=f"agent-{k:03}", host=f"h{k % 70}") for k in range(200)]
    store.append([batch(add_source(store), *events, line("none"))])
    reader = open_reader(tmp_path)
    assert len(reader.newest(only(Key.AGENT, "agent-*"), 500).rows) == 200
    assert len(reader.newest(only(Key.AGENT, "agent-*", negated=True), 500).rows) == 1
    assert len(reader.newest(only(Key.AGENT, "agent-*", None), 500).rows) == 201
    assert len(reader.newest(only(Key.HOST, *(f"h{k}" for k in range(69))), 500).rows) == 198
    reader.close()


def test_narrowing_by_a_field_again() -> None:
    a, b = Clause(Key.AGENT, ("a",)), Clause(Key.AGENT, ("b",))
    user = Clause(Key.USER, ("u",))
    assert Filter().with_clause(a).with_clause(user).with_clause(b) == Filter.of(user, b)
    without_a, without_b = Clause(Key.AGENT, ("a",), negated=True), Clause(Key.AGENT, ("b", "a"), negated=True)
    both = Filter().with_clause(without_a).with_clause(user).with_clause(without_b)
    assert both == Filter.of(user, Clause(Key.AGENT, ("a", "b"), negated=True))
    assert both.with_clause(a).operands == (*both.operands, a.expression)
    assert both.without_last() == Filter.of(user)
    assert Filter().without_last() == Filter()
    assert not Filter()
    assert all((Filter.of(since_us=0), Filter.of(before_us=0), both))


def test_health_adds_up(store: Store, tmp_path: Path) -> None:
    first, second = add_source(store), add_source(store, b"/logs/b.jsonl")
    store.append([
        batch(first, line("x"), line("y", event_id="1"), line("y", event_id="1"), redacted=2),
        batch(second, line("z"), format="claude_code"),
    ])  # fmt: skip
    store.sources.set_folder_state(1, "slow", "it is slow")
    reader = open_reader(tmp_path)
    health = reader.health()
    reader.close()
    [source] = health.sources
    assert (source.path, source.kind, source.state, source.reason) == ("/logs", "folder", "slow", "it is slow")
    assert (source.files, source.events, source.duplicates, source.redacted) == (2, 3, 1, 2)
    assert source.last_event_us == ARRIVED_US
    assert (health.store.events, health.duplicates, health.redacted) == (3, 1, 2)
    assert health.store.path == str(store.path)
    assert health.store.bytes >= 8192
