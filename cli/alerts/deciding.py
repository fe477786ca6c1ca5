"""Decisions from the command line: what is wanted, what was done, and how to take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cli import stdout
from cli.alert_tools import StoreAlerts
from cli.filtering import parsed
from cli.narration import narrate
from cli.problems import UsageProblem
from cli.session import scope_of, store_path
from cli.wording import counted
from store.alerts.decided_event import OUTCOME
from store.alerts.errors import DecisionError
from store.alerts.model import Decision
from store.alerts.states import STANDING, Reach, Verdict
from store.clock import now_us
from store.filters.model import Filter
from store.filters.time_text import read_time
from store.safe_text import safe_text
from tui import format as words

if TYPE_CHECKING:
    from config.loading import Loaded
    from store.alerts.model import Undone

_ENDS: Final = "2026-11-27 18:00 or 2026-11-27T17:00:00Z, or say how long with --for 7d"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed. `until` is a time, `span` a length of time; None: not given."""

    alert_id: int
    verdict: Verdict
    reason: str
    reach: Reach
    until: str | None
    span: str | None
    query: str | None
    utc: bool

    def decision(self, now: int) -> Decision:
        """Return the decision, taken at `now` in UTC microseconds.

        Raises:
            UsageProblem: something is missing, or cannot be understood.
        """
        if self.verdict in STANDING and not self.reason.strip():
            raise UsageProblem(f"{self.verdict} needs --reason TEXT: say why, it is kept with the decision")
        until = self._until_us(now)
        if self.verdict is Verdict.MUTE and until is None:
            raise UsageProblem("a mute needs an end: add --for 7d, or --until TIME")
        if (self.query is not None) != (self.reach is Reach.FILTER):
            raise UsageProblem(
                "--reach filter and --query QUERY belong together: the query says which alerts are meant"
            )
        what = None if self.query is None else Filter(parsed(self.query, alerts=True), self.utc)
        return Decision(self.verdict, self.alert_id, self.reach, self.reason, until, what)

    def _until_us(self, now: int) -> int | None:
        if self.until is not None and self.span is not None:
            raise UsageProblem("--until and --for are two ways to say the same: use one of them")
        if self.span is not None:
            return 2 * now - _read(
                f"-{self.span.strip()}", now, f"--for {self.span}", "90m, 12h, 7d or 2w", utc=self.utc
            )
        if self.until is not None:
            return _read(self.until, now, f"--until {self.until}", _ENDS, utc=self.utc)
        return None


def decide_and_tell(loaded: Loaded, wanted: Wanted) -> None:
    """Decide, say what was done, and how it is taken back.

    Raises:
        UsageProblem: the decision cannot be taken as it is.
        StoreError: the store cannot be written now.
    """
    decision = wanted.decision(now_us())
    try:
        done = StoreAlerts(store_path(loaded), scope_of(loaded)).decide(decision)
    except DecisionError as error:
        raise UsageProblem(str(error)) from error
    others = f" and {counted(done.alerts - 1, 'other alert')}" if done.alerts > 1 else ""
    until = "" if decision.until_us is None else f" until {_moment(decision.until_us, utc=wanted.utc)}"
    stdout.put(f"alert {wanted.alert_id}{others}: {OUTCOME[decision.verdict]}{until}")
    narrate(f"`auditail alerts undo {done.decision_id}` takes it back")


def undo_and_tell(loaded: Loaded, decision_id: int | None) -> None:
    """Take a decision back, and say what that did.

    Raises:
        UsageProblem: no decision of that number stands.
        StoreError: the store cannot be written now.
    """
    undone = StoreAlerts(store_path(loaded), scope_of(loaded)).undo(decision_id)
    if undone is not None:
        stdout.put(
            f"decision {undone.decision_id} ({OUTCOME[undone.verdict]}) is taken back: {_how_they_stand(undone)}"
        )
        if undone.newer is not None:
            narrate(f"`auditail alerts undo {undone.newer}` takes the newer decision back, too")
    elif decision_id is None:
        narrate("you have decided nothing that could be taken back")
    else:
        decided = "`auditail logs --type system.alert_decided` shows what was decided"
        raise UsageProblem(f"no decision {decision_id} stands: {decided}")


def _how_they_stand(undone: Undone) -> str:
    if undone.alerts:
        stand = "1 alert stands as before" if undone.alerts == 1 else f"{undone.alerts} alerts stand as before"
        return f"{stand}, {undone.newer_alerts} as decided since" if undone.newer_alerts else stand
    if undone.newer is not None:
        stay = "its alert stays" if undone.newer_alerts == 1 else f"its {undone.newer_alerts} alerts stay"
        return f"{stay} as decision {undone.newer} says"
    return "no alert changes, since what it said was over"


def _read(text: str, now: int, given: str, accepted: str, *, utc: bool) -> int:
    try:
        return read_time(text, now=_EPOCH + timedelta(microseconds=now), utc=utc)
    except ValueError as error:
        raise UsageProblem(f"cannot read {safe_text(given)}: write it as {accepted}") from error


def _moment(ts_us: int, *, utc: bool) -> str:
    return f"{words.full_time(ts_us, utc=utc)[:16]} {words.zone_offset(ts_us, utc=utc)}"
