"""Saved views: a filter, columns and an order under a name. Some are shipped, the others are kept in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from store.errors import StoreError

LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class SavedView:
    """What a list shows, and how.

    `query` is a filter's canonical text; `columns` empty: the usual ones; `sort` is `KEY:asc` or `KEY:desc`, empty: by
    time. `shipped`: it comes with the program and cannot be deleted, but one's own of the same name goes before it.
    """

    name: str
    query: str
    columns: tuple[str, ...] = ()
    sort: str = ""
    shipped: bool = False


_COSTS: Final = ("time", "type", "agent", "user", "model", "tokens", "cost", "status", "summary")
SHIPPED: Final = (
    SavedView("Failures in the last hour", "has:error since:-1h", shipped=True),
    SavedView("Denials", "has:denial", shipped=True),
    SavedView("Access across tenants", "has:cross-tenant", shipped=True),
    SavedView("Slow tools", "tool:* ms:>5s", sort="duration:desc", shipped=True),
    SavedView("Expensive requests", "cost:>0.05", columns=_COSTS, sort="cost:desc", shipped=True),
)
"""In the order in which they are offered, behind one's own."""


class ViewNameError(StoreError):
    """A name that no view can have."""

    def __init__(self) -> None:
        """Say what a name is."""
        super().__init__(f"give the view a name of at most {LONGEST_NAME} characters")


class ViewActions(Protocol):
    """What may be done with views. Safe to call from any thread; `StoreError` where the store cannot be written now."""

    def save_view(self, view: SavedView) -> None:
        """Keep a view; one of the same name is replaced."""
        ...

    def delete_view(self, name: str) -> bool:
        """Drop one of one's own views; return whether there was one."""
        ...
