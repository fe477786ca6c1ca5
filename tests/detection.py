"""Events as the engine sees them, and short words for what tests ask of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from config.budgets import Budget
from detect.engine.engine import Engine
from detect.engine.findings import FoundIncident, StatePiece
from detect.rules.load import load_texts
from detect.rules.model import RuleSet
from store.events import FINAL_STATUSES, NewEvent
from store.observed import ObservedEvent

START_US: Final = 1_795_356_126_000_000
"""2026-11-22 14:02:06 UTC, a Sunday: when the events of tests begin."""
SECOND: Final = 1_000_000


def new_event(**fields: Any) -> NewEvent:
    """Return an event of these fields; `metadata` is a dictionary."""
    if "duration_ms" in fields:
        fields["duration_us"] = int(fields.pop("duration_ms") * 1000)
    return NewEvent(**fields)


def seen(
    event: NewEvent, at_us: int, seq: int, *, arrived_us: int | None = None, row_id: int = 0, computed_microusd: int = 0
) -> ObservedEvent:
    """Return a stored event: it arrived when it happened, if nothing else is said."""
    arrived_us = at_us if arrived_us is None else arrived_us
    settles = event.event_type in ("mcp.tool_call", "mcp.tool_result") and event.status in FINAL_STATUSES
    row_id = row_id or (at_us // 1000 << 21 | seq)
    return ObservedEvent(row_id, seq, at_us, arrived_us, event, int(settles), computed_microusd)


def observed(*told: tuple[float, dict[str, Any]]) -> list[ObservedEvent]:
    """Return events told as (seconds after the start, fields), in order of arrival.

    Among the fields may be `computed_microusd`, which the store finds out.
    """
    return [
        seen(
            new_event(**{name: value for name, value in fields.items() if name != "computed_microusd"}),
            START_US + round(after_s * SECOND),
            seq,
            computed_microusd=fields.get("computed_microusd", 0),
        )
        for seq, (after_s, fields) in enumerate(told, 1)
    ]


def rules(text: str) -> RuleSet:
    """Return the rules of a text; nothing in it is wrong."""
    found = load_texts([("rules.yml", text.encode())])
    assert [str(problem) for problem in found.problems] == []
    return found


class Alerts:
    """What an engine has found so far, as a store would have it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.by_id: dict[str, FoundIncident] = {}
        self.pieces: dict[tuple[str, str], bytes] = {}

    def run(self, engine: Engine, events: Sequence[ObservedEvent]) -> Alerts:
        """Let the engine see events, and keep what it found and what it remembers."""
        found = engine.observe(events)
        for one in found.absorbed:
            self.by_id.pop(one.gone, None)
        self.by_id.update({one.id: one for one in found.incidents})
        for piece in engine.changes():
            if piece.data is None:
                self.pieces.pop((piece.owner, piece.key), None)
            else:
                self.pieces[piece.owner, piece.key] = piece.data
        return self

    def kept(self) -> Iterable[StatePiece]:
        """Return the engine's memory as it was kept."""
        return [StatePiece(owner, key, data) for (owner, key), data in self.pieces.items()]

    def remembered(self) -> dict[tuple[str, Any], Any]:
        """Return what the kept pieces say, however they are divided; nothing was forgotten."""
        found: dict[tuple[str, Any], Any] = {}
        for (owner, name), data in sorted(self.pieces.items(), key=lambda piece: int(piece[0][1] or 0)):
            said: Any = msgspec.msgpack.decode(data)
            if name:
                found |= {(owner, tuple(key)): state for key, state in said[1]}
            else:
                found[owner, None] = said
        return found

    def incidents(self) -> list[FoundIncident]:
        """Return all incidents in order of time."""
        return sorted(self.by_id.values(), key=lambda one: (one.first_us, one.rule_id, str(one.key)))

    def essence(self) -> list[tuple[Any, ...]]:
        """Return what does not depend on the order in which events came."""
        return [
            (one.rule_id, one.key, one.first_us, one.last_us, one.count, one.evidence, one.explanation, one.historical)
            for one in self.incidents()
        ]


def engine_of(
    found: RuleSet, kept: Iterable[StatePiece] = (), now_us: int = START_US, budgets: Sequence[Budget] = ()
) -> Engine:
    """Return an engine whose clock stands still, and whose calendar is that of UTC."""
    return Engine(found, kept, clock=lambda: now_us, budgets=budgets, utc=True)


def alerts_of(found: RuleSet, events: Sequence[ObservedEvent], budgets: Sequence[Budget] = ()) -> list[FoundIncident]:
    """Return the incidents that events lead to."""
    return Alerts().run(engine_of(found, budgets=budgets), events).incidents()
