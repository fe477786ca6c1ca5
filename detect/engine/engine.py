"""The engine: events in order of arrival in, incidents out, with a state that can be kept piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from detect.engine.baseline import Hours
from detect.engine.budgets import Budgets, Unmeasured
from detect.engine.correlating import Correlating, Feed
from detect.engine.findings import Findings, InvariantState, Shed, StatePiece
from detect.engine.first_seen import FirstSeenValues, Unchanging
from detect.engine.ledger import Ledger, LedgerState
from detect.engine.limits import MINUTE_US
from detect.engine.matches import Matches
from detect.engine.memory import Memory
from detect.engine.scouting import Scouting
from detect.engine.silence import Pauses
from detect.engine.spans import Spans
from detect.engine.watches import Take, Wants, Watches
from detect.rules.extension import EVENTS, Baseline, BudgetUse, Extension, FirstSeen, Invariant, Silence
from detect.rules.fields import FEW_FIELDS

if TYPE_CHECKING:
    from config.budgets import Budget
    from detect.rules.model import Rule, RuleSet
    from store.notes import Noted
    from store.observed import ObservedEvent

Tracker: TypeAlias = Matches | Correlating | FirstSeenValues | Hours | Pauses | Budgets

ENGINE: Final = ""
"""Owner of the piece that belongs to no rule."""
WHOLE: Final = ""
"""Key of the piece that belongs to no key."""
_ATTENTION_US: Final = 2 * MINUTE_US
"""Longer between two looks at the clock, and nobody was listening."""


class EngineState(msgspec.Struct, array_like=True):
    """What is kept of the engine as a whole."""

    last_seq: int = 0
    listened_us: int = 0


class Engine:
    """Rules at work. Everything but silences depends on the events and their order alone, not on how they are batched.

    It lives within one process and is not for several threads. Where what it found could not be stored, its memory is
    ahead of the store: make a new one of the pieces that were.
    """

    def __init__(
        self,
        rules: RuleSet,
        state: Iterable[StatePiece] = (),
        *,
        clock: Callable[[], int],
        all_loud: bool = False,
        budgets: Sequence[Budget] = (),
        utc: bool = False,
    ) -> None:
        """Begin where kept pieces end; pieces of rules that are gone, or were changed, are listed to be dropped.

        `clock` gives UTC microseconds. `all_loud`: rules that a correlation refers to raise alerts themselves, too.
        `budgets` are those of the settings; their days, weeks and months are the machine's, or with `utc` those of UTC.
        """
        self._clock: Final = clock
        self._rules: Final = rules.by_id()
        self._quiet: Final = frozenset[str]() if all_loud else rules.quiet
        self._budgets: Final = tuple(budgets)
        self._spans: Final = Spans(utc=utc)
        self._watches: Final = Watches()
        self._trackers: Final[dict[str, Tracker]] = {}
        self._dropped: list[StatePiece] = []
        self._looked_us = clock()
        self._state = EngineState()
        self._changed = False
        said = [*(f"{rule.id}/{rule.fingerprint}" for rule in rules.rules), *sorted(self._quiet), str(bool(budgets))]
        self.fingerprint: Final = blake2b("\n".join(said).encode(), digest_size=16).hexdigest()
        """Engines of the same one ask the same of events."""
        self._build(rules.rules)
        self._restore(state)

    @property
    def last_seq(self) -> int:
        """`seq` of the last event that was observed; 0: none."""
        return self._state.last_seq

    def observe(self, events: Sequence[ObservedEvent], rows: Mapping[str, Collection[int]] | None = None) -> Findings:
        """Take events in order of arrival and return what changed. What was observed before is passed over.

        `rows`: for the id of each rule with a `filter`, the row ids among these events that its query finds.
        """
        self._listen()
        if events and events[0].seq <= self._state.last_seq:
            events = [event for event in events if event.seq > self._state.last_seq]
        if events:
            self._watches.run(events, rows or {})
            self._state.last_seq = events[-1].seq
            self._changed = True
        return self._findings()

    def observe_noted(self, events: Sequence[ObservedEvent], noted: Sequence[Noted | None], last_seq: int) -> Findings:
        """Do what `observe` does, for rules without filters, with what a scout of the same engine has noted.

        Of an event with None nothing was. Those up to `last_seq` that are not given were noted to concern nobody.
        """
        self._listen()
        if last_seq > self._state.last_seq:
            self._watches.run_noted(events, noted)
            self._state.last_seq = last_seq
            self._changed = True
        return self._findings()

    def scout(self) -> Scouting:
        """Return what notes, before events are stored, what is to be done with them then."""
        return self._watches.scouting(self.fingerprint)

    def tick(self) -> Findings:
        """Look at the clock, and for silence. Call it about once a second, with or without events."""
        self._listen()
        for tracker in self._trackers.values():
            if isinstance(tracker, Pauses):
                tracker.look(self._looked_us, self._state.last_seq)
        return self._findings()

    def changes(self) -> list[StatePiece]:
        """Return the pieces that changed since the last call; they belong into the transaction of what was found."""
        pieces, self._dropped = self._dropped, []
        for owner, tracker in self._trackers.items():
            for kept_under, memory in _memories(owner, tracker):
                pieces += [StatePiece(kept_under, name, data) for name, data in memory.changes()]
            if tracker.ledger.changed:
                tracker.ledger.changed = False
                pieces.append(StatePiece(owner, WHOLE, msgspec.msgpack.encode(tracker.ledger.state)))
        if self._changed:
            self._changed = False
            pieces.append(StatePiece(ENGINE, WHOLE, msgspec.msgpack.encode(self._state)))
        return pieces

    def invariants(self) -> list[InvariantState]:
        """Return how the standing statements are doing, in the order of the rules."""
        found: list[InvariantState] = []
        for tracker in self._trackers.values():
            rule, state = tracker.ledger.rule, tracker.ledger.state
            if isinstance(rule.options, Invariant):
                found.append(
                    InvariantState(rule.id, rule.options.statement, state.examined, state.violations, state.checked_us)
                )
        return found

    def unmeasured(self) -> list[Unmeasured]:
        """Return the budgets that were never measured: they know only what was spent since they are watched.

        What was spent in their running period by all events up to `last_seq` can be handed in with `measured`.
        """
        found = [one for tracker in self._trackers.values() for one in self._unmeasured(tracker)]
        return [one for place, one in enumerate(found) if one not in found[:place]]

    def measured(self, one: Unmeasured, spent: int) -> None:
        """Take in what was spent (micro-USD or tokens, all four kinds together) by all events up to `last_seq`."""
        for tracker in self._trackers.values():
            if isinstance(tracker, Budgets):
                tracker.measured(one, spent)

    def _unmeasured(self, tracker: Tracker) -> list[Unmeasured]:
        return tracker.unmeasured(self._clock()) if isinstance(tracker, Budgets) else []

    def filters(self) -> dict[str, str]:
        """Return the queries that somebody else must answer for `observe`, by rule id."""
        return {rule.id: rule.options.filter for rule in self._rules.values() if rule.options.filter is not None}

    def _listen(self) -> None:
        now_us = self._clock()
        passed_us = now_us - self._looked_us
        self._looked_us = now_us
        if 0 < passed_us <= _ATTENTION_US:
            self._state.listened_us += passed_us
        for tracker in self._trackers.values():
            if isinstance(tracker, Pauses):
                tracker.listened_us = self._state.listened_us

    def _findings(self) -> Findings:
        findings = Findings()
        for tracker in self._trackers.values():
            ledger, memory = tracker.ledger, tracker.memory
            incidents, absorbed = ledger.drained()
            findings.incidents += incidents
            findings.absorbed += absorbed
            if memory.shed_keys or ledger.shed_matches:
                findings.shed.append(Shed(ledger.rule.id, memory.shed_keys, ledger.shed_matches))
                memory.shed_keys = ledger.shed_matches = 0
        return findings

    def _build(self, rules: tuple[Rule, ...]) -> None:
        trackers: dict[str, Tracker] = {}
        for rule in rules:
            idle = isinstance(rule.options, BudgetUse) and not self._budgets
            if (rule.correlation is not None or rule.id not in self._quiet) and not idle:
                trackers[rule.id] = self._tracker(rule)
        for rule in rules:
            if rule.correlation is None:
                self._watch(rule, self._takers(rule, trackers))
        for rule in rules:
            for which, base in enumerate(rule.bases):
                child, parent = trackers.get(base), trackers[rule.id]
                if isinstance(child, Correlating) and isinstance(parent, Correlating):
                    child.feeds.append(Feed(child, parent, which))
        self._trackers.update({tracker.ledger.owner: tracker for tracker in trackers.values()})

    def _tracker(self, rule: Rule) -> Tracker:
        ledger = Ledger(rule, self._owner(rule))
        if rule.correlation is not None:
            bases = tuple(self._rules[base] for base in rule.bases)
            return Correlating(ledger, bases, quiet=rule.id in self._quiet)
        match rule.options:
            case FirstSeen(field=field, learn=learn):
                return FirstSeenValues(ledger, field, learn.events, learn.span_us)
            case Invariant(stays=str(field)):
                return Unchanging(ledger, field)
            case Baseline():
                return Hours(ledger)
            case Silence():
                return Pauses(ledger)
            case BudgetUse():
                return Budgets(ledger, self._budgets, self._spans)
            case _:
                return Matches(ledger)

    def _takers(self, rule: Rule, trackers: dict[str, Tracker]) -> list[Take]:
        """Return what takes the matches of a rule: its own incidents, and the correlations that refer to it."""
        own = trackers.get(rule.id)
        takers: list[Take] = [] if own is None or isinstance(own, Correlating) else [own.take]
        correlating = [other for other in trackers.values() if isinstance(other, Correlating)]
        referring = [(other, other.ledger.rule.bases) for other in correlating]
        takers += [other.taker(bases.index(rule.id)) for other, bases in referring if rule.id in bases]
        if isinstance(rule.options, Invariant) and isinstance(own, Matches):
            self._watches.add(rule.examines, own.examine)
        return takers

    def _watch(self, rule: Rule, takers: list[Take]) -> None:
        options = rule.options
        if not takers:
            return
        take = takers[0] if len(takers) == 1 else _each(takers)
        if rule.expression is not None:
            names = rule.group_by if all(name in FEW_FIELDS for name in rule.group_by) else ()
            wants = _wanted(options) if names or not isinstance(options, Silence) else Wants.COUNTED
            self._watches.add(rule.expression, take, wants=wants, names=names if wants is Wants.ONE else ())
        else:
            self._watches.add_rows(rule.id, take)

    def _owner(self, rule: Rule) -> str:
        """Return what a rule's state is kept under: another one once the rule, or one it refers to, is changed."""
        prints = [rule.fingerprint]
        for base in rule.bases:
            deeper = self._rules[base]
            prints += [deeper.fingerprint, *(self._rules[one].fingerprint for one in deeper.bases)]
        whole = rule.fingerprint if len(prints) == 1 else blake2b("".join(prints).encode(), digest_size=8).hexdigest()
        return f"{rule.id}/{whole}"

    def _restore(self, state: Iterable[StatePiece]) -> None:
        by_owner: dict[str, list[tuple[str, bytes]]] = {}
        for owner, key, data in state:
            if data is not None:
                by_owner.setdefault(owner, []).append((key, data))
        memories = dict(one for owner, tracker in self._trackers.items() for one in _memories(owner, tracker))
        for owner, pieces in by_owner.items():
            if owner == ENGINE:
                self._state = msgspec.msgpack.decode(pieces[0][1], type=EngineState)
            elif owner not in memories:
                self._dropped += [StatePiece(owner, key, None) for key, _ in pieces]
            else:
                memories[owner].restore([piece for piece in pieces if piece[0] != WHOLE])
                for _, data in [piece for piece in pieces if piece[0] == WHOLE]:
                    self._trackers[owner].ledger.state = msgspec.msgpack.decode(data, type=LedgerState)


def _memories(owner: str, tracker: Tracker) -> list[tuple[str, Memory[Any]]]:
    """Return what a rule remembers, and what each part is kept under."""
    own: list[tuple[str, Memory[Any]]] = [(owner, tracker.memory)]
    if isinstance(tracker, Correlating) and tracker.usual is not None:
        own.append((f"{owner}/usual", tracker.usual.memory))
    return own


def _wanted(options: Extension) -> Wants:
    """Return which rows a kind of rule is for: sums are made of all of them, a sign of life is one like the other."""
    if isinstance(options, Silence):
        return Wants.ONE
    sums = isinstance(options, BudgetUse) or (isinstance(options, Baseline) and options.measure != (EVENTS,))
    return Wants.ALL if sums else Wants.COUNTED


def _each(takers: list[Take]) -> Take:
    def take(event: ObservedEvent) -> None:
        for one in takers:
            one(event)

    return take
