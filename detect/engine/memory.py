"""What one rule remembers of its keys: bounded, the least recently touched goes first, and changes are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from detect.engine.keys import GroupKey, key_of_text, key_text
from detect.engine.limits import MOST_ENTRIES, MOST_KEYS

_LOOKED_AT: Final = 64
"""So many of the least recently touched keys are looked at for one that has no open incident."""


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
        self._states: dict[GroupKey, S] = {}
        self._changed: dict[GroupKey, None] = {}
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
        state = self._states.pop(key, None)
        if state is None:
            state = self._make()
            if len(self._states) >= MOST_KEYS:
                self._shed()
        self._states[key] = state
        self._touches += 1
        state.touched = self._touches
        self._changed[key] = None
        return state

    def weigh(self, difference: int) -> None:
        """Count matches that a state took in or let go, and shed keys where there are too many."""
        self._weight += difference
        while self._weight > MOST_ENTRIES and len(self._states) > 1:
            self._shed()

    def _shed(self) -> None:
        victim = None
        for number, (key, state) in enumerate(self._states.items()):
            if victim is None:
                victim = key
            if not state.busy:
                victim = key
                break
            if number == _LOOKED_AT:
                break
        assert victim is not None
        self._weight -= self._states.pop(victim).weight
        self._changed[victim] = None
        self.shed_keys += 1

    def changes(self) -> list[tuple[str, bytes | None]]:
        """Return what changed since the last call, as (key, data); None: forgotten."""
        changed = [
            (key_text(key), None if (state := self._states.get(key)) is None else msgspec.msgpack.encode(state))
            for key in self._changed
        ]
        self._changed.clear()
        return changed

    def restore(self, pieces: list[tuple[str, bytes]]) -> None:
        """Take kept states in, in whatever order they come."""
        states: list[tuple[GroupKey, Any]] = [(key_of_text(key), self._decoder.decode(data)) for key, data in pieces]
        states.sort(key=lambda pair: pair[1].touched)
        self._states = dict(states)
        self._touches = states[-1][1].touched if states else 0
        self._weight = sum(state.weight for state in self._states.values())
