"""What errors say: messages that differ only in their numbers are one, and each has a filter that finds its events."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlmodel import col

from store.analytics.model import MessageCount
from store.analytics.windowed import since, within
from store.events import STATUS_NAMES
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text, Words
from store.ids import time_of_id
from store.query.access import Access
from store.query.numbers import Numbers
from store.search.counting import Counting
from store.search.walk import EVERY_ID, PATIENCE_S, Walk
from store.searching import CountQuestion
from store.tables import Event
from store.tokens import full_text, words

_NEWEST: Final = 1_000
_COLUMNS: Final = tuple(
    col(column) for column in (Event.id, Event.ts_us, Event.message, Event.tool_no, Event.status, Event.payload)
)
_READ: Final = 200
"""Characters of a message's first line that are looked at: behind them come details."""
_PHRASES: Final = 3
_LEAST: Final = 4
"""A word of fewer letters alone tells too little."""
_MS_US: Final = 1_000
_ERRORS: Final = Term(Key.HAS, (Text("error"),))
_CODE: Final = re.compile(r"\W*[1-5]\d\d\W*")
"""A number that says what happened, like HTTP's 503; every other one says when, where or how much."""

Kind = tuple[Words, ...]
"""The phrases that messages have in common."""


class Messages:
    """Answers which messages errors have."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access
        self._counting = Counting(access, Numbers(access), PATIENCE_S)

    def most_frequent(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """See `AnalyticsQuestions.error_messages`."""
        asked = what if _ERRORS in what.operands else what.also(_ERRORS)
        compiled = self._access.compile(within(asked, start_us, end_us))
        rows = Walk(self._access, compiled, _COLUMNS).find(EVERY_ID, _NEWEST, back=True).rows
        if len(rows) < _NEWEST:
            return self._told(asked, rows, limit, None)
        # All that happened from the next millisecond on was found, so what is counted can be listed as well.
        since_us = time_of_id(rows[-1][0]) + _MS_US
        newest = [row for row in rows if row[1] >= since_us]
        if newest:
            return self._told(asked.also(since(since_us)), newest, limit, None)
        return self._told(asked, rows, limit, lambda found: self._count(found, start_us, end_us))

    def _count(self, found: Filter, start_us: int, end_us: int) -> int:
        return self._counting.count(CountQuestion(found, start_us, end_us), lambda _: True).tally.events

    def _told(
        self, asked: Filter, rows: Sequence[Sequence[Any]], limit: int, count: Callable[[Filter], int] | None
    ) -> list[MessageCount]:
        """Return the most frequent messages; without `count` the rows are all there are."""
        kinds = kinds_of(row[2] for row in rows if row[2] is not None)
        best = sorted(kinds, key=lambda kind: -kinds[kind].total())[:limit]
        texts = [] if count else self._texts(rows)
        told: list[MessageCount] = []
        for kind in best:
            found = asked
            for phrase in kind:
                found = found.also(phrase)
            events = count(found) if count else _number_with(kind, texts)
            told.append(MessageCount(kinds[kind].most_common(1)[0][0], events, found.text))
        return sorted(told, key=lambda one: -one.events)

    def _texts(self, rows: Sequence[Sequence[Any]]) -> list[str]:
        """Return the words that full text has of each row, in their order, with a blank around each."""
        tools = self._access.names(row[3] for row in rows)
        found: list[str] = []
        for _, _, message, tool, status, payload in rows:
            named = STATUS_NAMES[int(status)]
            found.append(f" {' '.join(words(full_text(message, tools[tool], named, _metadata(payload))))} ")
        return found


def _metadata(payload: str | None) -> dict[str, Any] | None:
    return None if payload is None else json.loads(payload)


def _number_with(kind: Kind, texts: Sequence[str]) -> int:
    """Return in how many texts all phrases stand."""
    phrases = [f" {phrase.text} " for phrase in kind]
    return sum(all(phrase in text for phrase in phrases) for text in texts)


def kinds_of(messages: Iterable[str]) -> dict[Kind, Counter[str]]:
    """Return messages by what they have in common; those without a word that could be searched for are left out."""
    kinds: dict[Kind, Counter[str]] = {}
    for message in messages:
        kind = kind_of(message)
        if kind:
            kinds.setdefault(kind, Counter())[message] += 1
    return kinds


def kind_of(message: str) -> Kind:
    """Return the phrases that a message has beside its numbers, the longest three, in their order."""
    runs: list[list[str]] = [[]]
    for token in message.strip().split("\n")[0][:_READ].split():
        if any(char.isdigit() for char in token) and not _CODE.fullmatch(token):
            runs.append([])
        else:
            runs[-1] += words(token)
    told = [run for run in runs if len(run) > 1 or (run and len(run[0]) >= _LEAST)] or [words(message)[:1]]
    longest = sorted(told, key=lambda run: -len(run))[:_PHRASES]
    return tuple(Words(" ".join(run)) for run in told if run and run in longest)
