"""A query among options, orders and columns: what people write on the command line."""

from __future__ import annotations

import pytest

from cli.filtering import filter_of
from cli.ordering import columns_of, sort_of
from cli.problems import UsageProblem
from cli.query_arguments import sorted_out
from cli.tallying import facet_key
from store.filters.keys import Key
from store.filters.model import Filter
from store.searching import Sort

VALUED = ("--agent", "--since", "-C")


@pytest.mark.parametrize(
    ("given", "parsed"),
    [
        ([], []),
        (["--follow"], ["--follow"]),
        (["agent:a", "--follow"], ["--follow", "--", "agent:a"]),
        (["-agent:x", "-f"], ["-f", "--", "-agent:x"]),
        (["--since", "-24h", "-status:success"], ["--since", "-24h", "--", "-status:success"]),
        (["--agent", "-agent:x"], ["--agent", "-agent:x"]),
        (["--agent=x", "b"], ["--agent=x", "--", "b"]),
        (["-(a", "OR", "b)"], ["--", "-(a", "OR", "b)"]),
        (['-"quota exceeded"'], ["--", '-"quota exceeded"']),
        (["-quota exceeded"], ["--", "-quota exceeded"]),
        (['-meta."a b":x'], ["--", '-meta."a b":x']),
        (["-agnet"], ["-agnet"]),
        (["--agnet:x"], ["--agnet:x"]),
        (["-C", "3", "x"], ["-C", "3", "--", "x"]),
        (["-"], ["--", "-"]),
        (["a", "--", "-b", "--follow"], ["--", "a", "-b", "--follow"]),
        (["--agent"], ["--agent"]),
    ],
)
def test_terms_are_told_from_options(given: list[str], parsed: list[str]) -> None:
    assert sorted_out(given, VALUED) == parsed


def test_flags_and_terms_are_one_filter() -> None:
    what = filter_of(agents=["a", "b*"], types=["mcp.*"], since="-1h", query=["-status:success", "quota"])
    assert what == Filter.parsed("agent:a,b* type:mcp.* since:-1h -status:success quota")
    assert filter_of(utc=True, before="10:30") == Filter.parsed("before:10:30", utc=True)
    assert not filter_of()
    assert filter_of(users=[r"a\*b"]) == Filter.parsed('user:"a*b"')


def test_a_wrong_query_is_pointed_at() -> None:
    with pytest.raises(UsageProblem) as caught:
        filter_of(query=["a", "ms:soon"])
    problem, query, place = str(caught.value).split("\n")
    assert problem.startswith("ms: takes a duration")
    assert (query, place) == ("  a ms:soon", "       ^^^^")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("duration", Sort("duration")),
        ("Cost:asc", Sort("cost", descending=False)),
        ("tokens:desc", Sort("tokens")),
        ("time:asc", Sort("time", descending=False)),
    ],
)
def test_orders(text: str, order: Sort) -> None:
    assert sort_of(text) == order


@pytest.mark.parametrize(
    ("text", "said"), [("durtion", "did you mean duration?"), ("x", "takes time"), ("cost:up", ":up")]
)
def test_other_orders_are_refused(text: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        sort_of(text)


def test_columns_are_taken_in_their_order() -> None:
    assert columns_of("tool, time,tool", ("time", "tool")) == ("tool", "time")
    with pytest.raises(UsageProblem, match="did you mean tool"):
        columns_of("tol", ("time", "tool"))
    with pytest.raises(UsageProblem, match="with commas"):
        columns_of(" , ", ("time", "tool"))


def test_facets_are_of_keys_with_few_values() -> None:
    assert facet_key("Agent") is Key.AGENT
    with pytest.raises(UsageProblem, match="did you mean tool"):
        facet_key("tols")
