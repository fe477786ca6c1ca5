"""The few signs that the dashboard draws with, and their plain ASCII forms (`ui.ascii`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from store.alerts.states import AlertState
    from store.events import Status


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One cell each unless said otherwise. `bars` and `hanging` grow from empty to full."""

    success: str = "✓"
    failure: str = "✗"
    denied: str = "⊘"
    timeout: str = "◷"
    pending: str = "◌"
    none: str = "·"
    alert: str = "▲"
    following: str = "●"
    paused: str = "⏸"
    """Two cells wide in some terminals: always followed by a space."""
    late: str = "↥"
    mark: str = "◆"
    cursor: str = "▌"
    cross: str = "×"
    ellipsis: str = "…"
    enter: str = "↵"
    left: str = "←"
    right: str = "→"
    thumb: str = "┃"
    track: str = "│"
    rule: str = "─"
    minus: str = "−"
    more: str = "▲"
    less: str = "▼"
    about: str = "≈"
    least: str = "≥"
    """At least so much."""
    descending: str = "↓"
    ascending: str = "↑"
    bars: str = " ▁▂▃▄▅▆▇█"
    hanging: str = ""
    """Like `bars`, from the top; empty: `bars` in reverse video do."""
    bar_line: str = "━"
    bar_end: str = "╸"
    block: str = "█"
    tick: str = "▏"
    """Something shorter than a cell."""
    waiting: str = "┈"
    opened: str = "▾"
    closed: str = "▸"
    fresh: str = "✦"
    """Something seen for the first time."""
    heat: str = "░▒▓█"
    """Four strengths where there is no colour."""
    at_least: str = "≥"
    today: str = "◂"
    alert_new: str = "●"
    alert_open: str = "○"
    alert_seen: str = "◐"
    alert_muted: str = "◌"
    ascii: bool = False
    """Whether everything here is ASCII."""

    def key(self, shown: str) -> str:
        """Return how a key is written: arrows and the return sign as words where only ASCII can be shown."""
        words = {"↵": "Enter", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}
        return " ".join(words.get(key, key) for key in shown.split(" ")) if self.ascii else shown

    def of_status(self, status: Status | None) -> str:
        """Return the sign of a status; `none` where the producer stated none."""
        if status is None:
            return self.none
        signs = {
            "success": self.success,
            "failure": self.failure,
            "denied": self.denied,
            "timeout": self.timeout,
            "pending": self.pending,
        }
        return signs[status]

    def of_alert(self, state: AlertState) -> str:
        """Return the sign of how an alert stands."""
        signs = {
            "new": self.alert_new,
            "open": self.alert_open,
            "seen": self.alert_seen,
            "resolved": self.success,
            "false-positive": self.cross,
            "accepted": self.about,
            "muted": self.alert_muted,
        }
        return signs[state.value]


UNICODE: Final = Glyphs()

ASCII: Final = Glyphs(
    success="+",
    failure="x",
    denied="!",
    timeout="T",
    pending="~",
    none=".",
    alert="A",
    following="*",
    paused="||",
    late="^",
    mark="M",
    cursor=">",
    cross="x",
    ellipsis="~",
    enter="Enter",
    left="<-",
    right="->",
    thumb="#",
    track="|",
    rule="-",
    minus="-",
    more="^",
    less="v",
    about="~",
    least=">",
    descending="v",
    ascending="^",
    bars=" ...:::##",
    hanging=" '''!!!xx",
    bar_line="=",
    bar_end="-",
    block="#",
    tick="|",
    waiting=".",
    opened="v",
    closed=">",
    fresh="N",
    heat=".:+#",
    at_least=">=",
    today="<",
    alert_new="*",
    alert_open="o",
    alert_seen="s",
    alert_muted="m",
    ascii=True,
)


def glyphs_for(*, ascii_only: bool) -> Glyphs:
    """Return the set of signs for a terminal that can (not) show more than ASCII."""
    return ASCII if ascii_only else UNICODE
