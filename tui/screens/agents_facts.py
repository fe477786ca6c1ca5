"""What the Agents tab's workers found out. Each carries its question, so that stale answers can be dropped."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.analytics.budgets import BudgetState
    from store.analytics.model import Dimension, Seen, Usage
    from store.filters.model import Filter
    from store.service import Extent
    from tui.agent_facts import AgentFacts
    from tui.agents_window import AgentsWindow, WindowChoice


@dataclass(frozen=True, slots=True, eq=False)
class TableQuestion:
    """What the table is about; compared by identity. Once `stop` is set, whoever answers it ends within a moment.

    `again`: the same was asked before, and only the numbers may have moved.
    """

    what: Filter
    by: Dimension
    choice: WindowChoice
    now_us: int
    again: bool = False
    counts: bool = True
    """Whether it is also counted how many values the other dimensions have."""
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class WindowKnown(Message):
    """Which time it is about, what the store holds, and its change token from before the first question."""

    question: TableQuestion
    window: AgentsWindow
    extent: Extent
    token: int


@dataclass
class UsageKnown(Message):
    """The sums by value, so far."""

    question: TableQuestion
    usage: Usage

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, UsageKnown) and message.question is self.question


@dataclass
class ActivityKnown(Message):
    """The events by value, in stretches of the window."""

    question: TableQuestion
    edges: tuple[int, ...]
    usage: Usage


@dataclass
class SeenKnown(Message):
    """When each value was last seen."""

    question: TableQuestion
    seen: Mapping[str | None, Seen]


@dataclass
class UsualKnown(Message):
    """The sums by value over the days before."""

    question: TableQuestion
    usage: Usage


@dataclass
class ValuesCounted(Message):
    """How many values a dimension has in the window."""

    question: TableQuestion
    by: Dimension
    values: int


@dataclass
class TableAnswered(Message):
    """Everything that was asked is there, after so many seconds of asking."""

    question: TableQuestion
    took_s: float


@dataclass
class TokenSeen(Message):
    """The store's change token by now."""

    token: int


@dataclass
class BudgetsKnown(Message):
    """How the budgets stand."""

    states: Sequence[BudgetState]


@dataclass(frozen=True, slots=True, eq=False)
class FactsQuestion:
    """What the panel is about: one value in a window; compared by identity.

    `place`: it is the n-th of m rows of the table. Once `stop` is set, whoever answers it ends within a moment.
    """

    what: Filter
    by: Dimension
    value: str | None
    window: AgentsWindow
    now_us: int
    utc: bool
    place: tuple[int, int]
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass
class FactsKnown(Message):
    """What is known of one value."""

    question: FactsQuestion
    facts: AgentFacts
