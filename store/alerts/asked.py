"""What somebody wants to decide, looked at before anything is done about it."""

from __future__ import annotations

from typing import Final

from store.alerts.decided_event import Verdicted, moment_words
from store.alerts.errors import DecisionError
from store.alerts.model import Decision
from store.alerts.pinned import pinned
from store.alerts.reason import kept_reason
from store.alerts.states import STANDING, Reach, Verdict

_NOUN: Final = {
    Verdict.ACKNOWLEDGE: "an acknowledgement",
    Verdict.RESOLVE: "a resolution",
    Verdict.FALSE_POSITIVE: "a false positive",
    Verdict.ACCEPT_RISK: "an accepted risk",
    Verdict.MUTE: "a mute",
}
_LAST_US: Final = 253_402_300_799_999_999
"""The end of the year 9999: no calendar goes further."""


def checked(decision: Decision, now_us: int) -> Verdicted:
    """Return the decision as it will be kept, without its number yet (0).

    Raises:
        DecisionError: something is missing, or does not go together.
    """
    reason = kept_reason(decision.reason)
    noun = _NOUN[decision.verdict]
    if decision.verdict in STANDING and not reason:
        raise DecisionError(f"{noun} needs a reason: say why, it is kept with the decision")
    _check_end(decision, noun, now_us)
    query = ""
    if decision.reach is Reach.FILTER:
        if not decision.what:
            raise DecisionError("there is no filter to go by: narrow the list first, or decide on this alert alone")
        query = pinned(decision.what, now_us).text
    return Verdicted(0, decision.verdict, reason, decision.reach, query, decision.until_us)


def _check_end(decision: Decision, noun: str, now_us: int) -> None:
    until = decision.until_us
    if until is None:
        if decision.verdict is Verdict.MUTE:
            raise DecisionError("a mute needs an end: say until when it holds")
        return
    if decision.verdict not in STANDING:
        raise DecisionError(f"{noun} is about what is there now and has no end: leave the end out")
    if until > _LAST_US:
        raise DecisionError("no calendar goes as far as that end: choose an earlier one")
    if until <= now_us:
        raise DecisionError(f"{moment_words(until)} has passed: choose an end that is still to come")
