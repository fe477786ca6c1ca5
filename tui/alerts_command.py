"""The Alerts tab's list as a command for a shell: `auditail alerts list -- …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.filters.keys import Key
from store.filters.walking import has_key_of
from tui.command_line import CommandPlace, joined, operand_texts, place_words, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.filters.model import Filter


def alerts_command(what: Filter, place: CommandPlace, *, utc: bool) -> str | None:
    """Return the command, on one line; None where the filter has a character that no argument can have."""
    return joined(_words(what, place, utc=zone_of(what, utc=utc)))


def _words(what: Filter, place: CommandPlace, *, utc: bool) -> Iterator[str]:
    yield from place_words(place)
    yield from ("alerts", "list")
    if utc != place.utc:
        yield "--utc" if utc else "--local"
    yield "--"
    yield from operand_texts(what)
    if what.expression is None or not has_key_of(what.expression, (Key.STATE,)):
        yield "state:*"  # where no state is asked for, the command lists only what is not decided yet
