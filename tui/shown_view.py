"""What a list shows and how, as one value: to be saved under a name, brought back, and copied as a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.filters.errors import QueryError
from store.filters.model import Filter
from store.views import SavedView
from tui.search_columns import KINDS
from tui.search_order import BY_TIME, order_words, sort_named, sort_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.searching import Sort

_KNOWN: Final = frozenset(kind.name for kind in KINDS)


@dataclass(frozen=True, slots=True)
class ShownView:
    """A filter, the names of chosen columns (empty: the usual ones), and an order."""

    what: Filter
    columns: tuple[str, ...] = ()
    sort: Sort = BY_TIME

    def saved(self, name: str) -> SavedView:
        """Return it as it is kept."""
        return SavedView(name, self.what.text, self.columns, "" if self.sort == BY_TIME else sort_text(self.sort))

    @property
    def query_words(self) -> str:
        """The query for people."""
        return self.what.text or "all events"

    @property
    def column_words(self) -> str:
        """The columns for people."""
        return ", ".join(self.columns) or "the usual ones"

    @property
    def order_words(self) -> str:
        """The order for people."""
        return order_words(self.sort)

    @property
    def arrangement_words(self) -> str:
        """What is said of it beside its filter: `columns`, `order`, `columns and order`, or nothing."""
        parts = ("columns" if self.columns else "", "order" if self.sort != BY_TIME else "")
        return " and ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Offer:
    """A saved view as it is offered: what it shows, or None and why it cannot be shown."""

    view: SavedView
    shown: ShownView | None
    error: str = ""


def offers_of(views: Iterable[SavedView], *, utc: bool) -> list[Offer]:
    """Return what is offered. `utc`: times without a zone in a query are UTC, else local."""
    return [_offer(view, utc=utc) for view in views]


def _offer(view: SavedView, *, utc: bool) -> Offer:
    try:
        what = Filter.parsed(view.query, utc=utc)
    except QueryError as error:
        return Offer(view, None, str(error))
    columns = tuple(name for name in view.columns if name in _KNOWN)
    return Offer(view, ShownView(what, columns, sort_named(view.sort)))


def matching(offers: Sequence[Offer], text: str) -> list[Offer]:
    """Return those that have the text in their name or their query, whatever its case."""
    wanted = text.strip().casefold()
    return [one for one in offers if wanted in one.view.name.casefold() or wanted in one.view.query.casefold()]
