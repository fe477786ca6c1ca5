"""Why somebody did something, as it is kept."""

from __future__ import annotations

from store.alerts.errors import DecisionError
from store.alerts.states import LONGEST_REASON


def kept_reason(text: str) -> str:
    """Return a reason as it is kept: without space around it, and with what is no text written out.

    Raises:
        DecisionError: it is too long to stand whole in histories and in events.
    """
    reason = text.encode("utf-8", "backslashreplace").decode().strip()
    if len(reason) > LONGEST_REASON:
        raise DecisionError(
            f"the reason has {len(reason):,} characters, and {LONGEST_REASON} are the most: say it shorter"
        )
    return reason
