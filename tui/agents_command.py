"""The table of the Agents tab as a command for a shell: `auditail analytics agents usage --by … -- …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.filters.time_text import moment_text
from tui.agents_window import HOUR_US, LENGTHS_US
from tui.command_line import CommandPlace, joined, operand_texts, place_words, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.analytics.model import Dimension
    from store.filters.model import Filter
    from tui.agents_order import Order
    from tui.agents_window import AgentsWindow

_COLUMNS: Final = {
    "event change": "change",
    "errors": "failed",
    "cache read": "cached",
    **{name: name for name in ("calls", "events", "change", "denied", "p50", "p95", "p99", "tokens", "cost", "last")},
    **{name: name for name in ("input", "output")},
}
"""What the command calls the columns that it can be sorted by."""


def agents_command(
    what: Filter, by: Dimension, window: AgentsWindow, order: Order, place: CommandPlace, *, utc: bool
) -> str | None:
    """Return the command, on one line; None where the filter has a character that no argument can have."""
    return joined(_words(what, by, window, order, place, utc=zone_of(what, utc=utc)))


def _words(
    what: Filter, by: Dimension, window: AgentsWindow, order: Order, place: CommandPlace, *, utc: bool
) -> Iterator[str]:
    yield from place_words(place)
    yield from ("analytics", "agents", "usage", f"--by={by.value}")
    if utc != place.utc:
        yield "--utc" if utc else "--local"
    if window.kind == "now" and window.length_us in LENGTHS_US:
        yield f"--since=-{window.length_us // HOUR_US}h"
    elif window.kind != "filter":
        yield f"--since={moment_text(window.start_us)}"
        yield f"--before={moment_text(window.end_us)}"
    column = _COLUMNS.get(order.column)
    if column is not None:
        yield f"--sort={column}{'' if order.descending else ':asc'}"
    if what:
        yield "--"
        yield from operand_texts(what)
