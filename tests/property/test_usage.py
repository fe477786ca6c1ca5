"""Numbers over time are what adding up event by event gives, however a window is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from store.analytics.calendar_spans import edges_of
from store.analytics.model import Dimension, Durations, Figures, Usage, UsageQuestion
from store.analytics.periods import Period
from store.filters.clause import Clause
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text, complement
from tests.events import line
from tests.property.examples import examples
from tests.property.test_store_filters import scopes, stored
from tests.reference import Reference
from tests.usage_reference import MOST, Added, Place, usage_of

if TYPE_CHECKING:
    from store.events import NewEvent

MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
MONDAY_US: Final = 20_597 * DAY
"""2026-05-25 00:00 UTC."""
NEAR: Final = (0, 1, -1, 999, 17 * MINUTE, 30 * MINUTE, HOUR, -HOUR, HOUR - 1, 5 * HOUR + 30 * MINUTE)
FAR: Final = (-1, 0, 1, HOUR - 1, HOUR, DAY, -62_135_596_800_000_000, 4_102_444_800_000_000, 4_102_444_800_000_001)
TIMES: Final = (*(MONDAY_US + day * DAY + near for day in (0, 1, 3, 4) for near in NEAR), *FAR)
NAMES: Final[dict[str, tuple[str | None, ...]]] = {
    "agent_id": (None, "a", "b", "ab", "a*b"),
    "user_id": (None, "u", "v"),
    "tenant_id": (None, "acme", "globex"),
    "tool": (None, "read", "write"),
    "server": (None, "files", "web"),
    "model": (None, "m", "n"),
}
TYPES: Final = ("mcp.tool_call", "mcp.tool_call", "agent.error", "auth.failed", "permission.denied", "odd")
STATUSES: Final = (None, "success", "failure", "denied", "pending", "timeout")
KEYS: Final = (Key.AGENT, Key.USER, Key.TENANT, Key.TOOL, Key.SERVER, Key.MODEL, Key.TYPE)
VALUES: Final = (None, "*", "a", "a*", "*b", r"a\*b", "u", "acme", "read", "files", "m", "mcp.*", "odd", "zzz", "")
BY: Final = (
    (), (Dimension.AGENT,), (Dimension.USER,), (Dimension.TENANT,), (Dimension.TOOL,), (Dimension.SERVER,),
    (Dimension.MODEL,), (Dimension.TYPE,), (Dimension.AGENT, Dimension.TOOL), (Dimension.TENANT, Dimension.MODEL),
    (Dimension.AGENT, Dimension.TOOL, Dimension.SERVER), (Dimension.USER, Dimension.TOOL),
)  # fmt: skip
SHARES: Final = (0.5, 0.95, 0.99)

times = st.sampled_from(TIMES)
tokens = st.sampled_from((None, None, 0, 7, 1200, MOST, MOST + 5))
durations = st.none() | st.integers(10, 300_000_000_000)


@st.composite
def events(draw: st.DrawFn) -> NewEvent:
    """Return an event whose names come from few, with numbers of all kinds."""
    fields: dict[str, Any] = {name: draw(st.sampled_from(values)) for name, values in NAMES.items()}
    fields |= {
        "event_type": draw(st.sampled_from(TYPES)),
        "status": draw(st.sampled_from(STATUSES)),
        "duration_us": draw(durations),
        "input_tokens": draw(tokens),
        "output_tokens": draw(tokens),
        "cache_read_tokens": draw(tokens),
        "cost_microusd": draw(st.sampled_from((None, None, 0, 250, MOST + 1))),
        "counts": draw(st.sampled_from((1, 1, 1, 0))),
    }
    return line("text", draw(times), **fields)


clauses = st.builds(
    Clause,
    st.sampled_from(KEYS),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple),
    negated=st.booleans(),
)


def limited(some: list[Clause], since_us: int | None, before_us: int | None) -> Filter:
    """Return the filter of some clauses and times."""
    return Filter.of(*some, since_us=since_us, before_us=before_us)


filters = st.builds(limited, st.lists(clauses, max_size=2), st.none() | times, st.none() | times)
INDIAN_DAYS: Final = tuple(MONDAY_US + day * DAY - 5 * HOUR - 30 * MINUTE for day in range(6))
"""Every midnight lies within an hour of UTC."""
LOCAL_DAYS: Final = edges_of(Period.DAY, MONDAY_US, MONDAY_US + 9 * DAY, utc=False)
edges = st.sampled_from((INDIAN_DAYS, LOCAL_DAYS)) | (
    st.lists(times, min_size=2, max_size=6, unique=True).map(sorted).map(tuple)
)
questions = st.builds(UsageQuestion, filters, edges, st.sampled_from(BY), durations=st.just(value=True))


def from_events(asked: UsageQuestion) -> UsageQuestion:
    """Return a question of the same meaning that the rollups cannot answer."""
    always = complement(Term(Key.REQUEST, (Text("none has it"),)))
    return UsageQuestion(asked.what.also(always), asked.edges, asked.by, asked.durations)


def as_places(usage: Usage) -> dict[Place, tuple[Figures, Durations | None]]:
    """Return an answer's rows by what they are told apart by."""
    found = {(row.values, row.stretch): (row.figures, row.durations) for row in usage.rows}
    assert len(found) == len(usage.rows)
    return found


def check(usage: Usage, expected: dict[Place, Added]) -> None:
    """Compare an answer with what was added up."""
    found = as_places(usage)
    assert usage.complete
    assert usage.reached_us is None
    assert {place: figures for place, (figures, _) in found.items()} == {
        place: added.figures for place, added in expected.items()
    }
    for place, (_, timed) in found.items():
        assert timed is not None
        assert timed.calls == len(expected[place].durations)
        for share in SHARES:
            exact, shown = expected[place].quantile(share), timed.quantile(share)
            assert (exact is None) == (shown is None)
            if exact is not None and shown is not None:
                assert abs(shown - exact) <= 0.05 * exact


@settings(max_examples=examples(16))
@given(st.lists(events(), max_size=12), scopes, st.lists(questions, min_size=4, max_size=4))
def test_usage_is_what_adding_up_gives(
    some: list[NewEvent], tenants: tuple[str, ...] | None, asked: list[UsageQuestion]
) -> None:
    reference = Reference(some, tenants)
    with stored(some, tenants) as reader:
        for question in asked:
            expected = usage_of(reference, question)
            found = reader.analytics.usage(question)
            check(found, expected)
            counted = reader.analytics.usage(from_events(question))
            check(counted, expected)
            assert as_places(counted) == as_places(found)
            assert counted.from_events
