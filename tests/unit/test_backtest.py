"""A back-test finds what the engine finds where it sees every event; and says what it cannot know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from detect.backtest.model import BackTest, CannotBeTestedError, SoFar
from detect.backtest.running import back_test
from detect.backtest.sieve import sieve_of
from detect.backtest.words import progress, remarks, verdict
from detect.engine.engine import Engine
from detect.engine.findings import FoundIncident
from detect.rules.model import Rule, RuleSet
from store.filters.model import Filter
from store.observed import ObservedEvent
from store.reader import StoreReader
from store.replay.model import Replayed
from tests.detection import START_US, observed, rules
from tests.detection_attacks import ATTACKS, BUDGETS
from tests.detection_material import ordinary_days, shipped, stored_events
from tests.events import add_source, batch, digest_of, open_reader, open_store

KNOWN = shipped()
LOUD = [rule for rule in KNOWN.rules if rule.id not in KNOWN.quiet and rule.kind != "silence"]
DAY_US = 86_400_000_000

BY_QUERY = """
title: Failures
id: 00000000-0000-4000-8000-000000000001
name: failures
auditail: {filter: "status:failure -type:auth.*"}
---
title: Three failures
id: 00000000-0000-4000-8000-000000000002
name: three
correlation: {type: event_count, rules: [failures, denials], group-by: [agent_id], timespan: 1h, condition: {gte: 3}}
---
title: Denials
id: 00000000-0000-4000-8000-000000000003
name: denials
detection: {hit: {event_type: permission.denied}, condition: hit}
---
title: Quiet
id: 00000000-0000-4000-8000-000000000004
name: quiet
detection: {hit: {event_type: agent.message}, condition: hit}
auditail: {kind: silence, group-by: agent_id}
---
title: Anything
id: 00000000-0000-4000-8000-000000000005
name: anything
detection: {hit: {message|contains: zebra}, condition: hit}
"""
OWN = rules(BY_QUERY)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with ordinary days of the simulated platform, and every attack one after another, in that order."""
    folder = tmp_path_factory.mktemp("history")
    told: list[ObservedEvent] = list(ordinary_days(400, 4))
    for number, attack in enumerate(ATTACKS, 5):
        told += [_later(event, number * 40 * DAY_US) for event in observed(*attack.events)]
    with open_store(folder) as store:
        source = add_source(store)
        for start in range(0, len(told), 300):
            events = [_as_new(event, start + place) for place, event in enumerate(told[start : start + 300])]
            store.append([batch(source, *events)])
    return folder


def _later(event: ObservedEvent, by_us: int) -> ObservedEvent:
    return ObservedEvent(event.row_id, event.seq, event.ts_us + by_us, event.arrived_us + by_us, event.event)


def _as_new(event: ObservedEvent, number: int):  # noqa: ANN202
    new = event.event.copy()
    new.ts_us, new.digest = event.ts_us, digest_of(str(number))
    return new


@pytest.fixture(scope="module")
def reader(place: Path) -> Iterator[StoreReader]:
    with closing(open_reader(place)) as opened:
        yield opened


def found_by(reader: StoreReader, rule: Rule, known: RuleSet = KNOWN, **window: int) -> BackTest:
    """Test a rule on the whole store."""
    return back_test(known, rule, reader, lambda _: True, budgets=BUDGETS, utc=True, **window)


def clean_pass(place: Path, rule: Rule, known: RuleSet, rows: dict[str, set[int]] | None = None) -> list[FoundIncident]:
    """Return what an engine with all rules finds that sees every event of the store."""
    engine = Engine(known, clock=lambda: START_US, budgets=BUDGETS, utc=True)
    found: dict[str, FoundIncident] = {}
    events = list(stored_events(place / "events.db"))
    findings = engine.observe(events, rows)
    found = {one.id: one for one in findings.incidents if one.rule_id == rule.id}
    return sorted(found.values(), key=lambda one: (one.first_us, one.id))


