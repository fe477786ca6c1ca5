"""A decision while it is being made: what was chosen so far, what is missing, and what its button says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final

from store.alerts.model import Decision
from store.alerts.states import STANDING, Reach, Verdict
from tui import alert_until
from tui.alert_until import Until
from tui.alert_words import date, moment

if TYPE_CHECKING:
    from store.alerts.model import AlertRow
    from store.filters.model import Filter

MEANING: Final = {
    Verdict.ACKNOWLEDGE: "seen, somebody looks at it",
    Verdict.RESOLVE: "handled; new again if it grows",
    Verdict.FALSE_POSITIVE: "the rule was wrong here",
    Verdict.ACCEPT_RISK: "true, and we live with it",
    Verdict.MUTE: "stop telling, keep counting",
}
"""What each verdict means, in a few words."""

_BUTTON: Final = {
    Verdict.ACKNOWLEDGE: "Acknowledge",
    Verdict.RESOLVE: "Resolve",
    Verdict.FALSE_POSITIVE: "False positive",
    Verdict.ACCEPT_RISK: "Accept risk",
    Verdict.MUTE: "Mute",
}
_DAY_US: Final = 86_400_000_000


class Missing(Enum):
    """What a decision still needs."""

    REASON = "reason"
    END = "end"


@dataclass(frozen=True, slots=True)
class Form:
    """What was chosen and typed so far."""

    row: AlertRow
    """The alert that is looked at."""
    what: Filter | None = None
    """The present filter; None: there is none to choose."""
    scoped: bool = False
    """Whether only some tenants may be seen."""
    together: int = 1
    """So many alerts of the rule were one line under the cursor, `row` the first of them; 1: it was one alert."""
    verdict: Verdict = Verdict.ACKNOWLEDGE
    reach: Reach = Reach.ALERT
    reason: str = ""
    until: Until | None = None
    """The chosen end; None: none was chosen yet, the verdict's usual one counts."""
    typed: str = ""
    """The end of `Until.TYPED`."""

    @classmethod
    def begun(cls, row: AlertRow, what: Filter | None = None, *, scoped: bool = False, together: int = 1) -> Form:
        """Return the form to begin with: it is about what the cursor is on, all of it where that may be chosen."""
        form = cls(row, what or None, scoped, together)
        return replace(form, reach=Reach.FILTER) if together > 1 and Reach.FILTER in form.reaches else form

    @property
    def about_many(self) -> bool:
        """Whether it is about more than one alert of a line that stood for many."""
        return self.together > 1 and self.reach is not Reach.ALERT

    @property
    def reaches(self) -> tuple[Reach, ...]:
        """What the decision can be about: the filter only where one is set; in a limited scope one alert."""
        if self.scoped:
            return (Reach.ALERT,)
        return tuple(Reach) if self.what is not None else (Reach.ALERT, Reach.RULE_AND_AGENT)

    @property
    def stands(self) -> bool:
        """Whether the verdict needs a reason and may have an end."""
        return self.verdict in STANDING

    @property
    def ending(self) -> Until:
        """The end that counts: the chosen one where the verdict can have it, else the verdict's usual one."""
        if self.until is not None and self.until in alert_until.choices(self.verdict):
            return self.until
        return alert_until.usual(self.verdict)

    def end_us(self, now_us: int, *, utc: bool) -> int | None:
        """Return the end in UTC microseconds; None: it has none. Raises `ValueError` where what was typed is no end."""
        return alert_until.end_us(self.ending, self.typed, now_us, utc=utc) if self.stands else None

    def missing(self, now_us: int, *, utc: bool) -> Missing | None:
        """Return what is needed first; None: it can be decided."""
        if self.stands and not self.reason.strip():
            return Missing.REASON
        try:
            self.end_us(now_us, utc=utc)
        except ValueError:
            return Missing.END
        return None

    def decision(self, now_us: int, *, utc: bool) -> Decision:
        """Return the decision. Raises `ValueError` where what was typed is no end."""
        return replace(self.question, reason=self.reason.strip(), until_us=self.end_us(now_us, utc=utc))

    @property
    def question(self) -> Decision:
        """The decision as a preview asks for it: without reason and end, which change nothing of what it is about."""
        what = self.what if self.reach is Reach.FILTER else None
        return Decision(self.verdict, self.row.id, self.reach, what=what)

    def button(self, now_us: int, *, utc: bool) -> str:
        """Return what the button says: the verdict, and its end where there is one."""
        word = _BUTTON[self.verdict]
        try:
            end = self.end_us(now_us, utc=utc)
        except ValueError:
            end = None
        if end is None:
            return f"{word} for good" if self.stands and self.ending is Until.EVER else word
        near = end - now_us < 2 * _DAY_US or self.ending is Until.TYPED
        return f"{word} until {moment(end, now_us, utc=utc) if near else date(end, utc=utc)}"
