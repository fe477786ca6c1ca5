"""Saved views as they are offered: one's own, then the shipped ones."""

from __future__ import annotations

from sqlmodel import col, select

from store.query.access import Access
from store.tables import SavedView as Row
from store.views import SHIPPED, SavedView


def saved_views(access: Access) -> list[SavedView]:
    """Return all views: one's own by name, then those shipped ones that none of them replaces."""
    columns = (col(Row.name), col(Row.query), col(Row.columns), col(Row.sort))
    own = [
        SavedView(name, query, tuple(filter(None, shown.split(","))), sort)
        for name, query, shown, sort in access.fetch(select(*columns))
    ]
    own.sort(key=lambda view: (view.name.casefold(), view.name))
    names = {view.name for view in own}
    return [*own, *(view for view in SHIPPED if view.name not in names)]
