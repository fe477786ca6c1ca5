"""What a decision would do, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.alerts.states import STANDING, Reach, Verdict
from tui.alert_words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.alerts.model import Decision, DecisionPreview
    from tui.widgets.line import Span

_BEFORE: Final = {
    Verdict.ACKNOWLEDGE: "Would mark ",
    Verdict.RESOLVE: "Would resolve ",
    Verdict.FALSE_POSITIVE: "Would close ",
    Verdict.ACCEPT_RISK: "Would accept ",
    Verdict.MUTE: "Would silence ",
}
_AFTER: Final = {
    Verdict.ACKNOWLEDGE: " as seen",
    Verdict.FALSE_POSITIVE: " as false",
    Verdict.ACCEPT_RISK: " as known",
}
_ONE: Final = 0.95
"""From here on it rounds to one a week."""


def preview_words(decision: Decision, found: DecisionPreview) -> Sequence[Span]:
    """Return the sentence; what matters in it is strong."""
    return list(_words(decision, found))


def _words(decision: Decision, found: DecisionPreview) -> Iterator[Span]:
    if not found.alerts and not _holds_on(decision):
        yield ("Would change nothing: no alert within its reach stands otherwise.", "muted")
        return
    yield (_BEFORE[decision.verdict], "muted")
    yield (_which(decision, found), "strong")
    yield (_AFTER.get(decision.verdict, ""), "muted")
    if _holds_on(decision):
        yield (" and, going by 30 days, ", "muted")
        yield from _a_week(found.a_week)
    elif decision.verdict in STANDING:
        yield (", and what it grows by", "muted")
    yield (".", "muted")


def _which(decision: Decision, found: DecisionPreview) -> str:
    if decision.reach is Reach.ALERT and found.alerts == 1:
        return "this alert"
    return counted(found.alerts, "alert") if found.alerts else "no alert that is there"


def _holds_on(decision: Decision) -> bool:
    """Return whether alerts that are opened later get the same state."""
    return decision.verdict in STANDING and decision.reach is not Reach.ALERT


def _a_week(number: float) -> Iterator[Span]:
    if number >= _ONE:
        yield ("about ", "muted")
        yield (f"{round(number):,} a week", "strong")
    else:
        yield ("fewer than one a week" if number > 0 else "hardly another one", "muted")
