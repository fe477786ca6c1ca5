"""The values that completion offers: where they come from, and which are asked for at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store.events import EventDetail
from store.filters.keys import Key
from store.filters.model import Filter
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, MINUTE, made_up
from tui.query_completion import MOST_VALUES, KnownValue, ValueQuestion
from tui.query_values import KnownValues, StoreValues, path_text

if TYPE_CHECKING:
    from collections.abc import Sequence


def question(key: Key, typed: str = "", *, others: str = "", path: tuple[str, ...] = ()) -> ValueQuestion:
    """Return a question for values."""
    return ValueQuestion(key, path, paths=False, typed=typed, others=Filter.parsed(others))


def asking(service: FakeService, minutes: int = 60, patience_s: float = 5.0) -> StoreValues:
    """Return what answers from a service, counting in the last minutes."""
    return StoreValues(service, lambda: (FROZEN_US - minutes * MINUTE, FROZEN_US + 1), patience_s)


def counts(found: Sequence[KnownValue]) -> dict[str, int]:
    """Return how many events have each value; all of them are counted."""
    return {one.text: one.events for one in found if one.events is not None}


def test_values_are_counted_under_what_else_must_hold() -> None:
    service = FakeService(made_up(400))
    all_users = counts(asking(service)(question(Key.USER)))
    of_bot = counts(asking(service)(question(Key.USER, others="agent:support-bot")))
    assert sum(all_users.values()) == 400
    assert 0 < sum(of_bot.values()) < 400
    assert set(of_bot) < set(all_users)


def test_where_the_window_has_none_they_are_offered_without_counts() -> None:
    service = FakeService(made_up(50, end_us=FROZEN_US - 300 * MINUTE))
    found = asking(service)(question(Key.AGENT))
    assert found
    assert {one.events for one in found} == {None}


def test_what_takes_too_long_to_count_is_offered_without_counts() -> None:
    service = FakeService(made_up(400))
    service.search.counting_in_parts = True
    found = asking(service, patience_s=0.0)(question(Key.AGENT))
    assert {one.text for one in found} == set(counts(asking(FakeService(made_up(400)))(question(Key.AGENT))))
    assert {one.events for one in found} == {None}
    assert len(found) == len({one.text for one in found})


def test_what_is_typed_is_looked_for_beyond_the_window() -> None:
    old = [replace(event, agent_id="older-bot") for event in made_up(3, end_us=FROZEN_US - 300 * MINUTE)]
    service = FakeService([*old, *(replace(event, seq=event.seq + 10) for event in made_up(100))])
    assert "older-bot" not in counts(asking(service)(question(Key.AGENT)))
    assert asking(service)(question(Key.AGENT, "older"))[-1] == KnownValue("older-bot")


class Metadata(FakeService):
    """Has the same metadata in every event."""

    def detail(self, event_row_id: int) -> EventDetail | None:
        """Return an event with names that must be quoted, values of every kind, and what is too deep."""
        found = super().detail(event_row_id)
        deep = {"a": {"b": {"c": {"d": {"e": "too deep"}}}}}
        plain: dict[str, object] = {"a b": 1, "x.y": {"z": True}, "t": "text", "n": None, "l": ["x"], "": "nameless"}
        return None if found is None else replace(found, metadata={**plain, **deep})


def test_paths_and_values_of_metadata_are_those_of_the_newest_events() -> None:
    answer = asking(Metadata(made_up(100)))
    paths = answer(ValueQuestion(Key.META, (), paths=True, typed="meta.", others=Filter()))
    assert {one.text for one in paths} == {'meta."a b"', 'meta."x.y".z', "meta.t"}
    assert [one.text for one in answer(question(Key.META, path=("x.y", "z")))] == ["true"]
    assert answer(question(Key.META, path=("absent",))) == []


def test_a_path_is_written_as_a_key() -> None:
    assert path_text(("a", "b.c", 'd"')) == r'meta.a."b.c"."d\""'
    assert Filter.parsed(f"{path_text(('a', 'b.c'))}:*")


def test_a_key_without_counts_offers_what_the_store_knows() -> None:
    service = FakeService(made_up(3))
    asking(service)(question(Key.SOURCE, "n"))
    assert service.search.asked == ["completions"]


def some(number: int) -> list[KnownValue]:
    """Return so many values."""
    return [KnownValue(f"v{n}", 1) for n in range(number)]


def test_all_values_of_a_key_answer_whatever_is_typed() -> None:
    known = KnownValues()
    first = question(Key.AGENT, "a")
    assert known.of(first) is None
    assert known.due(first) == question(Key.AGENT)
    known.take(some(3))
    assert known.of(first) == known.of(question(Key.AGENT, "ab")) == some(3)
    assert known.due(question(Key.AGENT, "ab")) is None


def test_more_values_than_are_listed_are_asked_for_as_typing_goes_on() -> None:
    known = KnownValues()
    assert known.due(question(Key.REQUEST, "r")) == question(Key.REQUEST)
    known.take(some(MOST_VALUES))
    assert known.of(question(Key.REQUEST, "r")) is None
    assert known.due(question(Key.REQUEST, "r")) == question(Key.REQUEST, "r")
    known.take(some(MOST_VALUES))
    assert known.of(question(Key.REQUEST, "r")) is not None
    assert known.of(question(Key.REQUEST, "re")) is None


def test_one_question_is_asked_at_a_time() -> None:
    known = KnownValues()
    assert known.due(question(Key.AGENT)) is not None
    assert known.due(question(Key.USER)) is None
    known.take(some(1))
    assert known.due(question(Key.USER)) == question(Key.USER)


def test_what_could_not_be_had_is_not_asked_for_again_and_again() -> None:
    known = KnownValues()
    assert known.due(question(Key.AGENT)) is not None
    known.take(None)
    assert known.of(question(Key.AGENT)) == ()
    known.forget()
    assert known.of(question(Key.AGENT)) is None
