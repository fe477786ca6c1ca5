"""The incidents of one key that may still grow, in one stream of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from detect.engine.incident import Anchor, Incident
from detect.engine.limits import LANES, LATENESS_US


class Lane(msgspec.Struct, array_like=True, gc=False):
    """A stream of one key: what came with a stated time near the newest of it.

    A key has several where old files are read while the present goes on: each is complete in itself.
    """

    newest_us: int
    incidents: list[Incident] = []

    def prune(self, reach_us: int) -> None:
        """Forget the incidents that nothing can be added to any more: those that ended `reach_us` before the newest."""
        if self.incidents and self.incidents[0].to_us < self.newest_us - reach_us:
            oldest_us = self.newest_us - reach_us
            self.incidents = [one for one in self.incidents if one.to_us >= oldest_us]

    def near(self, at_us: int, cool_down_us: int) -> list[Incident]:
        """Return the incidents that an anchor belongs to: more than one where it joins them."""
        return [one for one in self.incidents if one.from_us - cool_down_us <= at_us <= one.to_us + cool_down_us]

    def joined(self, found: list[Incident], most: int, absorbed: Callable[[Incident, Incident], None]) -> Incident:
        """Make one incident of several: the one that was opened first takes the others in."""
        first, *others = sorted(found, key=lambda one: (one.opened_seq, one.id))
        for other in others:
            first.absorb(other, most)
            self.incidents.remove(other)
            absorbed(other, first)
        return first

    def opened(self, owner: str, key: str, anchor: Anchor) -> Incident:
        """Return a new incident, kept here in order of time."""
        made = Incident.opened(owner, key, anchor)
        self.incidents.append(made)
        self.incidents.sort(key=lambda one: one.to_us)
        return made


L = TypeVar("L", bound=Lane)


def lane_at(lanes: list[L], at_us: int, reach_us: int, make: Callable[[int], L]) -> L:
    """Return the lane that an event of this time belongs to, and count it as its newest where it is.

    An event that is late for every lane, or so far ahead that nothing in them can belong to it (more than twice
    `reach_us`), begins another; there are at most `LANES`, and the oldest one gives way.
    """
    for index, lane in enumerate(lanes):
        if lane.newest_us - LATENESS_US <= at_us <= lane.newest_us + 2 * reach_us:
            if at_us > lane.newest_us:
                lane.newest_us = at_us
                if index:
                    lanes.sort(key=_newest_first)
            return lane
    made = make(at_us)
    if len(lanes) >= LANES:
        lanes.pop()
    lanes.append(made)
    lanes.sort(key=_newest_first)
    return made


def lane_near(lanes: Sequence[L], own: L, at_us: int, cool_down_us: int) -> L:
    """Return the lane that has an incident near this time; `own` where it has one, or none has.

    So what files hold that are read one after the other does not make several incidents of one.
    """
    if own.near(at_us, cool_down_us):
        return own
    return next((lane for lane in lanes if lane.near(at_us, cool_down_us)), own)


def _newest_first(lane: Lane) -> int:
    return -lane.newest_us
