"""What is offered at the cursor of a query, and what it then says. `|` is the cursor."""

from __future__ import annotations

import pytest

from store.filters.keys import ALERT_KEYS, CLOSED, FACET_KEYS, NUMBER_KEYS, TIME_KEYS, Key
from store.filters.model import Filter
from tui.query_completion import Completion, KnownValue, ValueQuestion, accepted, complete, ghost
from tui.query_words import EXAMPLES, KEY_WORDS


def at(marked: str, *, alerts: bool = False) -> tuple[str, Completion]:
    """Return the text, and what can be completed where the mark is."""
    cursor = marked.index("|")
    text = marked.replace("|", "", 1)
    return text, complete(text, cursor, utc=True, alerts=alerts)


def values(**counts: int) -> list[KnownValue]:
    """Return values with counts; `__` in a name is a point."""
    return [KnownValue(name.replace("__", "."), number) for name, number in counts.items()]


def offered(marked: str, *known: KnownValue) -> list[str]:
    """Return what would be put into the query."""
    return [one.insert for one in at(marked)[1].candidates(known)]


def taken(marked: str, insert: str, *known: KnownValue) -> str:
    """Return the query after accepting an offer, with a mark at the cursor."""
    text, found = at(marked)
    candidate = next(one for one in found.candidates(known) if one.insert == insert)
    after, cursor = accepted(text, found.site, candidate)
    return f"{after[:cursor]}|{after[cursor:]}"


def asked(marked: str) -> ValueQuestion:
    """Return what has to be asked for the offers."""
    question = at(marked)[1].question
    assert question is not None
    return question


def test_keys_are_offered_by_how_they_begin() -> None:
    assert offered("s|") == ["server:", "status:", "session:", "source:", "since:"]
    assert offered("agent:x SE|") == ["server:", "session:"]
    assert offered("zz|") == []


def test_every_key_has_words_and_is_offered_where_nothing_is_typed() -> None:
    assert set(KEY_WORDS) == set(Key)
    offers = at("agent:x |")[1].candidates()
    of_events = [key for key in KEY_WORDS if key not in ALERT_KEYS]
    assert [one.insert for one in offers] == [*(f"{key}:" for key in of_events if key is not Key.META), "meta."]
    assert all(one.note for one in offers)


def test_keys_of_alerts_are_offered_first_and_only_where_they_are_known() -> None:
    offers = at("agent:x |", alerts=True)[1].candidates()
    assert [one.insert for one in offers][:4] == ["state:", "level:", "rule:", "agent:"]
    assert offered("sta|")[:2] == ["status:", "status:success"]
    assert [one.insert for one in at("sta|", alerts=True)[1].candidates()] == ["state:", "status:"]
    assert at("state:|")[1].candidates() == ()


def test_rules_are_asked_for_and_values_of_events_regardless_of_what_is_said_of_alerts() -> None:
    question = at("state:new (level:high OR user:bob) status:denied rule:|", alerts=True)[1].question
    assert question is not None
    assert (question.key, question.others.text) == (Key.RULE, "status:denied")
    found = at("rule:gu|", alerts=True)[1].candidates([KnownValue("guessing"), KnownValue("exfil")])
    assert [one.insert for one in found] == ["guessing"]


def test_beside_the_only_key_that_is_meant_its_values_are_offered() -> None:
    offers = at("us|")[1].candidates(values(mallory=96, ci=93))
    assert [(one.insert, one.count) for one in offers] == [("user:", None), ("user:mallory", 96), ("user:ci", 93)]
    assert asked("us|") == ValueQuestion(Key.USER, (), paths=False, typed="", others=Filter(utc=True))
    assert at("u|")[1].question is None


def test_values_are_offered_by_how_they_begin_and_then_by_what_they_contain() -> None:
    known = values(bot=5, support_bot=9, robot=7, ann=1)
    assert offered("agent:bo|", *known) == ["bot", "support_bot", "robot"]
    assert offered("agent:|", *known) == ["support_bot", "robot", "bot", "ann"]


def test_a_whole_group_of_types_is_offered() -> None:
    known = values(mcp__tool_call=5, mcp__tool_result=4, agent__error=1)
    offers = at("type:m|")[1].candidates(known)
    assert (offers[0].insert, offers[0].count) == ("mcp.*", 9)
    assert "agent.*" not in offered("type:|", *known)


def test_a_type_that_ends_in_a_star_is_quoted_and_a_group_is_not() -> None:
    assert offered("type:m|", KnownValue("mcp.*", 1)) == ['"mcp.*"']


