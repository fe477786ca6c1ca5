"""Each shipped rule finds its attack, once and with the right evidence, and lets its benign twin pass."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from config.settings import IngestSettings
from detect.engine.findings import FoundIncident
from detect.engine.limits import HOUR_US, MINUTE_US
from detect.rules.model import RuleSet
from ingest.service import ingest_once
from ingest.simulate.stories.guessing import password_guessing
from ingest.simulate.stories.hostile import hostile_text
from ingest.simulate.stories.probing import cross_tenant, permission_probing
from ingest.simulate.stories.runaway import runaway_agent
from tests.conftest import CORPORA, ROOT
from tests.detection import START_US, Alerts, alerts_of, engine_of, observed
from tests.detection_attacks import ATTACKS, BUDGETS, Attack, at
from tests.detection_material import ordinary_days, shipped, stored_events, story_events

if TYPE_CHECKING:
    from ingest.simulate.stage import Story

TOLD_BY_NO_EVENT: Final = ("agent-silent",)
"""What fires where nothing happens has tests of its own."""


@pytest.fixture(scope="module")
def known() -> RuleSet:
    return shipped()


def name_of(known: RuleSet, alert: FoundIncident) -> str:
    """Return the name of the rule that raised an alert."""
    return known.by_id()[alert.rule_id].name


def loud(known: RuleSet) -> set[str]:
    """Return the names of the rules that raise alerts."""
    return {rule.name for rule in known.rules if rule.id not in known.quiet}


def test_every_rule_has_its_attack(known: RuleSet) -> None:
    assert {attack.rule for attack in ATTACKS} | {*TOLD_BY_NO_EVENT} == loud(known)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.rule)
def test_an_attack_is_found_once_with_its_evidence(known: RuleSet, attack: Attack) -> None:
    events = observed(*attack.events)
    alerts = alerts_of(known, events, BUDGETS)
    assert [name_of(known, alert) for alert in alerts] == [attack.rule]
    (alert,) = alerts
    assert [event.seq - 1 for row in alert.evidence for event in events if event.row_id == row] == attack.shown
    assert alert.count == len(attack.shown)
    assert "{" not in alert.explanation
    assert "–" not in alert.explanation


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.rule)
def test_its_benign_twin_is_not(known: RuleSet, attack: Attack) -> None:
    assert [alert.explanation for alert in alerts_of(known, observed(*attack.twin), BUDGETS)] == []


def test_an_agent_that_goes_silent_is_found_once(known: RuleSet) -> None:
    now_us = START_US
    engine = engine_of(known)
    engine = type(engine)(known, clock=lambda: now_us)
    alerts = Alerts()
    (heard,) = observed(at(0, "agent.message"))
    found: list[FoundIncident] = []
    for minute in range(70 * 60):
        now_us = START_US + minute * MINUTE_US
        works = minute < 60 * 60 and minute % 60 == 0
        event = [type(heard)(heard.row_id + minute, minute + 1, now_us, now_us, heard.event)] if works else []
        alerts.run(engine, event)
        found += engine.tick().incidents
    assert [(name_of(known, one), one.key) for one in found] == [("agent-silent", (("agent_id", "bot"),))]
    assert found[0].explanation == "nothing from bot for 6 h 1 min; the longest pause known of it is 1 h"
    assert found[0].first_us == START_US + 59 * HOUR_US


@pytest.mark.parametrize(
    ("story", "rule"),
    [
        (password_guessing, "password-guessing"),
        (permission_probing, "denial-burst"),
        (cross_tenant, "cross-tenant-attempt"),
        (runaway_agent, "runaway-loop"),
        (hostile_text, "hostile-text"),
    ],
)
def test_the_stories_of_the_simulated_platform_are_found(known: RuleSet, story: Story, rule: str) -> None:
    assert [name_of(known, alert) for alert in alerts_of(known, story_events(story, seed=3))] == [rule]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_benign_day_raises_nothing(known: RuleSet, seed: int) -> None:
    events = list(ordinary_days(6_000, 1, seed))
    assert [alert.explanation for alert in alerts_of(known, events)] == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="corpora are absent")
def test_real_files_raise_what_the_page_lists(known: RuleSet, tmp_path: Path) -> None:
    store = tmp_path / "corpora.db"
    ingest_once(store, [bytes(path) for path in sorted(CORPORA.iterdir()) if path.is_dir()], IngestSettings())
    page = (ROOT / "docs" / "detection.md").read_text("utf-8")
    alerts = alerts_of(known, list(stored_events(store)))
    unlisted = [alert.explanation for alert in alerts if f"| {alert.explanation} |" not in page]
    assert unlisted == []
    assert alerts
