"""`--sort` and `--columns` as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from cli.problems import UsageProblem
from store.filters.keys import nearest
from store.searching import Sort, SortKey

if TYPE_CHECKING:
    from collections.abc import Sequence

_WAYS: Final = {"": True, "desc": True, "asc": False}


def sort_of(text: str) -> Sort:
    """Return the order that `KEY`, `KEY:asc` or `KEY:desc` names; the greatest come first unless it says otherwise.

    Raises:
        UsageProblem: it names none.
    """
    name, _, way = text.partition(":")
    keys: tuple[SortKey, ...] = get_args(SortKey)
    key: SortKey | None = next((one for one in keys if one == name.casefold()), None)
    if key is None:
        raise UsageProblem(f"--sort takes {_listed(keys)}, not {name!r}{_meant(name, keys)}")
    if way not in _WAYS:
        raise UsageProblem(f"--sort {name} can be followed by :asc or :desc, not :{way}")
    return Sort(key, descending=_WAYS[way])


def columns_of(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns in a text like `time,agent,summary`, each once, in its order.

    Raises:
        UsageProblem: one of them is none of the `known`.
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise UsageProblem(f"there is no column {name!r}{_meant(name, known)}; there are {_listed(known)}")
    if not names:
        raise UsageProblem(f"--columns takes names with commas between them: {_listed(known)}")
    return names


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _meant(name: str, known: Sequence[str]) -> str:
    found = nearest(name, tuple(known))
    return f" (did you mean {found}?)" if found else ""
