"""What errors say: messages that differ only in their numbers are one, and each has a filter that finds its events."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
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
        searched = [] if count else self._searched(rows)
        told: list[MessageCount] = []
        for kind in best:
            found = asked
            for phrase in kind:
                found = found.also(phrase)
            events = count(found) if count else _number_with(kind, searched)
            if events:  # a message may begin behind what full text has of its event
                told.append(MessageCount(kinds[kind].most_common(1)[0][0], events, found.text))
        return sorted(told, key=lambda one: -one.events)

    def _searched(self, rows: Sequence[Sequence[Any]]) -> list[_Searched]:
        tools = self._access.names(row[3] for row in rows)
        said: dict[str | None, str] = {None: ""}
        for row in rows:
            if row[2] not in said:
                said[row[2]] = _spaced(row[2])
        return [_Searched(said[row[2]], (row[2], tools[row[3]], STATUS_NAMES[int(row[4])], row[5])) for row in rows]


@dataclass(slots=True)
class _Searched:
    """What can be searched of an event. `said` are the words of its message, with a blank around each.

    Mostly they alone tell whether a phrase is found; what else full text has is worked out where they do not.
    """

    said: str
    texts: tuple[str | None, str | None, str | None, str | None]
    """Message, tool, status, and metadata as JSON text."""
    letters: str = field(init=False)
    """Has every word that full text has, and is made sooner where that is plain."""
    _whole: str | None = None

    def __post_init__(self) -> None:
        """Put the texts together."""
        raw = " ".join(filter(None, self.texts))
        self.letters = raw.lower() if raw.isascii() and "\\" not in raw else self._full_text()

    def has(self, phrases: Sequence[str]) -> bool:
        """Return whether full text has all phrases, each given with a blank around its words."""
        found = self.said if all(phrase in self.said for phrase in phrases) else self._full_text()
        return all(phrase in found for phrase in phrases)

    def _full_text(self) -> str:
        if self._whole is None:
            message, tool, status, payload = self.texts
            self._whole = _spaced(full_text(message, tool, status, None if payload is None else json.loads(payload)))
        return self._whole


def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "


def _number_with(kind: Kind, rows: Sequence[_Searched]) -> int:
    """Return in how many rows full text has all of one phrase or more."""
    phrases = [f" {phrase.text} " for phrase in kind]
    longest = max(kind[0].text.split(), key=len)
    likely = [row for row in rows if longest in row.letters]
    return sum(row.has(phrases) for row in likely)


def kinds_of(messages: Iterable[str]) -> dict[Kind, Counter[str]]:
    """Return messages by what they have in common; those without a word that could be searched for are left out."""
    kinds: dict[Kind, Counter[str]] = {}
    for message, number in Counter(messages).items():
        kind = kind_of(message)
        if kind:
            kinds.setdefault(kind, Counter())[message] = number
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
