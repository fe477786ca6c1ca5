"""What pickers offer, before anything is drawn."""

from __future__ import annotations

from store.filters.keys import Key
from store.service import FacetValue, Tally
from tui.picker_choices import choices_of, first_open, narrow

TYPES = (
    FacetValue("mcp.tool_call", Tally(40, 2, 0)),
    FacetValue("mcp.tool_result", Tally(30, 0, 0)),
    FacetValue("api.request", Tally(20, 0, 0)),
    FacetValue("auth.failed", Tally(5, 5, 0)),
    FacetValue("auth.login", Tally(4, 0, 0)),
    FacetValue("plain", Tally(1, 0, 1)),
)


def test_types_are_grouped_by_what_stands_before_the_dot() -> None:
    choices = choices_of(Key.TYPE, TYPES, None)
    assert [(choice.value, choice.label) for choice in choices] == [
        ("mcp.*", "mcp.*"),
        ("mcp.tool_call", "tool_call"),
        ("mcp.tool_result", "tool_result"),
        ("api.request", "api.request"),
        ("auth.*", "auth.*"),
        ("auth.failed", "failed"),
        ("auth.login", "login"),
        ("plain", "plain"),
    ]
    assert choices[0].tally == Tally(70, 2, 0)


def test_the_rows_own_value_is_offered_even_where_the_window_has_none() -> None:
    agents = (FacetValue("a", Tally(3)), FacetValue(None, Tally(2)))
    choices = choices_of(Key.AGENT, agents, "gone")
    assert [(choice.value, choice.own) for choice in choices] == [("gone", True), ("a", False), (None, False)]
    assert choices[0].tally == Tally()
    assert choices_of(Key.AGENT, (), "gone", counted=False)[0].tally is None
    assert "file.read" in [choice.value for choice in choices_of(Key.TYPE, TYPES, "file.read")]


def test_the_own_group_is_unfolded_first_then_the_largest_that_fit() -> None:
    choices = choices_of(Key.TYPE, TYPES, "auth.login")
    assert first_open(choices) == {"auth.*", "mcp.*"}
    many = [FacetValue(f"{group}.{name}", Tally(9)) for group in "ab" for name in range(20)]
    assert first_open(choices_of(Key.TYPE, many, "b.3")) == {"b.*"}


def test_folded_values_are_hidden_until_they_match() -> None:
    choices = choices_of(Key.TYPE, TYPES, None)
    assert [choice.value for choice in narrow(choices, "", set())[0]] == ["mcp.*", "api.request", "auth.*", "plain"]
    shown, hidden = narrow(choices, "LOGIN", set())
    assert [choice.value for choice in shown] == ["auth.*", "auth.login"]
    assert hidden == 5


def test_nothing_matches_nothing() -> None:
    assert narrow(choices_of(Key.TYPE, TYPES, None), "zeta", set()) == ([], 6)
