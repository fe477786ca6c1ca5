"""How what a rule remembers is kept: as a journal of what changed, a few pieces a batch however many keys there are.

Each piece has the keys that changed, as they were then; the newest word on a key counts. What was forgotten needs no
word of its own: always those go that were not touched for longest, so each piece says how far that went. Once the
pieces hold about twice as much as there is to remember, what still counts in the oldest of them is written anew and
they are dropped: a batch never writes more than twice what it changed, and a little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from detect.engine.keys import GroupKey

MOST_OF_PIECE: Final = 256
"""Keys in one piece."""
_SLACK: Final = 512
"""So much more than twice what there is to remember may be kept."""


class Touched(Protocol):
    """What is remembered of one key."""

    touched: int
    """Grows with each touch of any key."""


S = TypeVar("S", bound=Touched)


class Journal(Generic[S]):
    """The pieces of one rule. A piece's name is a number that grows."""

    def __init__(self, kind: type[S]) -> None:
        """Begin without pieces; `kind` is what is remembered of a key."""
        entry: Any = tuple[GroupKey, kind]
        self._decoder: Final = msgspec.msgpack.Decoder(tuple[int, list[entry]])
        self._keys: dict[int, list[GroupKey]] = {}
        """By number, the oldest piece first: the keys that were written."""
        self._last_of: dict[GroupKey, int] = {}
        """The piece that has the newest word on a key."""
        self._written = 0
        self._next = 1

    def write(
        self, changed: Iterable[GroupKey], states: Mapping[GroupKey, S], forgotten: int
    ) -> list[tuple[str, bytes | None]]:
        """Return the pieces that say what changed, and those that are dropped (None), as (name, data).

        `states` is all that is remembered; what was touched up to `forgotten` is not any more.
        """
        keys = [key for key in changed if key in states]
        if not keys:
            return []
        dropped = self._evacuate(keys, states)
        pieces: list[tuple[str, bytes | None]] = [(str(number), None) for number in dropped]
        for low in range(0, len(keys), MOST_OF_PIECE):
            part = keys[low : low + MOST_OF_PIECE]
            pieces.append((str(self._next), msgspec.msgpack.encode((forgotten, [(key, states[key]) for key in part]))))
            self._add(self._next, part)
        return pieces

    def _add(self, number: int, keys: list[GroupKey]) -> None:
        self._keys[number] = keys
        self._last_of.update(dict.fromkeys(keys, number))
        self._written += len(keys)
        self._next = number + 1

    def _evacuate(self, keys: list[GroupKey], states: Mapping[GroupKey, S]) -> list[int]:
        """Add what still counts in the oldest pieces, where much is kept; return the pieces that can be dropped."""
        fresh, last_of = set(keys), self._last_of
        most = len(keys) * 2 + MOST_OF_PIECE
        dropped: list[int] = []
        while self._keys and self._written + len(keys) > 2 * len(states) + _SLACK and len(keys) < most:
            number = next(iter(self._keys))
            written = self._keys.pop(number)
            self._written -= len(written)
            dropped.append(number)
            for key in written:
                if last_of.get(key) != number:
                    continue
                if key not in states:
                    del last_of[key]
                elif key not in fresh:
                    fresh.add(key)
                    keys.append(key)
        return dropped

    def read(self, pieces: Iterable[tuple[str, bytes]]) -> list[tuple[GroupKey, S]]:
        """Take kept pieces in, in whatever order they come; return what they say, what was touched last at the end.

        Raises:
            ValueError: they are no pieces of a journal.
        """
        states: dict[GroupKey, S] = {}
        forgotten = 0
        for name, data in sorted(pieces, key=lambda piece: int(piece[0])):
            until, entries = self._decoder.decode(data)
            forgotten = max(forgotten, until)
            states |= dict(entries)
            self._add(int(name), [key for key, _ in entries])
        return sorted(
            (pair for pair in states.items() if pair[1].touched > forgotten), key=lambda pair: pair[1].touched
        )
