"""The one implementation of `store.replay.model.ReplayQuestions`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlmodel import col

from store.filters.conditions import NAMES
from store.filters.keys import Key
from store.query.access import Access
from store.query.numbers import Numbers
from store.replay.arrivals import Arrivals
from store.replay.finding import Finding
from store.replay.looking import Looking
from store.replay.model import Replayed, ReplayQuestion, Take, Watch
from store.replay.progress import Pacing
from store.tables import Name


class Replay:
    """Gives stored events back in order of arrival. Safe to use from any thread."""

    def __init__(self, access: Access, numbers: Numbers) -> None:
        """Read through `access`."""
        self._access: Final = access
        self._numbers: Final = numbers

    def names(self, key: Key, most: int) -> Sequence[str] | None:
        """See `ReplayQuestions`."""
        kind, _ = NAMES[key]
        rows = self._access.fetch(select(col(Name.text)).where(col(Name.kind) == kind).limit(most + 1))
        return [text for (text,) in rows] if len(rows) <= most else None

    def run(self, question: ReplayQuestion, take: Take, watch: Watch) -> Replayed:
        """See `ReplayQuestions`."""
        pacing = Pacing(self._access, self._numbers, question, watch)
        if pacing.is_called_off():
            return pacing.now()
        arrivals = Arrivals(self._access, pacing, take)
        choosing = question.choosing
        if choosing is None and not question.alternatives:
            return pacing.now(complete=arrivals.all_of(question))
        if choosing is None:
            found = Finding(self._access, pacing).seqs(question)
        else:
            found = Looking(self._access, pacing, choosing).seqs(question)
        done = found is not None and arrivals.these(found)
        return pacing.now(complete=done)
