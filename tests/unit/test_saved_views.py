"""Saved views: kept, replaced, dropped, and offered beside the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.filters.model import Filter
from store.store import Store
from store.view_shelf import ViewShelf
from store.views import LONGEST_NAME, SHIPPED, SavedView, ViewNameError
from tests.conftest import ROOT
from tests.events import open_reader, open_store

MINE = SavedView("mine", "agent:a -status:success", ("time", "tool"), "cost:desc")


def names(path: Path) -> list[str]:
    reader = open_reader(path)
    found = [view.name for view in reader.saved_views()]
    reader.close()
    return found


def shelf(store: Store) -> ViewShelf:
    return ViewShelf(store)


def test_a_view_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        shelf(store).save(MINE)
    reader = open_reader(tmp_path)
    assert reader.saved_views() == [MINE, *SHIPPED]
    reader.close()


def test_one_of_the_same_name_is_replaced_also_a_shipped_one(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        shelf(store).save(MINE)
        shelf(store).save(SavedView("mine", "agent:b"))
        shelf(store).save(SavedView("Zoo", ""))
        shelf(store).save(SavedView(f" {SHIPPED[0].name} ", "has:error"))
        assert names(tmp_path) == [SHIPPED[0].name, "mine", "Zoo", *(view.name for view in SHIPPED[1:])]
        assert shelf(store).delete("Zoo")
        assert shelf(store).delete("mine")
        assert shelf(store).delete(SHIPPED[0].name)
        assert not shelf(store).delete("mine")
    assert names(tmp_path) == [view.name for view in SHIPPED]


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1)])
def test_a_name_says_something(tmp_path: Path, name: str) -> None:
    with open_store(tmp_path) as store, pytest.raises(ViewNameError):
        shelf(store).save(SavedView(name, ""))


@pytest.mark.parametrize("view", SHIPPED, ids=lambda view: view.name)
def test_shipped_views_are_queries_in_their_own_form(view: SavedView) -> None:
    assert Filter.parsed(view.query).text == view.query


def test_the_page_on_views_names_the_shipped_ones() -> None:
    page = (ROOT / "docs" / "views.md").read_text("utf-8")
    assert [view.name for view in SHIPPED if f"| {view.name} | `{view.query}` |" not in page] == []
