"""The simulated agent platform: an endless stream of native events at about a rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.simulate.interleave import Interleaver
from ingest.simulate.programme import Programme
from ingest.simulate.rhythm import Waves
from ingest.simulate.stage import MS, SECOND, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.simulate.stage import Event

_MOST_REPAID: Final = 0.3
"""By how much ordinary work slows down to pay for an incident's events."""


class Platform:
    """Iterate over it for (UTC microseconds, native event) in order of arrival, without end.

    The same seed, start, rate and anchor give the same events, each time it is iterated. A few events are older
    than the one before. Incidents begin 40 s after the anchor (default: the start) and about every 200 s around it.
    """

    def __init__(self, seed: int, start_us: int, rate: float, *, anchor_us: int | None = None) -> None:
        """Begin at `start_us` with about `rate` events per second.

        Raises:
            ValueError: the rate is not greater than zero.
        """
        if not rate > 0:
            raise ValueError(f"The rate must be greater than 0 events per second, not {rate:g}.")
        self._seed: Final = seed
        self._start_us: Final = -(-start_us // MS) * MS
        self._rate: Final = rate
        self._anchor_us: Final = start_us if anchor_us is None else anchor_us

    def __iter__(self) -> Iterator[tuple[int, Event]]:
        """Tell everything from the start again."""
        stage = Stage(self._seed, self._start_us)
        programme = Programme(stage, start_us=self._start_us, anchor_us=self._anchor_us)
        waves, interleaver = Waves(self._seed), Interleaver(stage)
        now_us, told, debt = self._start_us, 0, 0.0
        while True:
            yield from interleaver.until(now_us)
            incident = programme.incident(now_us, told)
            if incident is not None:
                for at_us, event in incident(stage, now_us):
                    interleaver.add(at_us, event)
                    debt += 1
            length = 0
            for at_us, event in programme.ordinary()(stage, now_us):
                interleaver.add(at_us, event)
                length += 1
            repaid = min(debt, length * _MOST_REPAID)
            debt -= repaid
            told += length + round(repaid)
            gap_s = (length + repaid) / (self._rate * waves.weight(now_us)) * stage.dice.uniform(0.4, 1.6)
            now_us += max(MS, round(gap_s * SECOND / MS) * MS)
