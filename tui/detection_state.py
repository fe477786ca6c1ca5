"""How detection is doing beside its alerts: the rules, and those who are to be told. Asked now and then by a tab."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual.message import Message

from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from store.alerts.targets import TargetState

EVERY_S: Final = 10.0
"""How often is asked while the tab is shown: what is told of here changes when somebody edits a rule."""
GROUP: Final = "detection"


@dataclass(frozen=True, slots=True)
class DetectionState:
    """The rules there are, and how it goes with notifications."""

    at_work: int
    """Rules that may raise alerts."""
    switched_off: int = 0
    problems: tuple[str, ...] = ()
    """What is wrong with rules that cannot be used: file, line, and why."""
    targets: tuple[TargetState, ...] = ()
    """Those for which something waits, or was done in the last 24 hours."""
    attention: tuple[str, ...] = ()
    """One sentence for each thing that is not as it should be, as `auditail status` says it."""


@dataclass
class DetectionKnown(Message):
    """How detection is doing now."""

    state: DetectionState


class DetectionAsking:
    """Asks in a worker of one tab, while that is shown, and posts `DetectionKnown` to it."""

    def __init__(self, screen: Screen[Any], ask: Callable[[], DetectionState] | None) -> None:
        """Ask for `screen`; `ask` None: nothing is known of it here."""
        self._screen = screen
        self._ask = ask
        self._asked_s = float("-inf")

    def start(self) -> None:
        """Ask now and from now on."""
        if self._ask is not None:
            self.look()
            self._screen.set_interval(EVERY_S, self.look)

    def look(self) -> None:
        """Ask, unless nobody looks at the tab, or it was asked a moment ago."""
        now_s = time.monotonic()
        if self._ask is not None and self._screen.is_active and now_s - self._asked_s >= EVERY_S / 2:
            self._asked_s = now_s
            self._screen.run_worker(self._find_out, thread=True, exit_on_error=False, exclusive=True, group=GROUP)

    def _find_out(self) -> None:
        assert self._ask is not None
        try:
            self._screen.post_message(DetectionKnown(self._ask()))
        except StoreError:
            return  # the tab's own questions fail as well, and say so
