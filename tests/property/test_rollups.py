"""Whatever is appended, twice, late, refused or rolled back: the sums by hour and day are those of the events."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.batch import SourceBatch
from store.errors import QuarantineChangedError
from store.events import NewEvent
from store.pricing.pricer import Priced, Tokens
from store.rollups.sums import MOST
from store.store import Store
from tests.events import ARRIVED_US, BASE_US, MINUTE, SECOND, batch, line
from tests.property.examples import examples
from tests.rollup_sums import assert_sums_are_right, kept_sums

TIMES: Final = (
    *(BASE_US + step for step in (0, 1, SECOND, 57 * MINUTE, 58 * MINUTE, 600 * MINUTE, -3000 * MINUTE)),
    *(-62_135_596_800_000_000, -1, 0, 4_102_444_799_999_999, 4_102_444_800_000_000, 253_402_300_799_999_999),
)
COUNTS: Final = (None, 0, 1, 1000, MOST + 1, 2**63 - 1)


class PerToken:
    """A `Pricer` to whom one model is known, where all kinds cost the same."""

    def price(self, model: str | None, ts_us: int, tokens: Tokens) -> Priced:
        """Return 3 micro-USD for a token."""
        del ts_us
        return Priced(min(3 * sum(tokens), MOST) if model == "known" else None, "test")


def either(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


numbers = st.sampled_from(COUNTS)
names = st.fixed_dictionaries(
    {"agent_id": either("a", "b", None), "tenant_id": either("t", None), "model": either("known", "new", None)},
    optional={"tool": either("x", "y"), "server": either("s"), "user_id": either("u"), "host": either("h")},
)
figures = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens"), numbers),
        "cost_microusd": numbers,
        "duration_us": either(-5, 0, 10, 11, 999, 123_456, 2**62),
    },
)
statuses = either(None, "success", "failure", "denied", "pending", "timeout")
refused = either(*({},) * 6, {"message": "half \ud83d a pair"}, {"duration_us": 2**64})


@st.composite
def events(draw: st.DrawFn) -> NewEvent:
    """Return an event of any way into the store: plain, with an id, without a time, a call's part, a total's part."""
    fields = draw(names) | draw(figures) | {"status": draw(statuses)}
    fields["event_type"] = draw(either("mcp.tool_call", "mcp.tool_call", "agent.error", "permission.denied", "odd"))
    way = draw(either("plain", "plain", "id", "untimed", "call", "result", "total", "second"))
    if way == "id":
        fields["event_id"] = draw(either("p", "q"))
    elif way == "untimed":
        fields["ts_inferred"] = True
    elif way in {"call", "result"}:
        fields |= {"call_id": draw(either("c", "d")), "event_type": f"mcp.tool_{way}"}
    elif way == "total":
        fields["usage_key"] = draw(either("k", "l"))
    elif way == "second":
        fields["counts"] = 0
    return line(draw(either("one", "two")), draw(st.sampled_from(TIMES)), **fields | draw(refused))


batches = st.lists(events(), max_size=6)
steps = st.lists(st.tuples(either("append", "other", "again", "fail", "rebuild"), batches, st.booleans()), max_size=6)


class History:
    """A store, two that write into it, and what is done to it."""

    def __init__(self, folder: Path) -> None:
        """Make the store."""
        self.writers = [Store.open(folder / "s.db", clock=lambda: ARRIVED_US, pricer=PerToken()) for _ in range(2)]
        store = self.writers[0]
        place = store.sources.add_folder(b"/logs", "folder", "watch").folder_no
        self.sources = store.sources.add_many([(place, b"/logs/a", b"a" * 16), (place, b"/logs/b", b"b" * 16)])
        self.last: list[SourceBatch] = []

    def step(self, what: str, given_events: list[NewEvent], *, other_format: bool) -> None:
        """Do one thing: append, also through the other writer, all of the last again, in vain; or make sums anew."""
        if what == "rebuild":
            before = kept_sums(self.writers[0].connection)
            self.writers[1].rebuild_rollups(lambda _done, _total: None)
            assert kept_sums(self.writers[0].connection) == before
            return
        if what != "again":
            self.last = [
                batch(source, *given_events, format="claude-code" if other_format else "native")
                for source in self.sources
            ]
        if what == "fail":
            with pytest.raises(QuarantineChangedError):
                self.writers[0].append([*self.last, batch(self.sources[0], released=[(999, 1)])])
        else:
            self.writers[what == "other"].append(self.last)

    def close(self) -> None:
        """Close the store."""
        for writer in self.writers:
            writer.close()


@settings(max_examples=examples(40))
@given(steps)
def test_sums_are_those_of_the_events(done: list[tuple[str, list[NewEvent], bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        try:
            for what, given_events, other_format in done:
                history.step(what, given_events, other_format=other_format)
            assert_sums_are_right(history.writers[0].connection)
            history.step("rebuild", [], other_format=False)
        finally:
            history.close()
