"""What the store must answer, worked out in plain Python over a list: slow, obvious, and without a line of SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from store.events import DENIAL, ERROR, NewEvent
from store.filters.model import Clause, Field, Filter
from store.service import Tally

COLUMN: Final = {
    Field.AGENT: "agent_id",
    Field.USER: "user_id",
    Field.TENANT: "tenant_id",
    Field.HOST: "host",
    Field.TYPE: "event_type",
    Field.TOOL: "tool",
    Field.SERVER: "server",
    Field.MODEL: "model",
    Field.STATUS: "status",
    Field.REQUEST: "request_id",
    Field.SESSION: "session_id",
    Field.TRACE: "trace_id",
    Field.CALL: "call_id",
}
_LAST_MS: Final = 4_102_444_800_000


def matches(glob: str, text: str) -> bool:
    """Return whether a text matches a value of a clause."""
    if not glob:
        return not text
    if glob.startswith(r"\*"):
        return text.startswith("*") and matches(glob[2:], text[1:])
    if glob[0] == "*":
        return any(matches(glob[1:], text[cut:]) for cut in range(len(text) + 1))
    return text[:1] == glob[0] and matches(glob[1:], text[1:])


def holds(clause: Clause, event: NewEvent) -> bool:
    """Return whether an event passes a clause."""
    value: str | None = getattr(event, COLUMN[clause.field])
    hit = any((value is None) if glob is None else value is not None and matches(glob, value) for glob in clause.values)
    return hit is not clause.negated


def passes(what: Filter, event: NewEvent) -> bool:
    """Return whether an event passes a filter."""
    ts_us = event.ts_us or 0
    in_time = (what.since_us is None or ts_us >= what.since_us) and (what.before_us is None or ts_us < what.before_us)
    return in_time and all(holds(clause, event) for clause in what.clauses)


def trouble(event: NewEvent) -> int:
    """Return the error and denial bits, by the definition in words."""
    error = event.status in ("failure", "timeout") or event.event_type in ("agent.error", "auth.failed")
    denial = event.status == "denied" or event.event_type == "permission.denied"
    return error * ERROR | denial * DENIAL


@dataclass(frozen=True, slots=True)
class Kept:
    """An event at its place: numbers of arrival begin with 1."""

    id: int
    seq: int
    event: NewEvent


class Reference:
    """The events of a store, limited to some tenants or not."""

    def __init__(self, events: Iterable[NewEvent], tenants: Sequence[str] | None = None) -> None:
        """Take events in order of arrival."""
        kept = [
            Kept(min(max((event.ts_us or 0) // 1000, 0), _LAST_MS) << 21 | seq, seq, event)
            for seq, event in enumerate(events, 1)
        ]
        self.last_seq = len(kept)
        self.kept = sorted(
            (one for one in kept if tenants is None or one.event.tenant_id in tenants), key=lambda one: one.id
        )

    def all(self, what: Filter, *, counted: bool = True) -> list[Kept]:
        """Return what passes, in order of time; `counted` leaves rows with counts=0 out."""
        return [one for one in self.kept if passes(what, one.event) and (one.event.counts or not counted)]

    def tally(self, what: Filter, start_us: int, end_us: int) -> Tally:
        """Return the tally of a window."""
        return tally_of(one for one in self.all(what) if start_us <= (one.event.ts_us or 0) < end_us)

    def facet(self, by: Field, what: Filter, start_us: int, end_us: int) -> dict[str | None, Tally]:
        """Return the tally of each value in a window."""
        groups: dict[str | None, list[Kept]] = {}
        for one in self.all(what):
            if start_us <= (one.event.ts_us or 0) < end_us:
                groups.setdefault(getattr(one.event, COLUMN[by]), []).append(one)
        return {value: tally_of(group) for value, group in groups.items()}

    def minutes(self) -> dict[tuple[int, str | None], Tally]:
        """Return the tally of each minute of sort time and tenant."""
        groups: dict[tuple[int, str | None], list[Kept]] = {}
        for one in self.all(Filter()):
            groups.setdefault(((one.id >> 21) // 60_000, one.event.tenant_id), []).append(one)
        return {key: tally_of(group) for key, group in groups.items()}


def tally_of(found: Iterable[Kept]) -> Tally:
    """Return the tally of some events."""
    bits = Counter(trouble(one.event) for one in found)
    both = bits[ERROR | DENIAL]
    return Tally(bits.total(), bits[ERROR] + both, bits[DENIAL] + both)
