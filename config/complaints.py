"""What is wrong with a value, in one line that names the place."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, cast

from config.errors import BadValueError, SettingsError, UnknownKeyError
from config.keys import entry_lists

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from config.origin import Layer, Origin, Place, Sourced

_WORDS: Final = {
    "string_type": "must be text (put it in quotes)",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "tuple_type": "must be a list, as in [a, b]",
    "date_type": "must be a day, as in 2026-01-31",
    "date_parsing": "must be a day, as in 2026-01-31",
    "date_from_datetime_parsing": "must be a day, as in 2026-01-31",
    "date_from_datetime_inexact": "must be a day, as in 2026-01-31",
    "dict_type": "must hold keys, as in {key: value}",
    "model_type": "must hold keys, as in `- {key: value, key: value}`",
}
_SECRET: Final = frozenset({"webhook", "headers", "command"})
"""Keys of entries whose values are not repeated: a token may stand in them."""


def complaint(error: ValidationError, merged: Layer) -> SettingsError:
    """Return the first thing that is wrong with merged settings, as an error to raise."""
    found = error.errors(include_url=False, include_context=True)
    # A misspelt key is mostly why another one is missing.
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    place = first["loc"]
    key = _key_of(place, merged)
    within = place[key.count(".") + 1 :]
    if key in entry_lists() and within:
        return _of_an_entry(first, key, within, merged[key])
    return BadValueError(f"{merged[key].origin}: {key} {_must(first)}")


def _key_of(place: Place, merged: Layer) -> str:
    """Return the dotted key a validation error is about: its place may go on into a list."""
    parts = [str(part) for part in place]
    while parts and ".".join(parts) not in merged:
        parts.pop()
    assert parts, "every value that is validated has an origin"
    return ".".join(parts)


def _of_an_entry(found: ErrorDetails, key: str, place: Place, value: Sourced) -> SettingsError:
    where = _line_of(value, place)
    entry = f"entry {int(place[0]) + 1} of {key}"
    if len(place) == 1:
        return BadValueError(f"{where}: {entry} {_must(found)}")
    name = str(place[1])
    if found["type"] == "missing":
        return BadValueError(f"{where}: {entry} must have the key {name}")
    if found["type"] == "extra_forbidden":
        return UnknownKeyError(f"{where}: unknown key {name} in {entry}: {_known(key, name)}")
    return BadValueError(f"{where}: {name} in {entry} {_must(found, secret=name in _SECRET)}")


def _line_of(value: Sourced, place: Place) -> Origin:
    """Return the place of the nearest thing around an error whose line is known."""
    for end in range(len(place), 0, -1):
        if (line := value.lines.get(place[:end])) is not None:
            return replace(value.origin, line=line)
    return value.origin


def _known(key: str, name: str) -> str:
    known = entry_lists()[key]
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:-1])} and {known[-1]}"


def _must(found: ErrorDetails, *, secret: bool = False) -> str:
    """Say what a value must be, and what stands there instead, unless that may be secret."""
    value: Any = found["input"]
    default = found["msg"].removeprefix("Value error, ").replace("Input should be", "must be", 1)
    words = _WORDS.get(found["type"], default)
    # What is wrong with several keys or entries together is not said better by repeating them all.
    return words if secret or _holds_keys(value) else f"{words}, not {value!r}"


def _holds_keys(value: Any) -> bool:
    parts = cast("list[Any]", value) if isinstance(value, list) else [value]
    return any(isinstance(part, dict) for part in parts)
