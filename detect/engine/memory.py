"""What one rule remembers of its keys: bounded, the least recently touched goes first, and changes are listed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from detect.engine.keys import GroupKey, key_of_text, key_text
from detect.engine.limits import MOST_ENTRIES, MOST_KEYS

_CHANCES: Final = 8
"""So many keys with an open incident are passed over when one must go."""


class KeyState(Protocol):
    """What is remembered of one key."""

    touched: int
    """Grows with each touch within one memory: it keeps their order."""

    @property
    def weight(self) -> int:
        """How many matches it holds."""
        ...

    @property
    def busy(self) -> bool:
        """Whether it has an incident that may grow."""
        ...


S = TypeVar("S", bound=KeyState)


class Memory(Generic[S]):
    """States by group key, in order of the last touch."""

    def __init__(self, kind: type[S], make: Callable[[], S]) -> None:
        """Start empty; `make` gives the state of a key that is met for the first time."""
        self._decoder: Final = msgspec.msgpack.Decoder(kind)
        self._make: Final = make
        # Not a plain dict: that gets slow where what is oldest is dropped again and again.
        self._states: OrderedDict[GroupKey, S] = OrderedDict()
        self._changed: dict[GroupKey, None] = {}
        self._kept: set[GroupKey] = set()
        self._weight = 0
        self._touches = 0
        self.shed_keys = 0

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._states)

    def items(self) -> Iterator[tuple[GroupKey, S]]:
        """Walk all keys, the least recently touched first."""
        return iter(self._states.items())

    def look(self, key: GroupKey) -> S | None:
        """Return the state of a key without touching it; None where nothing is remembered."""
        return self._states.get(key)

    def touch(self, key: GroupKey) -> S:
        """Return the state of a key that is about to change."""
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= MOST_KEYS:
                self._shed()
            state = self._states[key] = self._make()
        else:
            self._states.move_to_end(key)
        self._touched(key, state)
        return state

    def weigh(self, difference: int) -> None:
        """Count matches that a state took in or let go, and shed keys where there are too many."""
        self._weight += difference
        if self._weight <= MOST_ENTRIES:
            return
        while self._weight > MOST_ENTRIES and len(self._states) > 1:
            self._shed()

    def _shed(self) -> None:
        """Forget the key that was not touched for longest; one with an open incident gets another chance."""
        for _ in range(_CHANCES):
            key, state = next(iter(self._states.items()))
            if not state.busy:
                break
            self._touched(key, state)
            self._states.move_to_end(key)
        key, state = self._states.popitem(last=False)
        self._weight -= state.weight
        self._changed[key] = None
        self.shed_keys += 1

    def _touched(self, key: GroupKey, state: S) -> None:
        self._touches += 1
        state.touched = self._touches
        self._changed[key] = None

    def changes(self) -> list[tuple[str, bytes | None]]:
        """Return what changed since the last call, as (key, data); None: forgotten."""
        changed: list[tuple[str, bytes | None]] = []
        for key in self._changed:
            state = self._states.get(key)
            if state is not None:
                self._kept.add(key)
                changed.append((key_text(key), msgspec.msgpack.encode(state)))
            elif key in self._kept:
                self._kept.discard(key)
                changed.append((key_text(key), None))
        self._changed.clear()
        return changed

    def restore(self, pieces: list[tuple[str, bytes]]) -> None:
        """Take kept states in, in whatever order they come."""
        states: list[tuple[GroupKey, Any]] = [(key_of_text(key), self._decoder.decode(data)) for key, data in pieces]
        states.sort(key=lambda pair: pair[1].touched)
        self._states = OrderedDict(states)
        self._kept = set(self._states)
        self._touches = states[-1][1].touched if states else 0
        self._weight = sum(state.weight for state in self._states.values())
