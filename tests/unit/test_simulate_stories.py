"""Each story has its tell-tale shape, and every one is told within 20,000 events."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

from ingest.simulate.platform import Platform
from ingest.simulate.programme import INCIDENT_PERIOD_US
from ingest.simulate.stage import SECOND, Stage
from ingest.simulate.stories import INCIDENTS, ORDINARY
from ingest.simulate.stories.guessing import password_guessing
from ingest.simulate.stories.hostile import PASTED_KEY, TEXTS
from ingest.simulate.wording import amount_text, ordinal, size_text, tokens_text

if TYPE_CHECKING:
    from ingest.simulate.stage import Story

START: Final = 1_769_510_000_000_000


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return [event for _, event in islice(Platform(11, START, 5.0), 20_000)]


@pytest.fixture(scope="module")
def requests(events: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        if "request_id" in event:
            grouped[event["request_id"]].append(event)
    return grouped


@pytest.mark.parametrize("story", [*ORDINARY, *INCIDENTS], ids=lambda story: story.__name__)
def test_a_story_begins_when_it_is_told_to_and_goes_forward(story: Story) -> None:
    for seed in range(40):
        times = [at_us for at_us, _ in story(Stage(seed, START), START)]
        assert times[0] == START
        assert times == sorted(times)
        assert all(at_us % 1_000 == 0 for at_us in times)


def test_a_runaway_agent_repeats_one_failing_call(requests: dict[str, list[dict[str, Any]]]) -> None:
    def failures(of: list[dict[str, Any]]) -> int:
        alike = Counter(
            (event["tool"], str(event["metadata"]["arguments"]))
            for event in of
            if event["event_type"] == "mcp.tool_call" and event.get("status") == "failure"
        )
        return max(alike.values(), default=0)

    most = max(requests.values(), key=failures)
    assert failures(most) >= 24
    assert most[-1]["event_type"] == "agent.error"


def test_a_password_is_guessed_from_one_address_within_seconds() -> None:
    told = list(password_guessing(Stage(3, START), START))
    failed = [event for _, event in told if event["event_type"] == "auth.failed"]
    assert len(failed) >= 8
    assert len({(event["user_id"], event["metadata"]["ip"]) for event in failed}) == 1
    assert told[-1][0] - told[0][0] < 20 * SECOND
    assert [event["metadata"]["try"] for event in failed] == list(range(1, len(failed) + 1))


def test_guessing_is_told(events: list[dict[str, Any]]) -> None:
    failed = Counter(event["metadata"]["ip"] for event in events if event["event_type"] == "auth.failed")
    assert max(failed.values()) >= 8


def test_probing_is_a_row_of_denials_of_one_user(requests: dict[str, list[dict[str, Any]]]) -> None:
    probed = [
        of
        for of in requests.values()
        if sum(event["event_type"] == "permission.check" and event["status"] == "denied" for event in of) >= 5
    ]
    assert probed
    assert all(event["user_id"] == "mallory" for of in probed for event in of)
    assert any(event["event_type"] == "permission.denied" for of in probed for event in of)


def test_cross_tenant_access_is_denied(events: list[dict[str, Any]]) -> None:
    crossing = [event for event in events if "resource_tenant_id" in event]
    assert crossing
    assert all(event["resource_tenant_id"] != event["tenant_id"] for event in crossing)
    assert all(event["status"] == "denied" for event in crossing)


def test_a_cost_spike_is_far_above_the_usual(requests: dict[str, list[dict[str, Any]]]) -> None:
    costs = sorted(sum(event.get("cost_microusd", 0) for event in of) for of in requests.values())
    assert costs[-1] > 50 * costs[len(costs) // 2]
    assert costs[-1] > 5_000_000


def test_a_tool_slows_down_until_it_gives_no_answer(requests: dict[str, list[dict[str, Any]]]) -> None:
    stalled = [of for of in requests.values() if sum(event.get("status") == "timeout" for event in of) >= 3]
    assert stalled
    took = [event["duration_ms"] for event in stalled[0] if event["event_type"] == "mcp.tool_call"]
    assert took[0] < 2_000
    assert all(earlier <= later for earlier, later in pairwise(took))
    assert took[-1] == 30_000


def test_hostile_text_is_there_but_rare(events: list[dict[str, Any]]) -> None:
    hostile = [event for event in events if event["message"] in TEXTS]
    assert 2 <= len(hostile) < len(events) / 500


def test_hostile_texts_cover_what_a_reader_must_survive() -> None:
    for mark in ("\x1b]52;", "\x1b[2J", "\x9b", "[/]", "=cmd", "\u202e", "\u200b"):
        assert any(mark in text for text in TEXTS)


def test_a_key_is_pasted(events: list[dict[str, Any]]) -> None:
    assert any(PASTED_KEY in event["message"] for event in events)


@pytest.mark.parametrize("rate", [0.5, 5.0, 200.0])
def test_whoever_watches_sees_an_incident_within_two_minutes_and_every_few_after(rate: float) -> None:
    anchor = START + 3_600 * SECOND
    signs = ("attempt 1", "1st try", "lacks users:", "lacks repo:", "blocked by policy", "contracts-1.pdf", PASTED_KEY)
    seen: list[int] = []
    for at_us, event in Platform(5, START + 3_500 * SECOND, rate, anchor_us=anchor):
        if at_us > anchor + 4 * INCIDENT_PERIOD_US:
            break
        if at_us >= anchor and (event["message"] in TEXTS or any(sign in event["message"] for sign in signs)):
            seen.append(at_us - anchor)
    assert seen
    assert seen[0] < 120 * SECOND
    assert {at_us // INCIDENT_PERIOD_US for at_us in seen} == {0, 1, 2, 3}


def test_wording() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 21, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "111th")
    ]
    assert [tokens_text(612), tokens_text(3_120)] == ["612 tokens", "3.1k tokens"]
    assert [size_text(812), size_text(3_200), size_text(18_400)] == ["812 B", "3.2 KB", "18 KB"]
    assert amount_text(121_000) == "1 210.00 EUR"
