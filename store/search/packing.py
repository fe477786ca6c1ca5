"""Several small numbers of a row in one, so that a whole window of rows can be counted out of a few texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import col

from store import dialect
from store.tables import Event

Tallies = dict[int, list[int]]
"""Events, errors and denials by value."""

_BITS: Final = 62
_TROUBLE_BITS: Final = 2
_TROUBLE_MASK: Final = 3


@dataclass(frozen=True, slots=True)
class Field:
    """A number of a row, below 2 ** `bits`; `name` is under what its tallies are kept."""

    name: str
    number: Any
    bits: int


class Packing:
    """Columns that hold all fields, each with the row's `trouble`."""

    def __init__(self, fields: Sequence[Field]) -> None:
        """Put as many fields into a column as it takes."""
        self._groups: list[list[Field]] = [[]]
        left = _BITS - _TROUBLE_BITS
        for field in fields:
            if field.bits > left:
                self._groups.append([])
                left = _BITS - _TROUBLE_BITS
            self._groups[-1].append(field)
            left -= field.bits

    @property
    def columns(self) -> list[Any]:
        """What to select: each column has all rows in one value."""
        return [dialect.joined(_packed(group)) for group in self._groups]

    def count(self, row: Sequence[Any], into: Mapping[str, Tallies]) -> list[int]:
        """Add the one row that a statement gave to the tallies by field; return the tally of all events."""
        whole = [0, 0, 0]
        for number, (group, found) in enumerate(zip(self._groups, row, strict=True)):
            counted = Counter(dialect.read_joined(found))
            for text, times in counted.items():
                packed = int(text)
                parts = (times, times * (packed & 1), times * (packed >> 1 & 1))
                if number == 0:
                    _add(whole, parts)
                packed >>= _TROUBLE_BITS
                for field in group:
                    _add(into[field.name].setdefault(packed & ((1 << field.bits) - 1), [0, 0, 0]), parts)
                    packed >>= field.bits
        return whole


def _packed(group: Sequence[Field]) -> Any:
    packed: Any = col(Event.trouble).op("&")(_TROUBLE_MASK)
    shift = _TROUBLE_BITS
    for field in group:
        packed = packed.op("|")(field.number.op("<<")(shift).self_group())
        shift += field.bits
    return packed


def _add(tally: list[int], more: Sequence[int]) -> None:
    for place, number in enumerate(more):
        tally[place] += number
