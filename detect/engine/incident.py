"""One incident: what one alert shows, growing while its rule goes on to match for the same key."""

from __future__ import annotations

from bisect import bisect_left, insort
from hashlib import blake2b

import msgspec

from detect.engine.limits import SHOWN_VALUES


class Anchor(msgspec.Struct, gc=False, frozen=True):
    """The event at which a rule holds. Times are UTC microseconds."""

    at_us: int
    row_id: int
    seq: int
    """Of the event that brought it about: a late one brings about anchors that are younger than itself."""
    historical: bool


class Incident(msgspec.Struct, array_like=True, gc=False):
    """Grows by anchors (moments at which the rule holds) and by the events that show it.

    Nothing in it but `opened_seq` and the identity depends on the order in which it grew.
    """

    id: str
    """16 hexadecimal digits, of rule, key and the anchor that opened it."""
    opened_seq: int
    from_us: int
    """First anchor."""
    to_us: int
    """Last anchor."""
    first_us: int
    """First event."""
    last_us: int
    """Last event."""
    count: int = 0
    """Events that show it."""
    evidence: list[tuple[int, int]] = []
    """(time, row id), in order: the first and the last half of what is kept."""
    values: list[str] = []
    """Values that were told apart, the first in the order of the alphabet."""
    peak: int = 0
    """The greatest number (of events, values, rules) within one time span."""
    historical: bool = True
    """Whether every anchor was old when it arrived."""
    numbers: dict[str, float] = {}
    """What else the explanation needs."""
    words: dict[str, str] = {}
    """What else it needs that is no number."""

    @classmethod
    def opened(cls, owner: str, key: str, anchor: Anchor) -> Incident:
        """Return a new one, without events."""
        name = f"{owner}\0{key}\0{anchor.at_us}\0{anchor.row_id}".encode("utf-8", "backslashreplace")
        at_us = anchor.at_us
        identity = blake2b(name, digest_size=8).hexdigest()
        return cls(identity, anchor.seq, at_us, at_us, at_us, at_us, evidence=[], values=[], numbers={}, words={})

    def holds_at(self, anchor: Anchor, peak: int) -> None:
        """Take an anchor in; the same one again changes nothing."""
        self.from_us = min(self.from_us, anchor.at_us)
        self.to_us = max(self.to_us, anchor.at_us)
        self.peak = max(self.peak, peak)
        self.historical = self.historical and anchor.historical

    def shows(self, at_us: int, row_id: int, value: str | None, most: int) -> None:
        """Take an event in that was not taken in before; at most `most` are kept."""
        self.count += 1
        self.first_us = min(self.first_us, at_us)
        self.last_us = max(self.last_us, at_us)
        self._keep(at_us, row_id, most)
        if value is not None:
            self._name(value)

    def absorb(self, other: Incident, most: int) -> None:
        """Take all of another incident in."""
        self.from_us, self.to_us = min(self.from_us, other.from_us), max(self.to_us, other.to_us)
        self.first_us, self.last_us = min(self.first_us, other.first_us), max(self.last_us, other.last_us)
        self.count += other.count
        self.peak = max(self.peak, other.peak)
        self.historical = self.historical and other.historical
        self.words = {**other.words, **self.words}
        for at_us, row_id in other.evidence:
            self._keep(at_us, row_id, most)
        for value in other.values:
            self._name(value)

    def _keep(self, at_us: int, row_id: int, most: int) -> None:
        insort(self.evidence, (at_us, row_id))
        if len(self.evidence) > most:
            del self.evidence[most // 2]

    def _name(self, value: str) -> None:
        at = bisect_left(self.values, value)
        if at < len(self.values) and self.values[at] == value:
            return
        self.values.insert(at, value)
        del self.values[SHOWN_VALUES + 1 :]  # one more than is shown tells that there are more
