"""Stands between appends and the engine: what is stored is looked at within the transaction that stores it.

The engine lives in memory, and the store has what it would be made of: pieces that are committed with the events that
changed them. Where a transaction was rolled back, or another process has kept pieces since (their number tells), a new
engine is made of them. Events that others have appended are read back and looked at first, so that all are in order;
where they are very many, a part at a time, and what is appended meanwhile waits its turn in the table.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from detect.at_work import at_work
from detect.engine.engine import ENGINE, WHOLE, Engine, EngineState
from detect.engine.findings import StatePiece
from detect.mistakes import MISTAKES, kind_of
from detect.rule_files import RuleFiles, rule_folders
from detect.rules.model import RuleSet
from detect.scout import CarefulScout
from store.alerts.incident import Found
from store.clock import now_us
from store.errors import StoreError
from store.safe_text import safe_text

if TYPE_CHECKING:
    from config.alerts import DetectionSettings
    from detect.engine.findings import Findings, InvariantState
    from store.alerts.keeping import Keeping
    from store.notes import Noted, Scout
    from store.observed import ObservedEvent

AT_ONCE: Final = 20_000
"""So many events of others are looked at in one transaction at most: twice a full append, so that a gap shrinks."""
_CHUNK: Final = 5_000
_MOST_MISTAKES: Final = 20
"""Events that are passed over one by one after a mistake; then the rest of the batch is."""
_LOOK_EVERY_S: Final = 1.0


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Detector:
    """A `store.observing.BatchObserver` around the engine. Not for several threads; the store's lock sees to it."""

    def __init__(
        self,
        settings: DetectionSettings,
        *,
        clock: Callable[[], int] = now_us,
        say: Callable[[str], None] = _to_stderr,
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the rules. `clock` gives UTC microseconds, `ticking` seconds; `say` gets a safe line at a time."""
        self.settings: Final = settings
        """Which rules, and who is told."""
        self._clock: Final = clock
        self._say: Final = say
        self._ticking: Final = ticking
        self._files: Final = RuleFiles(rule_folders(settings.rules))
        self._said: set[str] = set()
        self._problems: frozenset[str] = frozenset()
        self._found = RuleSet(())
        self._read()
        self._off: frozenset[str] | None = None
        self._rules = at_work(self._found, ())
        self._engine: Engine | None = None
        self._invariants: list[InvariantState] = []
        self._turn = -1
        self._behind = False
        self._measured = False
        self._look_due = 0.0
        self._scout: Scout | None = None

    def begin(self, keeping: Keeping, last_seq: int) -> None:
        """See `BatchObserver`."""
        self._heed_changes(keeping)
        if self._engine is not None and keeping.turn() != self._turn:
            self._engine = None
        engine = self._engine or self._begin_anew(keeping)
        self._behind = engine.last_seq < last_seq and self._catch_up(keeping)
        if not self._behind and not self._measured:
            self._measured = True
            self._measure(keeping)

    def heeds(self, by: str) -> bool:
        """See `BatchObserver`. What a query decides is asked of the rows, so that all must be shown."""
        engine = self._engine
        return engine is not None and by == engine.fingerprint and not engine.filters()

    def observe(
        self, keeping: Keeping, events: Sequence[ObservedEvent], noted: Sequence[Noted | None], last_seq: int
    ) -> None:
        """See `BatchObserver`. While others' events still wait, these wait with them in the table."""
        if self._behind:
            return
        try:
            self._try_noted(keeping, events, noted, last_seq)
        except MISTAKES as error:
            self._look_again(keeping, events, error)
            self._pass_over(keeping, last_seq)

    def scout(self, keeping: Keeping) -> Scout | None:
        """See `BatchObserver`. It asks what an engine of the rules asks that are at work now."""
        self._heed_changes(keeping)
        if self._scout is None:
            self._scout = CarefulScout(self._rules.rules, self.settings.budgets, self._say_once)
        return self._scout

    def tick(self, keeping: Keeping) -> bool:
        """See `BatchObserver`."""
        if self._behind or self._engine is None:
            return self._behind
        try:
            with keeping.attempt():
                self._keep(keeping, self._engine, self._engine.tick())
        except MISTAKES as error:
            self._engine = None
            self._say_once(f"alert rules: looking at the clock failed: {kind_of(error)}")
        return False

    def forget(self) -> None:
        """See `BatchObserver`."""
        self._engine = None

    def _heed_changes(self, keeping: Keeping) -> None:
        """Notice, at most once a second, that rules were changed or switched; then there is another engine."""
        now_s = self._ticking()
        if now_s < self._look_due and self._off is not None:
            return
        self._look_due = now_s + _LOOK_EVERY_S
        off, other = keeping.switched_off(), self._files.changed()
        if other:
            self._read()
        if other or off != self._off:
            self._off = off
            self._rules = at_work(self._found, off)
            self._engine = self._scout = None

    def _read(self) -> None:
        """Read the rules; each problem is said once, and again where it comes back after it was mended."""
        try:
            self._found = self._files.read()
        except MISTAKES as error:
            self._say_once(f"alert rules: they cannot be read, so nothing is changed: {kind_of(error)}")
            return
        lines = [f"alert rules: {problem}: the rule is left out" for problem in self._found.problems]
        for line in lines:
            if line not in self._problems:
                self._say(safe_text(line))
        self._problems = frozenset(lines)

    def _begin_anew(self, keeping: Keeping, *, passed_seq: int = 0) -> Engine:
        """Make an engine of what the store has; `passed_seq` is the last event that it must not look at any more."""
        pieces = [StatePiece(*piece) for piece in keeping.pieces()]
        state = _state_in(pieces) or EngineState(last_seq=keeping.observed_from())
        if passed_seq:
            state.last_seq = passed_seq
        own = StatePiece(ENGINE, WHOLE, msgspec.msgpack.encode(state))
        others = [piece for piece in pieces if piece.owner != ENGINE]
        try:
            engine = self._engine_of([own, *others])
            found = Found(pieces=[*engine.changes()])
        except MISTAKES as error:
            self._say_once(f"alert rules: what they remembered cannot be read, they begin anew: {kind_of(error)}")
            engine = self._engine_without([own])
            found = Found(pieces=[(owner, key, None) for owner, key, _ in others])
        if passed_seq:
            found.pieces.append(own)
        self._invariants = engine.invariants()
        found.invariants = self._rules.standing(self._invariants)
        found.all_invariants = True
        keeping.keep(found)
        self._turn = keeping.turn()
        self._engine = engine
        self._measured = False
        return engine

    def _measure(self, keeping: Keeping) -> None:
        """Tell the engine what budgets had spent before it knew of them; where it cannot be asked, they begin now."""
        engine = self._engine
        fresh = engine.unmeasured() if engine is not None else []
        if engine is None or not fresh:
            return
        try:
            spent = keeping.spent([one.budget for one in fresh], utc=self.settings.utc)
        except StoreError as error:
            self._say_once(f"alert rules: what budgets have spent so far cannot be read: {error}")
            return
        for one, amount in zip(fresh, spent, strict=True):
            engine.measured(one, amount)

    def _engine_without(self, pieces: Sequence[StatePiece]) -> Engine:
        """Return an engine that remembers nothing; where not even that can be made of the rules, one without any."""
        try:
            return self._engine_of(pieces)
        except MISTAKES as error:
            self._say_once(f"alert rules: none of them can be used: {kind_of(error)}")
            self._rules = at_work(RuleSet(()), ())
            return self._engine_of(pieces)

    def _engine_of(self, pieces: Sequence[StatePiece]) -> Engine:
        settings = self.settings
        return Engine(self._rules.rules, pieces, clock=self._clock, budgets=settings.budgets, utc=settings.utc)

    def _catch_up(self, keeping: Keeping) -> bool:
        """Look at what others have appended; return whether some of it still waits."""
        left = AT_ONCE
        while left > 0:
            assert self._engine is not None
            events = keeping.events_after(self._engine.last_seq, min(left, _CHUNK))
            if not events:
                return False
            self._look_at(keeping, events)
            left -= len(events)
        return True

    def _look_at(self, keeping: Keeping, events: Sequence[ObservedEvent]) -> None:
        """Look at events of others; where that fails, at one after the other, passing over the one that it fails at."""
        try:
            self._try(keeping, events)
        except MISTAKES as error:
            self._look_again(keeping, events, error)

    def _look_again(self, keeping: Keeping, events: Sequence[ObservedEvent], error: Exception) -> None:
        self._begin_anew(keeping)
        mistakes = 0
        for event in events:
            mistakes += not self._could_look_at(keeping, event)
            if mistakes >= _MOST_MISTAKES:
                self._begin_anew(keeping, passed_seq=events[-1].seq)
                break
        self._say_once(f"alert rules: some events could not be looked at: {kind_of(error)}")

    def _pass_over(self, keeping: Keeping, last_seq: int) -> None:
        """Go on behind events that were noted to concern nobody."""
        engine = self._engine
        if engine is None or engine.last_seq < last_seq:
            self._begin_anew(keeping, passed_seq=last_seq)

    def _could_look_at(self, keeping: Keeping, event: ObservedEvent) -> bool:
        try:
            self._try(keeping, (event,))
        except MISTAKES:
            self._begin_anew(keeping, passed_seq=event.seq)
            return False
        return True

    def _try(self, keeping: Keeping, events: Sequence[ObservedEvent]) -> None:
        engine = self._engine
        assert engine is not None
        with keeping.attempt():
            first, last = events[0].seq, events[-1].seq
            rows = {one: keeping.rows_found(query, first - 1, last) for one, query in engine.filters().items()}
            self._keep(keeping, engine, engine.observe(events, rows))

    def _try_noted(
        self, keeping: Keeping, events: Sequence[ObservedEvent], noted: Sequence[Noted | None], last_seq: int
    ) -> None:
        engine = self._engine
        assert engine is not None
        if len(events) == last_seq - engine.last_seq and not any(noted):
            self._try(keeping, events)
            return
        with keeping.attempt():
            self._keep(keeping, engine, engine.observe_noted(events, noted, last_seq))

    def _keep(self, keeping: Keeping, engine: Engine, findings: Findings) -> None:
        found = self._rules.kept(findings)
        found.pieces = [*engine.changes()]
        invariants = engine.invariants()
        if invariants != self._invariants:
            before = set(self._invariants)
            found.invariants = self._rules.standing([one for one in invariants if one not in before])
            self._invariants = invariants
        keeping.keep(found, self.settings.notify)
        if found.pieces:
            self._turn = keeping.turn()

    def _say_once(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._say(safe_text(line))


def _state_in(pieces: Sequence[StatePiece]) -> EngineState | None:
    for owner, _, data in pieces:
        if owner == ENGINE and data is not None:
            try:
                return msgspec.msgpack.decode(data, type=EngineState)
            except msgspec.MsgspecError:
                return None
    return None
