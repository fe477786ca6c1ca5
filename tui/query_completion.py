"""What is offered at the cursor of a query, and what the query is once an offer has been accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from store.filters.keys import ALERT_KEYS, FACET_KEYS, Key, known_keys
from store.filters.printer import canonical
from store.filters.syntax import Present, Term, Text
from tui.query_site import Site, filter_beside, site_at
from tui.query_words import EXAMPLES, KEY_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from store.filters.model import Filter

MOST_VALUES: Final = 200
"""How many values of a key are asked for at a time; where there are more, each further letter asks again."""
_BESIDE_KEY: Final = 5
"""How many values are offered beside the only key that is meant."""
_LETTERS: Final = 2
"""How much of a key must be typed before its values are offered beside it."""


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """Asks for values of a key among what passes `others`; for `paths`, for paths within the metadata.

    `typed` is how they begin, whatever the case; an answer may hold others too.
    """

    key: Key
    path: tuple[str, ...]
    paths: bool
    typed: str
    others: Filter


@dataclass(frozen=True, slots=True)
class KnownValue:
    """A value that is offered, and how many events have it (None: not counted)."""

    text: str
    events: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One offer: `head` and `label` are shown, `note` says more, `count` how many events have it (None: not known).

    `insert` is what will stand in the query.
    """

    insert: str
    label: str
    head: str = ""
    note: str = ""
    count: int | None = None
    kind: Literal["key", "value"] = "value"


@dataclass(frozen=True, slots=True)
class Completion:
    """What can be completed at a cursor, and what has to be asked for it; None: nothing."""

    site: Site
    question: ValueQuestion | None

    def candidates(self, values: Sequence[KnownValue] = ()) -> tuple[Candidate, ...]:
        """Return the offers, best first; `values` are the answer to the question, as far as it is known."""
        if self.site.what == "key":
            return tuple(self._keys(values))
        if self.site.key is None:
            return ()
        return tuple(_values_like(self.site, self.site.key, values))

    def _keys(self, values: Sequence[KnownValue]) -> Iterator[Candidate]:
        typed = self.site.typed.casefold()
        if typed.startswith("meta."):
            paths = (found.text for found in values if found.text.casefold().startswith(typed))
            yield from (Candidate(f"{path}:", path, kind="key") for path in paths)
            return
        for key in _keys_like(typed, alerts=self.site.alerts):
            shown = "meta." if key is Key.META else f"{key}:"
            yield Candidate(shown, shown, note=KEY_WORDS[key], kind="key")
        if self.question is not None:
            key = self.question.key
            for one in list(_listed(key, (), values))[:_BESIDE_KEY]:
                yield Candidate(f"{key}:{one.insert}", one.label, f"{key}:", one.note, one.count)


def complete(text: str, cursor: int, *, utc: bool, alerts: bool = False) -> Completion:
    """Return what can be completed at the cursor; `utc`: times without a zone are UTC; `alerts`: it is about alerts."""
    site = site_at(text, cursor, alerts=alerts)
    question = _question(site)
    if question is None:
        return Completion(site, None)
    key, paths, typed = question
    return Completion(site, ValueQuestion(key, site.path, paths, typed, filter_beside(site, utc=utc)))


def _question(site: Site) -> tuple[Key, bool, str] | None:
    """Return whose values to ask for, whether these are paths, and how they begin."""
    if site.what == "value":
        asked = site.key in (*FACET_KEYS, Key.META, Key.SOURCE, Key.RULE)
        return (site.key, False, site.typed) if asked and site.key is not None else None
    typed = site.typed.casefold()
    if typed.startswith("meta."):
        return Key.META, True, site.typed
    keys = _keys_like(typed, alerts=site.alerts) if len(typed) >= _LETTERS else []
    return (keys[0], False, "") if len(keys) == 1 and keys[0] in FACET_KEYS else None


def _keys_like(typed: str, *, alerts: bool) -> list[Key]:
    found = [key for key in KEY_WORDS if key in known_keys(alerts=alerts) and key.startswith(typed)]
    return sorted(found, key=lambda key: key not in ALERT_KEYS)


def _values_like(site: Site, key: Key, values: Sequence[KnownValue]) -> Iterator[Candidate]:
    """Yield what begins as typed, then what only contains it."""
    typed = site.typed.casefold()
    offers = list(_listed(key, site.path, values))
    yield from (one for one in offers if one.label.casefold().startswith(typed))
    yield from (one for one in offers if typed in one.label.casefold()[1:] and not _begins(one, typed))


def _begins(one: Candidate, typed: str) -> bool:
    return one.label.casefold().startswith(typed)


def _listed(key: Key, path: tuple[str, ...], values: Sequence[KnownValue]) -> Iterator[Candidate]:
    if key in EXAMPLES:
        counted = {found.text: found.events or 0 for found in values if found.events is not None}
        for text, note in EXAMPLES[key]:
            yield Candidate(text, text, note=note, count=counted.get(text, 0) if counted else None)
        return
    found = [Candidate(written(key, one.text, path), one.text, count=one.events) for one in values]
    if key is Key.TYPE:
        found = [*_groups(values), *found]
    yield from sorted(found, key=lambda one: -(one.count or 0))


def _groups(values: Sequence[KnownValue]) -> Iterator[Candidate]:
    """Yield `mcp.*` and its like: what several types begin with, and how many events they have together."""
    members: dict[str, list[int | None]] = {}
    for found in values:
        members.setdefault(found.text.partition(".")[0], []).append(found.events)
    for name, events in members.items():
        if len(events) > 1:
            known = [number for number in events if number is not None]
            yield Candidate(f"{name}.*", f"{name}.*", count=sum(known) if len(known) == len(events) else None)


def written(key: Key, value: str, path: Iterable[str] = ()) -> str:
    """Return how a value is written behind its key: in quotes where it would mean something else without."""
    place = tuple(path)
    head = canonical(Term(key, (Present(),), place)).removesuffix("*")
    return canonical(Term(key, (Text(value),), place)).removeprefix(head)


def accepted(text: str, site: Site, candidate: Candidate) -> tuple[str, int]:
    """Return the query with the offer in it, and where the cursor then is: behind it."""
    return f"{text[: site.start]}{candidate.insert}{text[site.end :]}", site.start + len(candidate.insert)


def ghost(text: str, cursor: int, site: Site, candidate: Candidate) -> str:
    """Return what accepting would add right of a cursor at the end of the text; empty where it changes more."""
    typed = text[site.start : cursor]
    if cursor != len(text) or not typed or not candidate.insert.startswith(typed):
        return ""
    return candidate.insert[len(typed) :]
