"""`--sort`, `--by` and `--period` as people write them, and how many rows are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from cli.analytics.report import DRAWN
from cli.problems import UsageProblem
from store.filters.keys import nearest

if TYPE_CHECKING:
    from cli.analytics.report import Column, Row

_WAYS: Final = {"": None, "desc": False, "asc": True}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Order:
    """By which field rows are sorted. `ascending` None: texts from A to Z, numbers from the greatest."""

    field: str
    ascending: bool | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """In which order rows are wanted, and how many; None: as the report is used to, and as the format is used to."""

    sort: str | None = None
    limit: int | None = None


def chosen(flag: str, text: str, known: type[Choice], among: Sequence[Choice] | None = None) -> Choice:
    """Return which of the known words a flag names.

    Raises:
        UsageProblem: it names none of them; the text says which was probably meant.
    """
    words = list(known) if among is None else list(among)
    found = next((one for one in words if one.value == text.casefold()), None)
    if found is None:
        names = tuple(one.value for one in words)
        raise UsageProblem(f"{flag} takes {', '.join(names)}, not {text!r}{_meant(text, names)}")
    return found


def order_of(text: str, columns: Sequence[Column], fields: Sequence[str]) -> Order:
    """Return the order that `KEY`, `KEY:asc` or `KEY:desc` names: a column, or a field of the JSON.

    Raises:
        UsageProblem: it names none.
    """
    name, _, way = text.partition(":")
    shown = {one.key: one.field for one in columns if one.kind not in DRAWN}
    keys = shown | {field: field for field in fields}
    field = keys.get(name.casefold())
    if field is None:
        raise UsageProblem(f"--sort takes {', '.join(shown)}, not {name!r}{_meant(name, tuple(keys))}")
    if way not in _WAYS:
        raise UsageProblem(f"--sort {name} can be followed by :asc or :desc, not :{way}")
    return Order(field, ascending=_WAYS[way])


def in_order(rows: Iterable[Row], order: Order) -> list[Row]:
    """Return rows in order; those without a value come last, equal ones keep their places."""
    listed = list(rows)
    known = [row for row in listed if row.get(order.field) is not None]
    upwards = any(isinstance(row[order.field], str) for row in known) if order.ascending is None else order.ascending
    known.sort(key=lambda row: row[order.field], reverse=not upwards)
    return known + [row for row in listed if row.get(order.field) is None]


def _meant(name: str, known: tuple[str, ...]) -> str:
    found = nearest(name, known)
    return f" (did you mean {found}?)" if found else ""
