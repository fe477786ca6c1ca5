"""What all stories of one run share: the dice, fresh ids, and the sessions that are open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from ingest.simulate.cast import Agent, User

Event: TypeAlias = dict[str, Any]
"""A native event: JSON values under canonical names; a field that is not known is left out."""

Beat: TypeAlias = tuple[int, Event]
"""When something happens (UTC microseconds) and its event, whose `timestamp` is still empty."""

MS: Final = 1_000
"""Microseconds in a millisecond."""

SECOND: Final = 1_000_000
"""Microseconds in a second."""

_SESSION_IDLE: Final = 20 * 60 * SECOND


class Stage:
    """The mutable part of a run. Two stages of the same seed and start give the same dice and the same ids."""

    def __init__(self, seed: int, start_us: int) -> None:
        """Seed the dice with both, so that two runs at different times never share an id."""
        self.dice: Final = Random(f"{seed}:{start_us}")
        self._sessions: Final[dict[tuple[str, str], tuple[str, int]]] = {}

    def chance(self, probability: float) -> bool:
        """Return True with this probability (0 to 1)."""
        return self.dice.random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number in [low, high]."""
        return low + int(self.dice.random() * (high - low + 1))

    def around(self, typical: float, spread: float = 0.35) -> int:
        """Return a positive whole number with this median, skewed as durations and sizes are."""
        return max(1, round(typical * self.dice.lognormvariate(0.0, spread)))

    def token(self, bits: int) -> str:
        """Return fresh random hexadecimal digits, `bits / 4` of them."""
        return f"{self.dice.getrandbits(bits):0{bits // 4}x}"

    def session(self, agent: Agent, user: User, at_us: int) -> str:
        """Return the id of the user's session with the agent; one that was idle for 20 minutes has ended."""
        key = (agent.name, user.name)
        known = self._sessions.get(key)
        session_id = known[0] if known is not None and at_us < known[1] else f"ses_{self.token(40)}"
        self._sessions[key] = (session_id, at_us + _SESSION_IDLE)
        return session_id


Story: TypeAlias = Callable[[Stage, int], Iterator[Beat]]
"""Tells one story that begins at a time (UTC microseconds, whole milliseconds).

The first beat happens exactly then; later beats come in order of time.
"""
