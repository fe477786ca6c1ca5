"""A result in another order than that of time: row ids, cut into pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from store.searching import Sort, SortedIds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.searching import SortKey

SORT_KEYS: Final[tuple[SortKey, ...]] = (
    "time", "duration", "tokens", "cost", "agent", "user", "type", "tool", "status",
)  # fmt: skip
_HIGHEST: Final[dict[SortKey, tuple[str, str]]] = {
    "time": ("newest last", "newest last"),
    "duration": ("longest first", "shortest first"),
    "tokens": ("most first", "fewest first"),
    "cost": ("highest first", "lowest first"),
}
BY_TIME: Final = Sort()


def order_words(sort: Sort) -> str:
    """Return `by duration, longest first`: how a list that is sorted so reads from its top."""
    down, up = _HIGHEST.get(sort.key, ("from Z to A", "from A to Z"))
    return f"by {sort.key}, {down if sort.descending else up}"


def first_direction(key: SortKey) -> Sort:
    """Return the order to begin with: the largest on top, names from A on."""
    return Sort(key, descending=key in _HIGHEST)


def sort_text(sort: Sort) -> str:
    """Return `KEY:asc` or `KEY:desc`, as it is kept with a view and as `--sort` takes it."""
    return f"{sort.key}:{'desc' if sort.descending else 'asc'}"


def sort_named(text: str) -> Sort:
    """Return the order that `sort_text` has written; that of time where the text names none."""
    name, _, way = text.partition(":")
    known: dict[str, SortKey] = {key: key for key in SORT_KEYS}
    return Sort(known[name], descending=way != "asc") if name in known else BY_TIME


@dataclass(frozen=True)
class SortedResult:
    """What was sorted, in its order: all of a result, or its newest part."""

    ids: tuple[int, ...]
    complete: bool
    called_off: bool = False
    place: dict[int, int] = field(default_factory=dict[int, int], repr=False)

    @classmethod
    def of(cls, answer: SortedIds, *, called_off: bool = False) -> SortedResult:
        """Return an answer with the place of every row at hand; `called_off`: somebody did not want to wait for all."""
        places = {row_id: place for place, row_id in enumerate(answer.ids)}
        return cls(answer.ids, answer.complete, called_off, places)

    @property
    def too_many(self) -> bool:
        """Whether there is more than can be sorted, so that only the newest are here."""
        return not self.complete and not self.called_off

    def page(self, place: int, size: int, at: str) -> tuple[int, Sequence[int]]:
        """Return the place of a page's first row and its ids.

        `at` all: the page around `place`; top (bottom): the page just above (below) the row at `place`.
        """
        if at == "top":
            start = max(place - size, 0)
            return start, self.ids[start:place]
        if at == "bottom":
            return place + 1, self.ids[place + 1 : place + 1 + size]
        start = min(max(place - size // 2, 0), max(len(self.ids) - size, 0))
        return start, self.ids[start : start + size]
