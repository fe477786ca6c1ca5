"""What one rule remembers of its keys: bounded, the least recently touched goes first, and changes are listed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final, Generic, Protocol, TypeVar

from detect.engine.journal import Journal
from detect.engine.keys import GroupKey
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

    def __init__(self, kind: type[S], make: Callable[[], S], over: Callable[[S], bool] = lambda _: False) -> None:
        """Start empty; `make` gives the state of a key that is met for the first time.

        `over`: nothing of it can matter any more, so that it is no loss where it is shed.
        """
        self._over: Final = over
        self._journal: Final = Journal(kind)
        self._make: Final = make
        # Not a plain dict: that gets slow where what is oldest is dropped again and again.
        self._states: Final[OrderedDict[GroupKey, S]] = OrderedDict()
        self.look: Final = self._states.get
        """The state of a key, without touching it; None where nothing is remembered."""
        self._changed: dict[GroupKey, None] = {}
        self._weight = 0
        self._touches = 0
        self._forgotten = 0
        """Everything that was touched before this, or then, is forgotten."""
        self.shed_keys = 0

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._states)

    def items(self) -> Iterator[tuple[GroupKey, S]]:
        """Walk all keys, the least recently touched first."""
        return iter(self._states.items())

    def touch(self, key: GroupKey) -> S:
        """Return the state of a key that is about to change."""
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= MOST_KEYS:
                self._shed()
            state = self._states[key] = self._make()
        else:
            self._states.move_to_end(key)
        self._touches = state.touched = self._touches + 1
        self._changed[key] = None
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
        states = self._states
        key, state = states.popitem(last=False)
        for _ in range(_CHANCES):
            if not state.busy:
                break
            self._touches = state.touched = self._touches + 1
            self._changed[key] = None
            states[key] = state
            key, state = states.popitem(last=False)
        self._weight -= state.weight
        self._forgotten = state.touched
        self._changed.pop(key, None)
        self.shed_keys += not self._over(state)

    def changes(self) -> list[tuple[str, bytes | None]]:
        """Return the pieces that say what changed since the last call, as (name, data); None: it is dropped."""
        changed, self._changed = self._changed, {}
        return self._journal.write(changed, self._states, self._forgotten)

    def restore(self, pieces: list[tuple[str, bytes]]) -> None:
        """Take kept pieces in, in whatever order they come.

        Raises:
            ValueError: they are none.
        """
        states = self._journal.read(pieces)
        self._states.clear()
        self._states.update(states)
        self._touches = states[-1][1].touched if states else 0
        self._weight = sum(state.weight for state in self._states.values())
