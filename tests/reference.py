"""What the store must answer, worked out in plain Python over a list: slow, obvious, and without a line of SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from store.events import DENIAL, ERROR, NewEvent
from store.filters.keys import Key
from store.filters.model import Filter
from store.ids import derived_id
from store.service import Tally
from tests.evaluator import COLUMN, Seen, holds, is_denial, is_error

_LAST_MS: Final = 4_102_444_800_000
_FINAL: Final = ("success", "failure", "denied", "timeout")


def passes(what: Filter, kept: Kept) -> bool:
    """Return whether an event passes a filter."""
    return what.expression is None or holds(what.expression, kept.seen, utc=what.utc)


def trouble(event: NewEvent) -> int:
    """Return the error and denial bits."""
    return is_error(event) * ERROR | is_denial(event) * DENIAL


def _no_price(event: NewEvent) -> int | None:
    del event


def _no_alert(seq: int) -> frozenset[int]:
    del seq
    return frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """An event at its place: numbers of arrival begin with 1."""

    id: int
    seq: int
    event: NewEvent
    seen: Seen


class Reference:
    """The events of a store, limited to some tenants or not."""

    def __init__(
        self,
        events: Iterable[NewEvent],
        tenants: Sequence[str] | None = None,
        path: str = "/logs/a.jsonl",
        price: Callable[[NewEvent], int | None] = _no_price,
        alerts: Callable[[int], frozenset[int]] = _no_alert,
    ) -> None:
        """Take events of one native file in order of arrival; tool calls among them have no call id.

        `alerts` tells which alerts an event, by its `seq`, is evidence of.
        """
        kept: list[Kept] = []
        times: Counter[bytes] = Counter()
        for seq, event in enumerate(events, 1):
            row_id = min(max((event.ts_us or 0) // 1000, 0), _LAST_MS) << 21 | seq
            event_id = event.event_id or derived_id(row_id, event.digest, times[event.digest])
            times[event.digest] += event.event_id is None
            outcome = event.event_type == "mcp.tool_call" and event.status in _FINAL
            kept.append(
                Kept(row_id, seq, event, Seen(event, event_id, path, "native", outcome, alerts(seq), price(event)))
            )
        self.last_seq = len(kept)
        self.kept = sorted(
            (one for one in kept if tenants is None or one.event.tenant_id in tenants), key=lambda one: one.id
        )

    def all(self, what: Filter, *, counted: bool = True) -> list[Kept]:
        """Return what passes, in order of time; `counted` leaves rows with counts=0 out."""
        return [one for one in self.kept if passes(what, one) and (one.event.counts or not counted)]

    def tally(self, what: Filter, start_us: int, end_us: int) -> Tally:
        """Return the tally of a window."""
        return tally_of(one for one in self.all(what) if start_us <= (one.event.ts_us or 0) < end_us)

    def facet(self, by: Key, what: Filter, start_us: int, end_us: int) -> dict[str | None, Tally]:
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
