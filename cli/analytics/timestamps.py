"""Times as JSON and CSV have them."""

from __future__ import annotations

from store.filters.time_text import moment_text


def stamp(ts_us: int | None) -> str | None:
    """Return `2026-11-22T14:02:06Z` for UTC microseconds; None for none, and for a year that no calendar has."""
    if ts_us is None:
        return None
    try:
        return moment_text(ts_us)
    except OverflowError:
        return None
