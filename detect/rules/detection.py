"""The `detection` of a rule: named searches, and the condition that joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from detect.rules.condition import condition
from detect.rules.expression import Expression, all_of, any_of
from detect.rules.modifiers import field_test
from detect.rules.problem import NotUnderstoodError, Place


@dataclass(frozen=True, slots=True)
class Detection:
    """What to look for; `searches` are kept for conditions beside the main one."""

    searches: Mapping[str, Expression]
    expression: Expression


def detection(data: Any, place: Place = ("detection",)) -> Detection:
    """Return what a detection says.

    Raises:
        NotUnderstoodError: something in it is not understood.
    """
    if not isinstance(data, dict):
        raise NotUnderstoodError(place, "a detection holds searches by name, and a condition")
    known = cast("dict[str, Any]", data)
    if "condition" not in known:
        raise NotUnderstoodError(place, "the detection has no condition")
    searches = {name: _search(name, what, (*place, name)) for name, what in known.items() if name != "condition"}
    if not searches:
        raise NotUnderstoodError(place, "the detection has no search beside its condition")
    return Detection(searches, condition(known["condition"], dict(searches), (*place, "condition")))


def _search(name: str, what: Any, place: Place) -> Expression:
    if "|" in name or not name:
        raise NotUnderstoodError(place, "a search has a plain name: modifiers belong to its fields")
    if isinstance(what, dict):
        return _map(cast("dict[str, Any]", what), place)
    if isinstance(what, list) and what:
        items = cast("list[Any]", what)
        return any_of([_map(item, (*place, index)) for index, item in enumerate(items)])
    raise NotUnderstoodError(place, f"{name} must hold fields with values, or a list of such")


def _map(what: Any, place: Place) -> Expression:
    if not isinstance(what, dict):
        raise NotUnderstoodError(place, "words without a field are not supported: write message|contains before them")
    fields = cast("dict[str, Any]", what)
    if not fields:
        raise NotUnderstoodError(place, "a search without fields would match everything")
    return all_of([field_test(key, values, (*place, key)) for key, values in fields.items()])
