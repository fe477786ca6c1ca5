"""Where the values come from that completion offers, and which of them are at hand already."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from store.filters.keys import FACET_KEYS, Key
from store.filters.printer import canonical
from store.filters.syntax import Present, Term
from store.searching import CountQuestion
from tui.query_completion import MOST_VALUES, KnownValue, ValueQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from store.service import QueryService

PATIENCE_S: Final = 0.5
"""How long is counted for an offer; after that the values that are known are offered without counts."""
_SAMPLE: Final = 40
"""Newest events whose metadata is looked into for paths and values."""
_DEEPEST: Final = 4
_MOST_KEPT: Final = 32


class StoreValues:
    """Answers what completion asks, from a store; to be called in a worker thread."""

    def __init__(
        self, service: QueryService, window: Callable[[], tuple[int, int]], patience_s: float = PATIENCE_S
    ) -> None:
        """Count within `window`, half open in UTC microseconds."""
        self._service = service
        self._window = window
        self._patience_s = patience_s

    def __call__(self, question: ValueQuestion) -> Sequence[KnownValue]:
        """Return values, most frequent first; of metadata only those of the newest events."""
        if question.key is Key.META:
            return self._from_metadata(question)
        if question.key not in FACET_KEYS:
            return self._known(question)
        start_us, end_us = self._window()
        asked = CountQuestion(question.others, start_us, end_us, (question.key,), MOST_VALUES)
        counted = self._service.search.count(asked, self._in_time())
        found = [
            KnownValue(one.value, one.tally.events if counted.complete else None)
            for one in counted.facets.get(question.key, ())
            if one.value is not None
        ]
        if found and counted.complete and not question.typed:
            return found
        texts = {one.text for one in found}
        return [*found, *(one for one in self._known(question) if one.text not in texts)]

    def _in_time(self) -> Callable[[object], bool]:
        until = time.monotonic() + self._patience_s
        return lambda _progress: time.monotonic() < until

    def _known(self, question: ValueQuestion) -> Sequence[KnownValue]:
        """Return values that the store has, whatever passes."""
        texts = self._service.search.completions(question.key, question.typed, MOST_VALUES)
        return [KnownValue(text) for text in texts]

    def _from_metadata(self, question: ValueQuestion) -> Sequence[KnownValue]:
        found: Counter[str] = Counter()
        newest = self._service.search.page(question.others, None, _SAMPLE, older=True, watch=self._in_time())
        for row in newest.page.rows:
            detail = self._service.detail(row.id)
            leaves = [] if detail is None else list(_leaves(detail.metadata or {}, ()))
            if question.paths:
                found.update({path_text(path) for path, _ in leaves})
            else:
                found.update({text for path, text in leaves if path == question.path})
        return [KnownValue(text) for text, _ in found.most_common(MOST_VALUES)]


def path_text(path: Sequence[str]) -> str:
    """Return how a metadata path is written as a key, without its colon."""
    return canonical(Term(Key.META, (Present(),), tuple(path))).removesuffix(":*")


def _leaves(value: Mapping[str, object], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the path and the text of every name that has a single value."""
    for name, inner in value.items():
        here = (*path, name)
        if isinstance(inner, dict):
            if len(here) < _DEEPEST:
                yield from _leaves(inner, here)  # pyright: ignore[reportUnknownArgumentType] (JSON objects have text names)
        elif isinstance(inner, str | int | float | bool) and name:
            yield here, str(inner).lower() if isinstance(inner, bool) else str(inner)


class KnownValues:
    """Answers at hand, so that going on with typing asks nothing twice, and never two questions at a time."""

    def __init__(self) -> None:
        """Know nothing."""
        self._known: dict[ValueQuestion, Sequence[KnownValue]] = {}
        self._running: ValueQuestion | None = None

    def of(self, question: ValueQuestion) -> Sequence[KnownValue] | None:
        """Return what answers a question: its own answer, or all values there are. None: it has to be asked."""
        whole = self._known.get(_base(question))
        if whole is not None and len(whole) < MOST_VALUES:
            return whole
        return self._known.get(question)

    def due(self, question: ValueQuestion) -> ValueQuestion | None:
        """Return what to ask now to answer this one; None: nothing, or it has to wait for the answer to another."""
        if self._running is not None or self.of(question) is not None:
            return None
        self._running = question if _base(question) in self._known else _base(question)
        return self._running

    def take(self, values: Sequence[KnownValue] | None) -> None:
        """Take in the answer to what was due; None: it could not be had, which counts as no values."""
        if self._running is not None:
            self._known = dict([*self._known.items(), (self._running, values or ())][-_MOST_KEPT:])
        self._running = None

    def forget(self) -> None:
        """Forget all answers: the store has changed since."""
        self._known = {}


def _base(question: ValueQuestion) -> ValueQuestion:
    return replace(question, typed="")
