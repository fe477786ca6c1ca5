"""Facts about agents as a test makes them up: one of everything that the panel shows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from store.analytics.model import DenialRule, Dimension, Durations, Figures, MessageCount
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.rollups.durations import bucket_of
from tests.pilot.made_up_events import FROZEN_US, MINUTE
from tui.agent_facts import AgentFacts, Breakdown, Part, Timeline, Unusual
from tui.agent_hours import DAY_US, HOUR_US, timeline_edges, week_edges, week_of

TOOLS: Final = (
    ("read_file", "fs", 9112, 2, 6), ("get_diff", "github", 4120, 13, 402), ("write_file", "fs", 3871, 5, 11),
    ("run_tests", "ci", 2204, 908, 30_000), ("search_code", "github", 1460, 16, 1_900),
    ("post_comment", "github", 803, 0, 512), ("lint", "ci", 334, 9, 8_100), ("merge_pull_request", "github", 2, 0, 90),
    ("list_branches", None, 1, 0, 0), ("delete_branch", "github", 1, 0, 70),
)  # fmt: skip
"""Name, server, calls, failures, and what every call took in milliseconds."""
MODELS: Final = (("claude-opus-4-5", 301_200_000, 0), ("claude-sonnet-4-5", 109_440_000, 0), ("my-own-model", 0, 12))
USERS: Final = (("ci", 21_311), ("bob", 402), ("yuki", 191), (None, 4))


def part(name: str, server: str | None, calls: int, failures: int, ms: int) -> Part:
    """Return a tool's part."""
    denied = 2 if name == "merge_pull_request" else 0
    figures = Figures(calls, failures, denied, calls, calls, failures, denied)
    durations = Durations({bucket_of(ms * 1000): calls} if ms else {})
    first_us = FROZEN_US - 11 * MINUTE if name == "merge_pull_request" else None
    return Part((name, server), figures, durations, first_us)


def _total(parts: tuple[Part, ...]) -> tuple[Figures, Durations]:
    counts: dict[int, int] = {}
    for one in parts:
        for bucket, calls in one.durations.counts.items():
            counts[bucket] = counts.get(bucket, 0) + calls
    tokens = Figures(input_tokens=6_100_000, output_tokens=2_200_000, cache_read_tokens=74_900_000, unpriced=12)
    cost = Figures(cache_write_tokens=4_800_000, reported_microusd=410_640_000, reported=900)
    return sum((one.figures for one in parts), start=tokens + cost), Durations(counts)


def _hour(ts_us: int, *, weekly: bool) -> Figures:
    hour, day = ts_us // HOUR_US % 24, ts_us // DAY_US
    calls = max(round(1_900 * math.sin((hour - 6) / 16 * math.pi)), 0) if 6 < hour < 22 else 0
    calls = calls // 9 if weekly and (day + 3) % 7 > 4 else calls
    late = ts_us > FROZEN_US - 3 * HOUR_US
    return Figures(events=calls, errors=calls // 6 if late else 0, denials=1 if hour == 9 else 0, calls=calls)


def agent() -> AgentFacts:
    """Return everything about one agent: trouble, something new, a model without a price."""
    start_us, end_us = FROZEN_US - DAY_US, FROZEN_US
    parts = tuple(part(*tool) for tool in TOOLS)
    total, durations = _total(parts)
    hours, edges = week_edges(start_us, end_us, utc=True), timeline_edges(start_us, end_us, 54, utc=True)
    window = "agent:code-reviewer has:error"
    return AgentFacts(
        dimension=Dimension.AGENT,
        value="code-reviewer",
        what=Filter.of(Clause(Key.AGENT, ("code-reviewer",))),
        start_us=start_us,
        end_us=end_us,
        now_us=FROZEN_US,
        total=total,
        durations=durations,
        place=(2, 12),
        tenants=("acme",),
        first_us=FROZEN_US - 255 * DAY_US,
        parts=Breakdown((Dimension.TOOL, Dimension.SERVER), parts),
        costs=Breakdown(
            (Dimension.MODEL,),
            tuple(Part((name,), Figures(reported_microusd=cost, unpriced=new)) for name, cost, new in MODELS),
        ),
        partners=Breakdown(
            (Dimension.USER,), tuple(Part((name,), Figures(events=calls, calls=calls)) for name, calls in USERS)
        ),
        timeline=Timeline(edges, tuple(_hour(edge, weekly=False) for edge in edges[:-1])),
        week=week_of(hours, [_hour(edge, weekly=True) for edge in hours[:-1]], utc=True),
        messages=(
            MessageCount("TimeoutError: run_tests gave no result", 908, f"{window} TimeoutError"),
            MessageCount("404 file not found", 19, f'{window} "not found"'),
        ),
        rules=(DenialRule("code-reviewer", "merge_pull_request", "needs approval", 2),),
        unusual=(Unusual("failures", 41, 0, 3, (FROZEN_US - HOUR_US, FROZEN_US)),),
    )


def model() -> AgentFacts:
    """Return everything about a model that never calls tools."""
    found = agent()
    figures = Figures(events=3_785, input_tokens=9_100, reported_microusd=27_950_000, reported=10)
    parts = Breakdown((Dimension.AGENT,), (Part(("support-bot",), figures),))
    return replace(
        found,
        dimension=Dimension.MODEL,
        value="claude-sonnet-4-5",
        what=Filter.of(Clause(Key.MODEL, ("claude-sonnet-4-5",))),
        total=figures,
        durations=Durations({}),
        measure="events",
        parts=parts,
        costs=parts,
        partners=Breakdown((Dimension.TENANT,), (Part(("acme",), figures),)),
        messages=(),
        rules=(),
        unusual=(),
    )


def nothing() -> AgentFacts:
    """Return the facts about an agent that did nothing in the window."""
    empty = Breakdown((Dimension.TOOL, Dimension.SERVER))
    found = agent()
    edges = found.timeline.edges
    hours = week_edges(found.start_us, found.end_us, utc=True)
    return replace(
        found,
        total=Figures(),
        durations=Durations({}),
        measure="events",
        parts=empty,
        costs=Breakdown((Dimension.MODEL,)),
        partners=Breakdown((Dimension.USER,)),
        timeline=Timeline(edges, (Figures(),) * (len(edges) - 1)),
        week=week_of(hours, [Figures()] * (len(hours) - 1), utc=True),
        messages=(),
        rules=(),
        unusual=(),
    )


def called(name: str, *, found: AgentFacts | None = None) -> AgentFacts:
    """Return facts in which everything is called the same."""
    found = found or agent()
    tools = tuple(replace(one, names=(f"{name}{index}", name)) for index, one in enumerate(found.parts.parts))
    models = tuple(replace(one, names=(f"{name}{index}",)) for index, one in enumerate(found.costs.parts))
    users = tuple(replace(one, names=(f"{name}{index}",)) for index, one in enumerate(found.partners.parts))
    return replace(
        found,
        value=name,
        tenants=(name,),
        parts=replace(found.parts, parts=tools),
        costs=replace(found.costs, parts=models),
        partners=replace(found.partners, parts=users),
        messages=tuple(replace(one, message=f"{name}{index}") for index, one in enumerate(found.messages)),
        rules=(DenialRule(name, f"{name}7", name, 2),),
    )
