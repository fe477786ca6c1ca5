"""The known keys, read off the settings' own shape, and the nearest one to a misspelt key."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from inspect import isclass
from typing import TYPE_CHECKING, Any, TypeGuard, get_args

from pydantic import BaseModel

from config.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATH_KEYS = frozenset({"store.path", "ingest.paths", "alerts.rules"})
"""Keys whose values are paths: `~` is expanded, and a relative one counts from the file that says it."""


def _entry_model(kind: Any) -> type[BaseModel] | None:
    """Return of what a list of entries consists; None where it is no such list."""
    inner = next(iter(get_args(kind)), None)
    return inner if _is_section(inner) else None


def _walk(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, Any]]:
    """Give every dotted key, and of what type it is."""
    for name, field in model.model_fields.items():
        yield f"{prefix}{name}", field.annotation
        if _is_section(field.annotation):
            yield from _walk(field.annotation, f"{prefix}{name}.")


def _is_section(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isclass(kind) and issubclass(kind, BaseModel)


@cache
def value_keys() -> tuple[str, ...]:
    """Return every dotted key that holds a value."""
    return tuple(key for key, kind in _walk(Settings, "") if not _is_section(kind))


@cache
def section_keys() -> frozenset[str]:
    """Return every dotted key that holds further keys."""
    return frozenset(key for key, kind in _walk(Settings, "") if _is_section(kind))


@cache
def entry_lists() -> Mapping[str, tuple[str, ...]]:
    """Return every key whose value is a list of entries that have keys themselves, with these keys."""
    return {
        key: tuple(one.alias or name for name, one in entry.model_fields.items())
        for key, kind in _walk(Settings, "")
        if (entry := _entry_model(kind)) is not None
    }


@cache
def list_keys() -> frozenset[str]:
    """Return every dotted key whose value is a list."""
    return frozenset(key for key, kind in _walk(Settings, "") if "tuple" in str(kind) and not _is_section(kind))


def nearest_key(key: str) -> str | None:
    """Return the known dotted key most like `key`, or None where nothing is like it.

    A misspelling is mostly within its section; failing that, the right word may stand in the wrong section.
    """
    known = (*value_keys(), *sorted(section_keys()))
    if near := get_close_matches(key.lower(), known, n=1, cutoff=0.6):
        return near[0]
    last_words = {name.rpartition(".")[2]: name for name in reversed(known)}
    near = get_close_matches(key.lower().rpartition(".")[2], last_words, n=1, cutoff=0.75)
    return last_words[near[0]] if near else None
