"""Which events of a correlation can be part of an incident at all: a key must have enough, whenever that was.

What a correlation finds for one key depends on the events of this key alone. So all events of a key may be left out
that has, in all the time together, fewer events, different values or different rules than the correlation needs within
its time span. Nothing else is left out, and what is found stays the same; only keys that cannot matter no longer take
the memory of those that can.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from detect.backtest.possible import field_tests
from detect.engine.correlating import fields_for
from detect.engine.keys import key_reader, value_text
from detect.engine.watches import Watches
from detect.rules.correlation import CorrelationType
from detect.rules.expression import SameAsField
from detect.rules.fields import METADATA, getter

if TYPE_CHECKING:
    from detect.rules.model import Rule, RuleSet
    from store.observed import ObservedEvent

_PARTS: Final = 64
"""So many parts of the keys are looked at one after another: it keeps memory small, and each takes a moment."""
_NO_VALUE: Final = 0


class EnoughOfKey:
    """Counts by key what a correlation of plain rules needs."""

    def __init__(self, rule: Rule, bases: Sequence[Rule]) -> None:
        """Begin with nothing. `bases` are the rules that `rule` refers to, in its order."""
        correlation = rule.correlation
        assert correlation is not None
        self._least: Final = correlation.least
        self._type: Final = correlation.type
        field = correlation.condition.field if correlation.condition else None
        self._value: Final = None if field is None else getter(field)
        self._watches: Final = Watches()
        self._parts: Final[list[array[int]]] = [array("q") for _ in range(_PARTS)]
        """Of each match: place of arrival, hash of the key, hash of what is counted (0: nothing)."""
        used = set[str]() if field is None else {field}
        for which, base in enumerate(bases):
            assert base.expression is not None
            names = fields_for(rule, base)
            used.update(names)
            for test in field_tests(base.expression):
                used.update((test.field, test.check.other) if isinstance(test.check, SameAsField) else (test.field,))
            self._watches.add(base.expression, self._taker(which, names))
        self.fields: Final = frozenset(map(_stored, used))

    def look(self, events: Sequence[ObservedEvent]) -> None:
        """See `store.replay.model.Choosing`."""
        self._watches.run(events, {})

    def _taker(self, which: int, names: tuple[str, ...]) -> Callable[[ObservedEvent], None]:
        read, parts, counted = key_reader(names), self._parts, self._counted(which)

        def take(event: ObservedEvent) -> None:
            key = read(event)
            if None not in key:
                # Two keys with the same hash are taken for one, which lets too much through and never too little.
                number = hash(key)
                parts[number % _PARTS].extend((event.seq, number, counted(event)))

        return take

    def _counted(self, which: int) -> Callable[[ObservedEvent], int]:
        """Return what says by what an event is told apart from others of its key."""
        if self._type is CorrelationType.EVENT_COUNT:
            return lambda event: event.seq
        read = self._value
        if read is None:
            return lambda _: which + 1

        def value_hash(event: ObservedEvent) -> int:
            value = value_text(read(event))
            return _NO_VALUE if value is None else hash(value.lower()) or 1

        return value_hash

    def chosen(self) -> Iterator[Sequence[int]]:
        """See `store.replay.model.Choosing`."""
        for part in self._parts:
            yield self._enough(part)
            del part[:]

    def _enough(self, part: array[int]) -> list[int]:
        told_apart: dict[int, set[int]] = {}
        keys, counted = part[1::3], part[2::3]
        for key, one in zip(keys, counted, strict=True):
            found = told_apart.get(key)
            if found is None:
                found = told_apart[key] = set()
            found.add(one)
        enough = {key for key, ones in told_apart.items() if len(ones) - (_NO_VALUE in ones) >= self._least}
        return [seq for seq, key in zip(part[::3], keys, strict=True) if key in enough]


def choosing_of(rules: RuleSet, rule: Rule) -> EnoughOfKey | None:
    """Return what leaves out events of a correlation; None where that cannot be said of single keys and plain rules."""
    if rule.correlation is None or "{usual}" in (rule.options.explanation or ""):
        return None  # what is usual is counted over several keys
    by_id = rules.by_id()
    bases = [by_id[base] for base in rule.bases]
    return EnoughOfKey(rule, bases) if all(base.expression is not None for base in bases) else None


def _stored(field: str) -> str:
    """Return the field of a stored event in which a field of rules is found."""
    if field.startswith(METADATA):
        return "metadata_text"
    return "duration_us" if field == "duration_ms" else field
