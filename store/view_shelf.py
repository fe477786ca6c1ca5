"""Where one's own views are kept: a table of the store."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col

from store.session import writing
from store.store import Store
from store.tables import SavedView as Row
from store.views import LONGEST_NAME, SavedView, ViewNameError


class ViewShelf:
    """Changes the views of one open store."""

    def __init__(self, store: Store) -> None:
        """Work on this store."""
        self._store = store

    def save(self, view: SavedView) -> None:
        """Keep a view; one of the same name is replaced.

        Raises:
            ViewNameError: the name is empty or too long.
        """
        name = view.name.strip()
        if not name or len(name) > LONGEST_NAME:
            raise ViewNameError
        kept = Row(
            name=name,
            query=view.query,
            columns=",".join(view.columns),
            sort=view.sort,
            saved_us=self._store.clock(),
        )
        with writing(self._store.engine, self._store.lock, self._store.path) as session:
            session.merge(kept)

    def delete(self, name: str) -> bool:
        """Drop a view; return whether there was one."""
        with writing(self._store.engine, self._store.lock, self._store.path) as session:
            return session.connection().execute(delete(Row).where(col(Row.name) == name)).rowcount > 0
