"""Saved views as they are offered, and what is shown as it is saved."""

from __future__ import annotations

import pytest

from store.filters.model import Filter
from store.searching import Sort
from store.views import SHIPPED, SavedView
from tui.search_order import BY_TIME, sort_named, sort_text
from tui.shown_view import ShownView, matching, offers_of

MINE = SavedView("Mine", "agent:a -status:success", ("tool", "time"), "cost:asc")


@pytest.mark.parametrize("view", [MINE, SavedView("all", ""), *SHIPPED], ids=lambda view: view.name)
def test_a_view_that_is_shown_and_saved_again_is_the_same(view: SavedView) -> None:
    (offer,) = offers_of([view], utc=False)
    assert offer.shown is not None
    again = offer.shown.saved(view.name)
    assert (again.name, again.query, again.columns, again.sort) == (view.name, view.query, view.columns, view.sort)


def test_times_are_read_in_the_zone_of_the_screen() -> None:
    (offer,) = offers_of([SavedView("x", "since:10:30")], utc=True)
    assert offer.shown == ShownView(Filter.parsed("since:10:30", utc=True))


def test_one_that_cannot_be_understood_says_why() -> None:
    (offer,) = offers_of([SavedView("old", "agnet:x")], utc=False)
    assert offer.shown is None
    assert offer.error.startswith("there is no key agnet:")


def test_columns_and_orders_that_are_not_known_are_passed_over() -> None:
    (offer,) = offers_of([SavedView("odd", "", ("tool", "colour"), "size:desc")], utc=False)
    assert offer.shown == ShownView(Filter(), ("tool",), BY_TIME)


@pytest.mark.parametrize("sort", [Sort("cost"), Sort("agent", descending=False), BY_TIME])
def test_an_order_is_read_back(sort: Sort) -> None:
    assert sort_named(sort_text(sort)) == sort


def test_the_text_is_found_in_names_and_queries() -> None:
    offers = offers_of([MINE, *SHIPPED], utc=False)
    assert [one.view.name for one in matching(offers, " MINE ")] == ["Mine"]
    assert [one.view.name for one in matching(offers, "cost:>")] == ["Expensive requests"]
    assert matching(offers, "") == offers
    assert matching(offers, "nothing like it") == []


def test_what_has_no_place_on_live_is_named() -> None:
    assert ShownView(Filter()).arrangement_words == ""
    assert ShownView(Filter(), ("tool",), Sort("cost")).arrangement_words == "columns and order"
    assert ShownView(Filter(), (), Sort("cost")).arrangement_words == "order"