@pytest.mark.parametrize("key", CLOSED)
def test_closed_values_are_all_offered_with_words(key: Key) -> None:
    offers = at(f"{key}:|", alerts=True)[1].candidates()
    assert sorted({one.insert.removeprefix(">=") for one in offers}) == sorted(CLOSED[key])
    assert all(one.note and one.count is None for one in offers)


def test_counts_of_a_status_stand_beside_its_words() -> None:
    offers = at("status:f|")[1].candidates(values(failure=3))
    assert [(one.insert, one.note, one.count) for one in offers] == [("failure", "it failed", 3)]


@pytest.mark.parametrize("key", sorted(NUMBER_KEYS | TIME_KEYS))
def test_every_example_is_right(key: Key) -> None:
    for text, note in EXAMPLES[key]:
        assert note
        assert Filter.parsed(f"{key}:{text}")


def test_keys_without_known_values_ask_nothing() -> None:
    for key in (*NUMBER_KEYS, *TIME_KEYS, Key.HAS, Key.ID):
        assert at(f"{key}:|")[1].question is None
    assert all(asked(f"{key}:|").key is key for key in FACET_KEYS)


@pytest.mark.parametrize(
    ("marked", "insert", "after"),
    [
        ("us|", "user:", "user:|"),
        ("agent:a us| -type:b", "user:", "agent:a user:| -type:b"),
        ("us|:x", "user:", "user:|x"),
        ("user:b|", "bob", "user:bob|"),
        ("user:b|ab x", "bob", "user:bob| x"),
        ("user:a,b|,c", "bob", "user:a,bob|,c"),
        ("-user:b|", "bob", "-user:bob|"),
        ("(user:b| OR x)", "bob", "(user:bob| OR x)"),
        ("user:s|", '"sue b"', 'user:"sue b"|'),
        ('user:"sue |', '"sue b"', 'user:"sue b"|'),
        ('user:"su| status:denied', '"sue b"', 'user:"sue b"| status:denied'),
        ("us|", 'user:"sue b"', 'user:"sue b"|'),
    ],
)
def test_accepting_replaces_what_is_typed_and_nothing_else(marked: str, insert: str, after: str) -> None:
    known = [*values(bob=3), KnownValue("sue b", 1)]
    assert taken(marked, insert, *known) == after


@pytest.mark.parametrize(
    ("marked", "others"),
    [
        ("agent:a user:b|", "agent:a"),
        ("user:b| agent:a -type:c", "agent:a -type:c"),
        ("agent:a -user:b|", "agent:a"),
        ("agent:a NOT user:b|", "agent:a"),
        ("agent:a (status:x OR user:b|) type:c", "agent:a type:c"),
        ("agent:a OR user:b|", ""),
        ("stauts:a user:b|", ""),
        ("agent:a us|", "agent:a"),
    ],
)
def test_values_are_asked_for_under_what_else_must_hold(marked: str, others: str) -> None:
    assert asked(marked).others == Filter.parsed(others, utc=True)


def test_paths_of_the_metadata_are_keys() -> None:
    question = asked("meta.ti|")
    assert (question.key, question.paths, question.typed) == (Key.META, True, "meta.ti")
    known = [KnownValue("meta.title"), KnownValue("meta.other")]
    assert taken("meta.ti|", "meta.title:", *known) == "meta.title:|"


def test_values_of_a_path_are_asked_for_without_counts() -> None:
    assert asked('meta."a.b".c:x|').path == ("a.b", "c")
    offers = at("meta.c:|")[1].candidates([KnownValue(">5")])
    assert [(one.insert, one.count) for one in offers] == [('">5"', None)]


@pytest.mark.parametrize("marked", ["stauts:f|", '"quo|ted"', "meta:x|", "ms:>12|", "agent:x*|"])
def test_where_nothing_is_known_nothing_is_offered(marked: str) -> None:
    assert offered(marked) == []


@pytest.mark.parametrize(
    ("marked", "insert", "rest"),
    [
        ("us|", "user:", "er:"),
        ("user:b|", "bob", "ob"),
        ("user:B|", "bob", ""),
        ("user:|", "bob", ""),
        ("us| x", "user:", ""),
        ("user:o|", "bob", ""),
    ],
)
def test_the_first_offer_is_shown_behind_the_text_where_it_only_adds(marked: str, insert: str, rest: str) -> None:
    text, found = at(marked)
    candidate = next(one for one in found.candidates(values(bob=3)) if one.insert == insert)
    assert ghost(text, marked.index("|"), found.site, candidate) == rest
