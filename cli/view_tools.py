"""What the dashboard is given to keep views, and to write commands that see what it sees."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from config.paths import default_store
from detect.rule_shelf import RuleShelf
from store.store import Store
from store.view_shelf import ViewShelf
from tui.command_line import CommandPlace
from tui.view_tools import ViewTools

if TYPE_CHECKING:
    from store.scope import Scope
    from store.views import SavedView


class StoreViews:
    """Implements `store.views.ViewActions`; the store is open for writing only while something is done."""

    def __init__(self, path: Path) -> None:
        """Act on the store at `path`."""
        self._path = path

    def save_view(self, view: SavedView) -> None:
        """See `ViewActions`."""
        with Store.open(self._path, create=False) as store:
            ViewShelf(store).save(view)

    def delete_view(self, name: str) -> bool:
        """See `ViewActions`."""
        with Store.open(self._path, create=False) as store:
            return ViewShelf(store).delete(name)


def view_tools(store: Path, scope: Scope, *, utc: bool, rules: str | None = None) -> ViewTools:
    """Return the tools for a store; `utc`: the settings show times in UTC.

    `rules` is the folder that drafted rules come into; None: there is none.
    """
    shelf = None if rules is None else RuleShelf(Path(rules))
    return ViewTools(StoreViews(store), command_place(store, scope, utc=utc), shelf)


def command_place(store: Path, scope: Scope, *, utc: bool) -> CommandPlace:
    """Return what a command has to say; the store's path, wherever the command is run, unless it is the usual one."""
    path = store.absolute()
    usual = path == default_store(os.environ).absolute()
    return CommandPlace(None if usual else os.path.normpath(path), scope.tenants, utc)
