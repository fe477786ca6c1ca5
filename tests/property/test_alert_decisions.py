"""Decisions, undos, growth and time in any order leave each alert as a plain model of stacked layers says."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, note, settings
from hypothesis import strategies as st

from store.alerts.decisions import AlertDesk
from store.alerts.model import Decision
from store.alerts.states import LIVE, STANDING, STATE_AFTER, AlertState, Reach, Verdict
from tests.alert_incidents import GUESSING, LOOP, Clock, Incidents, open_at
from tests.events import ARRIVED_US, SECOND
from tests.property.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES: Final = {"guessing": GUESSING, "loop": LOOP}
MINUTE: Final = 60 * SECOND
STEPS: Final = 40
WIDE: Final = 0.3
"""How often a decision is about more than one alert."""
ENDED: Final = (AlertState.RESOLVED, AlertState.FALSE_POSITIVE, AlertState.ACCEPTED)


@dataclass
class Layer:
    """How an alert stands, and by which decision; None: by none."""

    state: AlertState
    until: int | None = None
    by: int | None = None


@dataclass
class Modelled:
    """An alert: what was said of it lies in layers, and the uppermost holds."""

    agent: str | None
    rule: str
    layers: list[Layer] = field(default_factory=list[Layer])
    merged_into: int | None = None

    @property
    def top(self) -> Layer:
        """Return what holds."""
        return self.layers[-1]

    def is_live(self, now: int) -> bool:
        """Return whether something is still to be done."""
        over = self.top.state is AlertState.MUTED and (self.top.until or 0) <= now
        return self.merged_into is None and (self.top.state in LIVE or over)


@dataclass
class Taken:
    """A decision."""

    verdict: Verdict
    about: Modelled
    wide: bool
    until: int | None
    undone: bool = False


class Model:
    """What the desk and the keeping of alerts are to do, in plain lists."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self.alerts: list[Modelled] = []
        self.taken: list[Taken] = []
        self.now = ARRIVED_US

    def open(self, agent: str | None, rule: str) -> None:
        """Open an alert."""
        self.alerts.append(Modelled(agent, rule))
        self._be_new(self.alerts[-1])

    def grow(self, alert: Modelled) -> None:
        """Let an alert grow."""
        top = alert.top
        if top.state is AlertState.RESOLVED or (top.state in ENDED and top.until is not None and top.until <= self.now):
            self._be_new(alert)

    def view(self, alert: Modelled) -> None:
        """Have somebody look at an alert."""
        if alert.top.state is AlertState.NEW:
            alert.layers[-1] = Layer(AlertState.OPEN)

    def whole(self, number: int) -> Modelled:
        """Return an alert, or the one that it is a part of."""
        alert = self.alerts[number]
        return alert if alert.merged_into is None else self.whole(alert.merged_into)

    def decide(self, verdict: Verdict, number: int, until: int | None, *, wide: bool) -> int:
        """Decide; return how many alerts that was about."""
        about = self.whole(number)
        taken = Taken(verdict, about, wide, until)
        self.taken.append(taken)
        covered = [one for one in self.alerts if one is about or (self._covers(taken, one) and one.is_live(self.now))]
        for one in covered:
            one.layers.append(Layer(STATE_AFTER[verdict], until, len(self.taken)))
        return len(covered)

    def undo(self, number: int) -> int | None:
        """Take a decision back; return how many alerts stand as before."""
        if self.taken[number - 1].undone:
            return None
        self.taken[number - 1].undone = True
        restored = [one for one in self.alerts if one.top.by == number and one.merged_into is None]
        for one in restored:
            while one.top.by is not None and self.taken[one.top.by - 1].undone:
                one.layers.pop()
        return len(restored)

    def _be_new(self, alert: Modelled) -> None:
        alert.layers.append(Layer(AlertState.NEW))
        for number, taken in reversed(list(enumerate(self.taken, 1))):
            holds = taken.verdict in STANDING and not taken.undone and (taken.until is None or taken.until > self.now)
            if holds and self._covers(taken, alert):
                alert.layers.append(Layer(STATE_AFTER[taken.verdict], taken.until, number))
                return

    def _covers(self, taken: Taken, alert: Modelled) -> bool:
        return taken.wide and (alert.rule, alert.agent) == (taken.about.rule, taken.about.agent)


