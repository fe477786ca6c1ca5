"""What the command line hands to the dashboard for keeping views and copying commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.view_tools import StoreViews, command_place
from store.errors import StoreMissingError
from store.scope import EVERYTHING, Scope
from store.views import SHIPPED, SavedView, ViewNameError
from tests.events import open_reader, open_store
from tui.command_line import CommandPlace

if TYPE_CHECKING:
    from pathlib import Path

MINE = SavedView("mine", "agent:a", ("time", "tool"), "cost:desc")


def test_views_reach_the_store(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        path = store.path
    actions = StoreViews(path)
    actions.save_view(MINE)
    reader = open_reader(tmp_path)
    assert reader.saved_views()[0] == MINE
    with pytest.raises(ViewNameError):
        actions.save_view(SavedView(" ", ""))
    assert actions.delete_view("mine")
    assert not actions.delete_view("mine")
    assert reader.saved_views() == list(SHIPPED)
    reader.close()


def test_nothing_is_made_where_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        StoreViews(tmp_path / "none.db").save_view(MINE)
    assert not (tmp_path / "none.db").exists()


def test_only_a_store_in_another_place_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    usual = tmp_path / "auditail" / "auditail.db"
    assert command_place(usual, EVERYTHING, utc=True) == CommandPlace(None, None, utc=True)
    other = type(usual)("sub/../s.db")
    assert command_place(other, Scope(("acme",)), utc=False) == CommandPlace(str(tmp_path / "s.db"), ("acme",))
