"""What is usual for an agent, by its own last seven days."""

from __future__ import annotations

from store.analytics.model import Figures, Usage, UsageRow
from store.analytics.usual import Usual, usual, usual_question
from store.filters.model import Filter
from store.rollups.ids import HOUR_US

NOW_US = 500_000 * HOUR_US + 25 * 60_000_000


def answer(calls: dict[int, int]) -> Usage:
    """Return an answer with so many calls, and ten times as many tokens, in some hours."""
    return Usage(tuple(UsageRow((), hour, Figures(calls=n, input_tokens=10 * n)) for hour, n in calls.items()))


def test_the_last_whole_hour_is_compared_with_the_week_before_it() -> None:
    asked = usual_question("a", NOW_US)
    assert (len(asked.edges), asked.edges[-1]) == (170, 500_000 * HOUR_US)
    assert asked.what == Filter.parsed("agent:a")
    calls = {hour: hour % 4 for hour in range(168)} | {168: 41}
    found = {one.measure: one for one in usual(asked, answer(calls), 0)}
    assert found["calls"] == Usual("calls", 0, 3, 41)
    assert found["tokens"] == Usual("tokens", 0, 30, 410)
    assert found["failures"] == Usual("failures", 0, 0, 0)
    assert [one.is_unusual for one in found.values()] == [True, False, False, True]


def test_rare_peaks_and_gaps_are_not_usual() -> None:
    calls = dict.fromkeys(range(168), 5) | dict.fromkeys(range(16), 900) | dict.fromkeys(range(20, 36), 0) | {168: 5}
    found = usual(usual_question("a", NOW_US), answer(calls), 0)
    assert found[0] == Usual("calls", 5, 5, 5)


def test_hours_before_the_agent_was_there_are_no_history() -> None:
    asked = usual_question("a", NOW_US)
    first_us = asked.edges[168 - 24]
    calls = dict.fromkeys(range(168 - 24, 169), 7)
    assert usual(asked, answer(calls), first_us)[0] == Usual("calls", 7, 7, 7)
    assert usual(asked, answer(calls), first_us + 1) == ()
    assert usual(asked, Usage(()), None) == ()


def test_names_are_meant_as_they_are() -> None:
    assert usual_question("a*b", NOW_US).what == Filter.parsed(r'agent:"a*b"')
    assert usual_question(None, NOW_US).what == Filter.parsed("-agent:*")
    assert usual_question("a", NOW_US, Filter.parsed("tenant:t")).what == Filter.parsed("tenant:t agent:a")
