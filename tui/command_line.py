"""What a list shows as a command for a shell: `auditail infra logs -- …`, which asks the same of the same store."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.filters.keys import TIME_KEYS
from store.filters.printer import canonical
from store.filters.syntax import And, Expression, Not, Or, Term
from tui.search_order import BY_TIME, sort_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.filters.model import Filter
    from tui.shown_view import ShownView

_PLAIN: Final = re.compile(r"[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*")
"""What every shell takes as it stands."""
_ACTED_UPON: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that a terminal may act upon, hide, or not be able to show, where they are pasted."""
_NUMBERED: Final = frozenset("'!\\")
_NAMES: Final = {"duration": "took"}
"""Columns that the command line calls otherwise."""


@dataclass(frozen=True, slots=True)
class CommandPlace:
    """What a command has to say beside the filter, so that it sees what the dashboard sees.

    `store`: the path of its file; None: it is where a command looks by itself. `tenants`: the only ones that may be
    seen; None: all. `utc`: the settings show times in UTC, so that a command does so without a word.
    """

    store: str | None = None
    tenants: tuple[str, ...] | None = None
    utc: bool = False


def command_line(shown: ShownView, place: CommandPlace, *, utc: bool) -> str | None:
    """Return the command, on one line; None where the filter has a character that no argument can have, such as NUL.

    Its zone is the one in which the filter names times; where it names none, that of the screen: `utc`, or local.
    """
    return joined(_words(shown, place, utc=zone_of(shown.what, utc=utc)))


def zone_of(what: Filter, *, utc: bool) -> bool:
    """Return whether a command is about UTC: as its filter names times, or where it names none, as the screen does."""
    return what.utc if what.expression is not None and _names_a_time(what.expression) else utc


def joined(words: Iterable[str]) -> str | None:
    """Return the words as a line for a shell; None where one has a character that no argument can have."""
    words = [*words]
    return " ".join(map(quoted, words)) if all(map(_may_be_an_argument, words)) else None


def place_words(place: CommandPlace) -> Iterator[str]:
    """Yield how a command begins that is about this place."""
    yield "auditail"
    if place.store is not None:
        yield f"--store={place.store}"
    for tenant in place.tenants or ():
        yield f"--tenant={tenant}"


def _may_be_an_argument(word: str) -> bool:
    try:
        return b"\0" not in word.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False


def _names_a_time(expression: Expression) -> bool:
    match expression:
        case And() | Or():
            return any(map(_names_a_time, expression.operands))
        case Not():
            return _names_a_time(expression.operand)
        case Term():
            return expression.key in TIME_KEYS
        case _:
            return False


def _words(shown: ShownView, place: CommandPlace, *, utc: bool) -> Iterator[str]:
    yield from place_words(place)
    yield "infra"
    yield "logs"
    if utc != place.utc:
        yield "--utc" if utc else "--local"
    if shown.sort != BY_TIME:
        yield f"--sort={sort_text(shown.sort)}"
    if shown.columns:
        yield f"--columns={','.join(_NAMES.get(name, name) for name in shown.columns)}"
    if shown.what:
        yield "--"
        yield from operand_texts(shown.what)


def operand_texts(what: Filter) -> tuple[str, ...]:
    """Return the canonical text of each operand: joined by spaces they are that of the filter."""
    operands = what.operands
    return (what.text,) if len(operands) == 1 else tuple(map(_among_others, operands))


def _among_others(operand: Expression) -> str:
    text = canonical(operand)
    return f"({text})" if isinstance(operand, Or) else text


def quoted(word: str) -> str:
    """Return a word as bash, zsh and ksh read it back, in one line and without anything that acts when it is pasted."""
    if _PLAIN.fullmatch(word):
        return word
    if any(unicodedata.category(one) in _ACTED_UPON for one in word):
        return "$'" + "".join(map(_numbered, word)) + "'"
    return "'" + word.replace("'", "'\\''") + "'"


def _numbered(one: str) -> str:
    if one not in _NUMBERED and unicodedata.category(one) not in _ACTED_UPON:
        return one
    return "".join(f"\\{byte:03o}" for byte in one.encode("utf-8", "surrogateescape"))
