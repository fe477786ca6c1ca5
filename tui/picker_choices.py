"""What a picker offers: values with their tallies, grouped for types, narrowed by what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.filters.keys import Key
from store.service import FacetValue, Tally

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

ROOM: Final = 14
"""How many rows of the type tree are unfolded to begin with, the largest groups first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a picker offers.

    `tally` None: not counted yet, or not seen in the window. `group` is a choice of its own that stands for
    everything under it (`mcp.*`); `parent` is the value of the group that a choice is in.
    """

    value: str | None
    label: str
    tally: Tally | None = None
    own: bool = False
    group: bool = False
    parent: str | None = None


def choices_of(field: Key, values: Sequence[FacetValue], own: str | None, *, counted: bool = True) -> list[Choice]:
    """Return what a picker of this field offers.

    `own` is the value of the row under the list's cursor; it comes first and is offered even where the window has
    none of it (None: there is no such row, or it has no value). Types come as a tree, its groups before their members.
    """
    if field is Key.TYPE:
        return _tree(values, own, counted=counted)
    flat = [
        Choice(found.value, label_of(field, found.value), found.tally, own=own is not None and found.value == own)
        for found in values
    ]
    return _own_first(field, flat, own, counted=counted)


def label_of(field: Key, value: str | None) -> str:
    """Return how a value is shown: `(no agent)` stands for events without one."""
    return f"(no {field.value})" if value is None else value


def _own_first(field: Key, flat: list[Choice], own: str | None, *, counted: bool) -> list[Choice]:
    if own is None:
        return flat
    known = next((choice for choice in flat if choice.own), None)
    first = known or Choice(own, label_of(field, own), Tally() if counted else None, own=True)
    return [first, *(choice for choice in flat if choice is not known)]


def _tree(values: Sequence[FacetValue], own: str | None, *, counted: bool) -> list[Choice]:
    members: dict[str, list[FacetValue]] = {}
    known = {found.value for found in values}
    missing = [FacetValue(own, Tally())] if own is not None and own not in known else []
    for found in [*values, *missing]:
        members.setdefault(_prefix(found.value), []).append(found)
    ordered = sorted(members.items(), key=lambda group: -sum(found.tally.events for found in group[1]))
    return [choice for prefix, group in ordered for choice in _group(prefix, group, own, counted=counted)]


def _prefix(value: str | None) -> str:
    return (value or "").partition(".")[0]


def _group(prefix: str, group: list[FacetValue], own: str | None, *, counted: bool) -> Iterable[Choice]:
    def tally(found: Tally) -> Tally | None:
        return found if counted else None

    if len(group) == 1:
        value = group[0].value
        yield Choice(value, label_of(Key.TYPE, value), tally(group[0].tally), own=own is not None and value == own)
        return
    name = f"{prefix}.*"
    yield Choice(name, name, tally(total(found.tally for found in group)), group=True)
    for found in group:
        label = (found.value or "").removeprefix(f"{prefix}.") or prefix
        yield Choice(found.value, label, tally(found.tally), own=found.value == own, parent=name)


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    summed = Tally()
    for one in tallies:
        summed = Tally(summed.events + one.events, summed.errors + one.errors, summed.denials + one.denials)
    return summed


def first_open(choices: Sequence[Choice]) -> frozenset[str]:
    """Return the groups of a tree that start unfolded: the one with the row's own type, then as many as have room."""
    groups = [choice.value for choice in choices if choice.group and choice.value is not None]
    own = {choice.parent for choice in choices if choice.own and choice.parent is not None}
    room = ROOM - sum(1 for choice in choices if choice.parent is None)
    opened: set[str] = set()
    for group in sorted(groups, key=lambda name: name not in own):
        size = sum(1 for choice in choices if choice.parent == group)
        if group in own or size <= room:
            opened.add(group)
            room -= size
        else:
            break
    return frozenset(opened)


def narrow(choices: Sequence[Choice], text: str, opened: Collection[str]) -> tuple[list[Choice], int]:
    """Return the choices to show, and how many values do not match `text`.

    Without a text everything is shown that is not folded away. With one, matching values are shown wherever they
    are, under their group. Upper and lower case are the same.
    """
    if not text:
        return [choice for choice in choices if choice.parent is None or choice.parent in opened], 0
    wanted = text.casefold()
    hits = {choice.value for choice in choices if _matches(choice, wanted)}
    parents = {choice.parent for choice in choices if choice.value in hits}
    shown = [choice for choice in choices if choice.value in hits or (choice.group and choice.value in parents)]
    hidden = sum(1 for choice in choices if not choice.group and choice.value not in hits)
    return shown, hidden


def _matches(choice: Choice, wanted: str) -> bool:
    whole = choice.label if choice.value is None else choice.value
    return wanted in whole.casefold()