def story(random: Random) -> Iterator[tuple[Any, ...]]:
    """Yield what happens: mostly decisions about the same few alerts, and undos of the last ones or of any."""
    for decided in range(STEPS):
        number = random.randrange(4)
        yield random.choice(
            [
                ("decide", random.choice(list(Verdict)), number, random.random() < WIDE, random.choice((None, 5, 40))),
                ("decide", random.choice(list(Verdict)), number, random.random() < WIDE, random.choice((None, 5, 40))),
                ("undo", random.choice((None, random.randint(max(1, decided // 2 - 3), decided // 2 + 1)))),
                ("undo", random.choice((None, random.randint(1, decided + 1)))),
                ("open", random.choice(("bot", "bot", "other", None)), random.choice(list(RULES))),
                ("grow", number),
                random.choice((("view", number), ("wait", random.randint(1, 30)), ("merge", number, 5))),
            ]
        )


class Both:
    """Does everything in the model and in the store."""

    def __init__(self, folder: Path) -> None:
        """Open an empty store."""
        self._model = Model()
        self._clock = Clock()
        self.store = open_at(folder, self._clock)
        self._happen = Incidents(self.store)
        self._desk = AlertDesk(self.store)
        self.open("bot", "guessing")

    def open(self, agent: str | None, rule: str) -> None:
        """Open an alert."""
        self._model.open(agent, rule)
        assert self._happen.open(agent, RULES[rule]) == len(self._model.alerts)

    def grow(self, number: int) -> None:
        """Let an alert grow that is no part of another."""
        at = number % len(self._model.alerts)
        if self._model.alerts[at].merged_into is None:
            self._model.grow(self._model.alerts[at])
            self._happen.grow(at + 1)

    def view(self, number: int) -> None:
        """Look at an alert."""
        at = number % len(self._model.alerts)
        self._model.view(self._model.alerts[at])
        self._desk.viewed([at + 1])

    def merge(self, gone: int, into: int) -> None:
        """Let an alert be a part of another, where neither is one yet."""
        at, to = gone % len(self._model.alerts), into % len(self._model.alerts)
        if at != to and all(self._model.alerts[one].merged_into is None for one in (at, to)):
            for alert in self._model.alerts:
                if alert.merged_into == at:
                    alert.merged_into = to
            self._model.alerts[at].merged_into = to
            self._happen.merge(at + 1, to + 1)

    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self._clock.now_us += minutes * MINUTE
        self._model.now = self._clock.now_us

    def decide(self, verdict: Verdict, number: int, wide: bool, minutes: int | None) -> None:
        """Decide with what the verdict needs."""
        at = number % len(self._model.alerts)
        minutes = (minutes or 5) if verdict is Verdict.MUTE else minutes if verdict in STANDING else None
        until = None if minutes is None else self._clock.now_us + minutes * MINUTE
        reach = Reach.RULE_AND_AGENT if wide else Reach.ALERT
        done = self._desk.decide(Decision(verdict, at + 1, reach, "known", until))
        assert done.alerts == self._model.decide(verdict, at, until, wide=wide)
        assert done.decision_id == len(self._model.taken)

    def undo(self, number: int | None) -> None:
        """Take back a decision, or the last one that stands."""
        standing = [at for at, taken in enumerate(self._model.taken, 1) if not taken.undone]
        meant = number if number is not None else max(standing, default=0)
        expected = self._model.undo(meant) if 0 < meant <= len(self._model.taken) else None
        undone = self._desk.undo(number)
        assert (None if undone is None else (undone.decision_id, undone.alerts)) == (
            None if expected is None else (meant, expected)
        )

    def compare(self) -> None:
        """Check that every alert stands as the model says."""
        kept = [self._happen.stands(number) for number in range(1, len(self._model.alerts) + 1)]
        assert kept == [(one.top.state, one.top.until) for one in self._model.alerts]

    def recorded(self) -> None:
        """Check that there is an event for every decision, and for every undo."""
        asked = "SELECT count(*) FROM event JOIN name ON name.id = event.type_no WHERE name.text = ?"
        [(decided,)] = self._happen.ask(asked, "system.alert_decided")
        [(undone,)] = self._happen.ask(asked, "system.alert_decision_undone")
        assert (decided, undone) == (len(self._model.taken), sum(one.undone for one in self._model.taken))


@settings(max_examples=examples(12))
@given(st.integers(min_value=0))
def test_each_alert_stands_as_the_model_says(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        both = Both(Path(folder))
        with both.store:
            for what, *values in story(Random(seed)):
                note(f"{what} {values}")
                getattr(both, what)(*values)
                both.compare()
            both.recorded()