@pytest.mark.parametrize("rule", LOUD, ids=lambda rule: rule.name)
def test_it_finds_what_the_engine_finds(place: Path, reader: StoreReader, rule: Rule) -> None:
    test = found_by(reader, rule)
    assert list(test.incidents) == clean_pass(place, rule, KNOWN)
    assert test.replayed.complete
    assert test.incidents


def test_most_events_need_not_be_read(reader: StoreReader) -> None:
    rule = next(rule for rule in KNOWN.rules if rule.name == "password-guessing")
    test = found_by(reader, rule)
    assert test.sieved
    assert 0 < test.replayed.replayed < test.replayed.events / 5
    assert test.users


def test_rules_by_query_are_tested_alone_and_as_part_of_others(place: Path, reader: StoreReader) -> None:
    query = "status:failure -type:auth.*"
    ids = {row.id for row in reader.newest(Filter.parsed(query), 10_000).rows}
    for name in ("failures", "three", "denials"):
        rule = next(rule for rule in OWN.rules if rule.name == name)
        rows = {OWN.rules[0].id: ids}
        alone = RuleSet(tuple(one for one in OWN.rules if name == "three" or one.id == rule.id))
        assert list(found_by(reader, rule, OWN).incidents) == clean_pass(place, rule, alone, rows)
    assert found_by(reader, OWN.rules[0], OWN).incidents


def test_a_silence_cannot_be_tested(reader: StoreReader) -> None:
    with pytest.raises(CannotBeTestedError, match="somebody listened"):
        found_by(reader, next(rule for rule in OWN.rules if rule.name == "quiet"), OWN)


def test_a_rule_without_names_reads_everything_and_says_so(reader: StoreReader) -> None:
    rule = next(rule for rule in OWN.rules if rule.name == "anything")
    test = found_by(reader, rule, OWN)
    assert not test.sieved
    assert test.replayed.replayed == test.replayed.events
    assert not test.incidents
    assert "every event had to be read" in remarks(test)[0]
    assert verdict(test).startswith("would not have fired in ")


def test_a_rule_that_no_name_in_the_store_fulfils_reads_nothing(reader: StoreReader) -> None:
    (rule,) = rules(
        "title: None\nid: 00000000-0000-4000-8000-000000000009\n"
        "detection: {hit: {event_type: no.such, message|contains: a}, condition: hit}"
    ).rules
    assert len(sieve_of([rule], reader.replay.names)) == 1
    test = found_by(reader, rule, RuleSet((rule,)))
    assert (test.replayed.replayed, test.incidents, test.sieved) == (0, (), True)


def test_only_the_time_that_is_asked_for_counts(reader: StoreReader) -> None:
    rule = next(rule for rule in KNOWN.rules if rule.name == "destructive-command")
    (incident,) = found_by(reader, rule).incidents
    assert found_by(reader, rule, since_us=incident.last_us + 1).incidents == ()
    assert found_by(reader, rule, until_us=incident.first_us).incidents == ()
    assert len(found_by(reader, rule, since_us=incident.first_us, until_us=incident.last_us + 1).incidents) == 1


def test_it_can_be_called_off(reader: StoreReader) -> None:
    told: list[SoFar] = []

    def watch(testing: SoFar) -> bool:
        told.append(testing)
        return False

    test = back_test(KNOWN, LOUD[0], reader, watch)
    assert not test.replayed.complete
    assert len(told) == 1
    assert verdict(test).startswith("called off after 0 of ")


def test_what_is_said(reader: StoreReader) -> None:
    rule = next(rule for rule in KNOWN.rules if rule.name == "runaway-loop")
    test = found_by(reader, rule)
    assert verdict(test).startswith("would have fired ")
    assert verdict(test).endswith("agent") or verdict(test).endswith("agents")
    halfway = SoFar(Replayed(5_000, 10_000, 10, 5), 1)
    assert progress(halfway) == " 50%: 5,000 of 10,000 events, would have fired once so far"
