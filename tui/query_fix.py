"""Takes over what an error of a query suggests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from store.filters.errors import QueryError

_PATH: Final = "<path>"


def corrected(error: QueryError) -> tuple[str, int] | None:
    """Return the query with the suggestion in it and where the cursor then goes; None: nothing was suggested.

    What stands for something to be typed (`<path>`) is left out, and the cursor goes there.
    """
    if error.suggestion is None:
        return None
    query, start, end = error.query, error.start, min(error.end, len(error.query))
    suggestion = error.suggestion
    open_end = suggestion.endswith(_PATH)
    suggestion = suggestion.removesuffix(_PATH)
    if query.startswith(":", end) and not open_end:
        suggestion = suggestion.removesuffix(":")
        behind = start + len(suggestion) + 1
    else:
        behind = start + len(suggestion)
    text = f"{query[:start]}{suggestion}{query[end:]}"
    return text, behind if open_end or behind >= len(text) else len(text)
