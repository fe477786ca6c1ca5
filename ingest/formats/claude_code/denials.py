"""A transcript never says "denied": that a tool call was refused, and by whom, is read from the text of its error."""

from __future__ import annotations

from typing import Final

_LOOKED_AT: Final = 400
"""A refusal stands at the beginning; the same words deep in a program's output mean nothing."""

_BY_USER: Final = ("the user doesn't want to proceed with this tool use", "the user doesn't want to take this action")
_BY_POLICY: Final = ("requires approval", "haven't granted", "permission to use")
_DENIED: Final = "denied"


def decider_of(error: str) -> str | None:
    """Return who refused a call with this error text: `user`, or `policy` for the rules in force; None: nobody did."""
    text = error[:_LOOKED_AT].replace("\u2019", "'").lower()
    if any(phrase in text for phrase in _BY_USER):
        return "user"
    if any(phrase in text for phrase in _BY_POLICY[:2]):
        return "policy"
    return "policy" if _BY_POLICY[2] in text and _DENIED in text else None
