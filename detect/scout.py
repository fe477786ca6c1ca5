"""Looks at events before they are stored, and asks what the rules at work ask that remembers nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from detect.engine.engine import Engine
from detect.mistakes import MISTAKES, kind_of

if TYPE_CHECKING:
    from config.budgets import Budget
    from detect.engine.scouting import Scouting
    from detect.rules.model import RuleSet
    from store.events import NewEvent
    from store.notes import Notes


class CarefulScout:
    """A `store.notes.Scout` that a mistake in a rule stops, and nothing else: from then on nothing is noted."""

    def __init__(self, rules: RuleSet, budgets: Sequence[Budget], say: Callable[[str], None]) -> None:
        """Ask what an engine of these rules asks; `say` gets a line about what went wrong."""
        self._say: Final = say
        self._scouting: Scouting | None = None
        try:
            engine = Engine(rules, clock=lambda: 0, budgets=budgets)
            if not engine.filters():  # with them everything is looked at once it is stored
                self._scouting = engine.scout()
        except MISTAKES as error:
            self._failed(error)

    def notes(self, events: Sequence[NewEvent], certain: Iterable[bool]) -> Notes | None:
        """See `Scout`."""
        if self._scouting is None:
            return None
        try:
            return self._scouting.notes(events, certain)
        except MISTAKES as error:
            self._failed(error)
            return None

    def _failed(self, error: Exception) -> None:
        self._scouting = None
        self._say(f"alert rules: events are looked at only once they are stored: {kind_of(error)}")
