"""What is asked about alerts, of a real store with alerts put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from store.alerts.model import AlertCounts, AlertDetail, AlertSlice, AlertStep, Decision, Happened
from store.alerts.states import AlertState, Level, Reach, Verdict
from store.filters.model import Filter
from store.reader import StoreReader
from store.store import Store
from tests.alerts_place import GUESSING, AlertsPlace
from tests.events import ARRIVED_US, BASE_US, MINUTE, SECOND, add_source, batch, line, open_reader, open_store

DAY: Final = 24 * 60 * MINUTE
SILENT: Final = replace(GUESSING, rule_id="51", name="silence", title="Silence", level=Level.LOW)
EXFIL: Final = replace(GUESSING, rule_id="52", name="exfil", title="Exfiltration", level=Level.CRITICAL)
WHO: Final = ({"agent_id": "bot"}, {"agent_id": "bot", "user_id": "ann"}, {"agent_id": "ops", "user_id": "ann"})


@dataclass
class Scene:
    """A store with twelve events of two tenants, and what alerts are put there with."""

    store: Store
    folder: Path
    place: AlertsPlace
    rows: list[int]

    def read(self, *tenants: str) -> StoreReader:
        """Return a reader, with tenants limited to them. Who opens it closes it."""
        return open_reader(self.folder, *tenants)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with open_store(tmp_path) as store:
        source = add_source(store)
        for k in range(12):
            tenant = "acme" if k < 8 else "globex"
            event = line(f"event {k}", BASE_US + k * SECOND, tenant_id=tenant, tool=f"t{k}", **WHO[k % 3])
            store.append([batch(source, event)])
        place = AlertsPlace(store)
        yield Scene(store, tmp_path, place, place.rows())


@pytest.fixture
def reader(scene: Scene) -> Iterator[StoreReader]:
    opened = scene.read()
    yield opened
    opened.close()


def listed(reader: StoreReader, query: str = "") -> list[int]:
    """Return the numbers of the alerts that a query finds."""
    found = reader.alerts.list(Filter.parsed(query, utc=True, alerts=True), 100)
    assert found.matched == len(found.rows)
    return [row.id for row in found.rows]


def events(reader: StoreReader, query: str) -> list[int]:
    """Return which events a query finds, counted from 0."""
    return [row.seq - 1 for row in reader.newest(Filter.parsed(query, utc=True), 100).rows]


def seen(reader: StoreReader, number: int) -> AlertDetail:
    """Return an alert that is there."""
    found = reader.alerts.detail(number)
    assert found is not None
    return found


def test_a_row_says_what_is_kept(scene: Scene, reader: StoreReader) -> None:
    key = '[["user_id", "ann"], ["metadata.ip", null]]'
    scene.place.alert(scene.rows[1:8:3], key=key, explanation="so it is", historical=1, count=90)
    (row,) = reader.alerts.list(Filter(), 10).rows
    assert (row.id, row.rule_id, row.rule, row.title) == (1, "0f1c", "password-guessing", "Password guessing")
    assert (row.level, row.state, row.until_us, row.count) == (Level.HIGH, AlertState.NEW, None, 90)
    assert (row.first_us, row.last_us, row.opened_us) == (BASE_US + SECOND, BASE_US + 7 * SECOND, ARRIVED_US)
    assert (row.agent, row.user, row.tenant) == ("bot", "ann", "acme")
    assert row.key == (("user_id", "ann"), ("metadata.ip", None))
    assert (row.explanation, row.historical) == ("so it is", True)


def test_the_worst_come_first_then_the_last_seen_and_muted_ones_are_behind(scene: Scene, reader: StoreReader) -> None:
    muted = scene.place.alert(scene.rows[11:], EXFIL, state=AlertState.MUTED, until_us=ARRIVED_US + 1)
    low, early, late = (scene.place.alert([scene.rows[k]], facts) for k, facts in ((9, SILENT), (1, EXFIL), (2, EXFIL)))
    over = scene.place.alert([], GUESSING, state=AlertState.MUTED, until_us=ARRIVED_US)
    assert listed(reader) == [late, early, over, low, muted]
    assert [row.state.value for row in reader.alerts.list(Filter(), 10).rows] == ["new", "new", "open", "new", "muted"]
    short = reader.alerts.list(Filter(), 2)
    assert ([row.id for row in short.rows], short.matched) == ([late, early], 5)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state:muted", [1]),
        ("state:open", [2]),
        ("-state:muted,open", [3]),
        ("state:new", [3]),
        ("level:>=high", [2, 1]),
        ("level:low", [3]),
        ("level:informational..medium", [3]),
        ("rule:pass*", [2, 1]),
        ("rule:51,none", [3]),
        ("-rule:/^pass/", [3]),
        ("alert:1,3", [3, 1]),
        ("alert:>=2", [2, 3]),
        ("tool:t0 agent:bot", [1]),
        ("tool:t0 tool:t1", []),
        ("(tool:t0 OR tool:t9)", [3, 1]),
        ("-tool:t0", [2, 3]),
        ("tool:t1 -tool:t0", []),
        ("tool:t1 -(tool:t0 user:ann)", [1]),
        ("agent:bot", [3, 1]),
        ("agent:ops", []),
        ("agent:*", [3, 1]),
        ("-agent:*", [2]),
        ("user:ann", [1]),
        ("tenant:globex", [3]),
        ("has:alert", [3, 1]),
        ('"event 1"', [1]),
        ("event", [3, 1]),
        ("state:new event tool:t9 level:<high", [3]),
    ],
)
def test_what_a_filter_finds(scene: Scene, reader: StoreReader, query: str, expected: list[int]) -> None:
    scene.place.alert(scene.rows[:2], state=AlertState.MUTED, until_us=ARRIVED_US + 1)
    scene.place.alert([], state=AlertState.MUTED, until_us=ARRIVED_US)
    scene.place.alert(scene.rows[9:10], SILENT)
    assert listed(reader, query) == expected


def test_times_are_of_when_it_was_last_seen_and_before_is_exclusive(scene: Scene, reader: StoreReader) -> None:
    scene.place.alert(scene.rows[2:4])
    scene.place.alert(scene.rows[4:6])
    assert listed(reader, "since:2026-11-22T14:02:09Z") == [2, 1]
    assert listed(reader, "since:2026-11-22T14:02:09.000001Z") == [2]
    assert listed(reader, "before:2026-11-22T14:02:11Z") == [1]
    assert listed(reader, "since:-23h") == []
    assert listed(reader, 'since:"2026-11-22 14:02:10" before:"2026-11-22 14:02:12"') == [2]
    slices = reader.alerts.histogram(Filter(), BASE_US + 3 * SECOND, BASE_US + 5 * SECOND, 2)
    assert slices == [AlertSlice(1, 1), AlertSlice()]


def test_counts_are_of_all_states(scene: Scene, reader: StoreReader) -> None:
    assert reader.alerts.counts() == AlertCounts()
    scene.place.alert(scene.rows[:1], SILENT)
    scene.place.alert([], EXFIL, historical=1)
    scene.place.alert([], state=AlertState.MUTED, until_us=ARRIVED_US + 1, count=12)
    scene.place.alert([], state=AlertState.MUTED, until_us=ARRIVED_US, count=9)
    gone = scene.place.alert([], EXFIL)
    scene.place.merge(gone, 1)
    by_state = {AlertState.NEW: 2, AlertState.MUTED: 1, AlertState.OPEN: 1}
    assert reader.alerts.counts() == AlertCounts(by_state, 12, Level.CRITICAL, 1)


def test_detail_says_all_there_is(scene: Scene, reader: StoreReader) -> None:
    scene.place.alert(scene.rows[:3])
    found = seen(reader, 1)
    assert (found.description, found.group_by, found.shipped) == (GUESSING.description, ("user",), True)
    assert (found.hits, found.kept) == (3, 3)
    assert found.row == reader.alerts.list(Filter(), 1).rows[0]
    assert found.history == (AlertStep(ARRIVED_US, Happened.OPENED),)
    assert found.alike == ()
    assert reader.alerts.detail(2) is None


def test_between_hits_stands_what_their_agent_did_meanwhile(scene: Scene, reader: StoreReader) -> None:
    hits = [scene.rows[0], scene.rows[4]]
    scene.place.alert(hits)
    found = seen(reader, 1)
    assert [(one.event.seq - 1, one.hit) for one in found.evidence] == [(0, True), (1, False), (3, False), (4, True)]
    assert found.hits == 2
    assert [one.event.alerted for one in found.evidence] == [True, False, False, True]


def test_hits_of_several_agents_stand_alone_and_those_of_one_session_in_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        source = add_source(store)
        for k in range(9):
            agent = "bot" if k % 2 else "ops"
            session = "s" if k != 4 else None
            store.append([batch(source, line(f"{k}", BASE_US + k * SECOND, agent_id=agent, session_id=session))])
        place = AlertsPlace(store)
        rows = place.rows()
        place.alert([rows[0], rows[3], rows[8]])
        place.alert([rows[2], rows[5], rows[4]])
    reader = open_reader(tmp_path)
    shown = [[(one.event.seq - 1, one.hit) for one in seen(reader, number).evidence] for number in (1, 2)]
    reader.close()
    assert [k for k, _ in shown[0]] == [0, 1, 2, 3, 5, 7, 8]
    assert [k for k, hit in shown[0] if hit] == [0, 3, 8]
    assert shown[1] == [(2, True), (4, True), (5, True)]


def test_history_tells_what_happened_in_order(scene: Scene, reader: StoreReader) -> None:
    number = scene.place.alert(scene.rows[:2])
    scene.place.notice(number, done_us=ARRIVED_US + 1, took_ms=212)
    scene.place.notice(number, done_us=ARRIVED_US + 4, ok=0, took_ms=None, error="HTTP 500", label="pager")
    scene.place.notice(number, done_us=None)
    decision = scene.place.decide(
        Verdict.MUTE, number, at_us=ARRIVED_US + 2, until_us=ARRIVED_US + DAY, reach=Reach.RULE_AND_AGENT
    )
    scene.place.undo(decision, ARRIVED_US + 3, who="bob")
    gone = scene.place.alert()
    scene.place.merge(gone, number, ARRIVED_US + 5)
    history = seen(reader, number).history
    assert [(step.at_us - ARRIVED_US, step.what.value) for step in history] == [
        (0, "opened"), (1, "notified"), (2, "decided"), (3, "undone"), (4, "not-notified"), (5, "merged"),
    ]  # fmt: skip
    assert (history[1].target, history[1].took_ms) == ("ops", 212)
    decided = history[2]
    assert (decided.verdict, decided.who, decided.reason) == (Verdict.MUTE, "ann", "seen before")
    assert (decided.until_us, decided.reach) == (ARRIVED_US + DAY, Reach.RULE_AND_AGENT)
    assert (history[3].verdict, history[3].who) == (Verdict.MUTE, "bob")
    assert (history[4].target, history[4].reason) == ("pager", "HTTP 500")


def test_a_decision_from_before_holds_from_when_the_alert_was_opened(scene: Scene, reader: StoreReader) -> None:
    number = scene.place.alert(scene.rows[:2])
    scene.place.decide(Verdict.ACCEPT_RISK, number, at_us=ARRIVED_US - DAY)
    assert [step.at_us for step in seen(reader, number).history] == [ARRIVED_US, ARRIVED_US]


def test_alike_are_the_newest_decisions_that_stand_about_others_of_the_rule(scene: Scene, reader: StoreReader) -> None:
    numbers = [scene.place.alert(scene.rows[:1]) for _ in range(6)]
    other = scene.place.alert(scene.rows[:1], EXFIL)
    for place, number in enumerate((*numbers, other, numbers[1])):
        scene.place.decide(Verdict.RESOLVE, number, reason=f"no. {place}", at_us=ARRIVED_US + place)
    scene.place.undo(6)
    assert [(one.alert_id, one.reason) for one in seen(reader, numbers[4]).alike] == [
        (numbers[1], "no. 7"), (numbers[3], "no. 3"), (numbers[2], "no. 2"),
    ]  # fmt: skip


def test_the_days_of_a_rule_end_now(scene: Scene, reader: StoreReader) -> None:
    ages = (0, DAY - 1, DAY, 29 * DAY, 30 * DAY - 1, 30 * DAY, 40 * DAY)
    for place, age in enumerate(ages):
        scene.place.alert([scene.rows[place]], opened_us=ARRIVED_US - age)
    scene.place.alert(scene.rows[:1], EXFIL)
    found = seen(reader, 1)
    assert found.rule_days == (2, *[0] * 27, 1, 2)
    assert found.rule_agents == 2


def test_what_became_a_part_of_another_alert_is_that_one(scene: Scene, reader: StoreReader) -> None:
    whole, part = scene.place.alert(scene.rows[:3]), scene.place.alert(scene.rows[2:4])
    scene.place.merge(part, whole)
    assert listed(reader) == listed(reader, f"alert:{part}") == [whole]
    assert seen(reader, part).row.id == whole
    assert events(reader, f"alert:{part}") == events(reader, f"alert:{whole}") == [0, 1, 2]
    assert events(reader, f"alert:>{whole}") == []


def test_events_are_found_by_the_alerts_they_are_evidence_of(scene: Scene, reader: StoreReader) -> None:
    scene.place.alert([scene.rows[1], scene.rows[9]])
    scene.place.alert([scene.rows[1], scene.rows[2]])
    assert events(reader, "has:alert") == [1, 2, 9]
    assert events(reader, "alert:2") == [1, 2]
    assert events(reader, "alert:1,2 -alert:1") == [2]
    assert events(reader, "alert:7") == []
    assert events(reader, "-has:alert") == [0, 3, 4, 5, 6, 7, 8, 10, 11]
    assert events(reader, "alert:2..9 OR tool:t11") == [1, 2, 11]
    assert [row.seq - 1 for row in reader.newest(Filter(), 100).rows if row.alerted] == [1, 2, 9]
    assert [row.seq - 1 for row in reader.arrivals(Filter(), 2, 100).rows if row.alerted] == [2, 9]


def test_in_a_scope_there_are_only_alerts_all_of_whose_evidence_is_in_it(scene: Scene) -> None:
    own = scene.place.alert(scene.rows[1:3])
    across = scene.place.alert(scene.rows[7:9])
    other = scene.place.alert(scene.rows[9:11], EXFIL)
    scene.place.decide(Verdict.RESOLVE, across)
    scene.place.rule(replace(GUESSING, rule_id="53", name="never"), statement="it never happens")
    limited = scene.read("acme")
    assert listed(limited) == [own]
    assert limited.alerts.detail(across) is None
    assert limited.alerts.detail(other) is None
    assert seen(limited, own).alike == ()
    assert seen(limited, own).rule_days[-1] == 1
    assert limited.alerts.counts().by_state == {AlertState.NEW: 1}
    assert sum(one.alerts for one in limited.alerts.histogram(Filter(), 0, ARRIVED_US, 4)) == 1
    assert events(limited, "has:alert") == [1, 2]
    assert events(limited, f"alert:{across}") == []
    assert [row.seq - 1 for row in limited.newest(Filter(), 100).rows if row.alerted] == [1, 2]
    assert limited.alerts.preview(Decision(Verdict.RESOLVE, across, Reach.ALERT)).alerts == 0
    assert limited.alerts.invariants() == ()
    limited.close()
    everything = scene.read()
    assert len(everything.alerts.invariants()) == 1
    assert len(seen(everything, own).alike) == 1
    everything.close()


def test_violated_statements_come_first_and_retired_ones_are_not_told(scene: Scene, reader: StoreReader) -> None:
    for name, violations, active in (("b", 0, 1), ("c", 2, 1), ("a", 0, 1), ("d", 5, 0)):
        facts = replace(EXFIL, rule_id=name, name=name)
        scene.place.rule(facts, f"never {name}", violations=violations, examined=9, active=active, checked_us=7)
    scene.place.rule()
    found = reader.alerts.invariants()
    assert [(one.rule, one.statement, one.violations) for one in found] == [
        ("c", "never c", 2), ("a", "never a", 0), ("b", "never b", 0),
    ]  # fmt: skip
    assert (found[0].level, found[0].examined, found[0].checked_us) == (Level.CRITICAL, 9, 7)


def test_rules_that_forgot_and_rules_that_are_off_are_told(scene: Scene, reader: StoreReader) -> None:
    scene.place.rule()
    scene.place.rule(EXFIL, shed_keys=3, shed_us=BASE_US)
    scene.place.rule(SILENT, shed_matches=4, shed_us=BASE_US)
    scene.place.switch_off("51")
    scene.place.switch_off("52", disabled=False)
    told = [(one.rule, one.keys, one.matches, one.last_us) for one in reader.alerts.shed()]
    assert told == [("exfil", 3, 0, BASE_US), ("silence", 0, 4, BASE_US)]
    assert reader.alerts.switched_off() == {"51"}


def test_a_preview_counts_what_was_looked_at_and_what_is_still_live(scene: Scene, reader: StoreReader) -> None:
    own = scene.place.alert(scene.rows[:2], state=AlertState.RESOLVED)
    scene.place.alert(scene.rows[3:5])
    scene.place.alert(scene.rows[6:8], state=AlertState.RESOLVED)
    scene.place.alert(scene.rows[6:8], state=AlertState.MUTED, until_us=ARRIVED_US, opened_us=ARRIVED_US - 31 * DAY)
    scene.place.alert(scene.rows[2:3])
    scene.place.alert(scene.rows[:2], EXFIL)

    def preview(reach: Reach, query: str = "", alert_id: int = own) -> tuple[int, float]:
        what = Filter.parsed(query, alerts=True) if reach is Reach.FILTER else None
        found = reader.alerts.preview(Decision(Verdict.MUTE, alert_id, reach, what=what))
        return found.alerts, round(found.a_week * 30 / 7, 6)

    assert preview(Reach.ALERT) == (1, 1)
    assert preview(Reach.RULE_AND_AGENT) == (3, 3)
    assert preview(Reach.FILTER, "agent:*") == (4, 4)
    assert preview(Reach.FILTER, "state:new tool:t2") == (2, 1)
    assert preview(Reach.FILTER, "rule:exfil") == (1, 0)
    assert preview(Reach.RULE_AND_AGENT, alert_id=99) == (0, 0)


def test_evidence_that_is_gone_is_counted_as_kept_only(scene: Scene, reader: StoreReader) -> None:
    number = scene.place.alert([*scene.rows[:2], 5])  # no event has this row id any more
    found = seen(reader, number)
    assert (found.hits, found.kept, len(found.evidence)) == (2, 3, 2)
