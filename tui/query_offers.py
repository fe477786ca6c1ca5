"""What a query line offers at this moment, and what has to be asked for it; without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.query_completion import Candidate, Completion, ValueQuestion, complete, ghost
from tui.query_values import KnownValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.query_completion import KnownValue


class QueryOffers:
    """Looks at a text and a cursor, and makes offers from the values that are known by then."""

    def __init__(self, *, alerts: bool = False) -> None:
        """Offer nothing; `alerts`: the queries are about alerts."""
        self._alerts = alerts
        self._known = KnownValues()
        self.text = ""
        self.cursor = 0
        self.found: Completion | None = None
        """What can be completed; None: nothing is offered."""

    def look(self, text: str, cursor: int, *, utc: bool, all_keys: bool = False) -> None:
        """Look for what can be completed; between two terms only with `all_keys`."""
        found = complete(text, cursor, utc=utc, alerts=self._alerts)
        self.text, self.cursor = text, cursor
        self.found = found if all_keys or found.site.typed or found.site.key is not None else None

    def close(self) -> None:
        """Offer nothing until the next look."""
        self.found = None

    def forget(self) -> None:
        """Ask for all values anew."""
        self._known.forget()

    @property
    def _values(self) -> Sequence[KnownValue] | None:
        if self.found is None or self.found.question is None:
            return ()
        return self._known.of(self.found.question)

    @property
    def counting(self) -> bool:
        """Whether values are still to come."""
        return self._values is None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The offers, best first; empty where the only one is what stands there already."""
        if self.found is None:
            return ()
        candidates = self.found.candidates(self._values or ())
        site = self.found.site
        done = len(candidates) == 1 and candidates[0].insert == self.text[site.start : site.end]
        return () if done else candidates

    def due(self) -> ValueQuestion | None:
        """Return what to ask now; None: nothing, or the question before is not yet answered."""
        if self.found is None or self.found.question is None:
            return None
        return self._known.due(self.found.question)

    def take(self, values: Sequence[KnownValue] | None) -> None:
        """Take in the answer to the question that was due; None: it could not be had."""
        self._known.take(values)

    def ghost(self, candidate: Candidate | None) -> str:
        """Return what accepting an offer would add behind the text."""
        if self.found is None or candidate is None:
            return ""
        return ghost(self.text, self.cursor, self.found.site, candidate)
