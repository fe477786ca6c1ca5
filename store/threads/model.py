"""What a thread is: the frozen answer that a screen or a command gets, and how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from store.events import EventSummary, Status


class Level(StrEnum):
    """What holds a thread together, the narrowest first."""

    CALL = "call"
    """A tool call and its result: all there is where an event names nothing wider."""
    REQUEST = "request"
    TRACE = "trace"
    SESSION = "session"
    JOINED = "sessions"
    """A session and those that are joined to it: they share a trace, or one was started by a call of the other."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Numbers of tokens; 0 where none were stated."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def total(self) -> int:
        """The sum of all four kinds."""
        return self.input + self.output + self.cache_read + self.cache_write

    def __add__(self, other: Tokens) -> Tokens:
        """Return the sums by kind."""
        return Tokens(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
        )


NO_TOKENS: Final = Tokens()


@dataclass(frozen=True, slots=True)
class Sight:
    """A row that adds to another one: what a second source saw of the same call, or later parts of its usage."""

    event: EventSummary
    format: str


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One event in its place in the tree. All times are UTC microseconds."""

    event: EventSummary
    depth: int
    """0 for what nothing in this thread holds."""
    parent: int | None
    """Place of the row that holds it in `Thread.rows`; None at depth 0."""
    is_last: bool
    """Whether no later row has the same parent."""
    start_us: int
    end_us: int
    """Equal to `start_us` where no duration is known."""
    gap_us: int | None
    """How long nothing had been going on when this began; 0 where something was, None for the first of all."""
    tokens: Tokens
    cost_microusd: int | None
    """As reported, else as computed from its tokens; None: neither is known."""
    call_id: str | None
    status: Status | None
    """Its own status; for a call that states none that of its result."""
    answered: bool
    """False for a call without a result in the thread and without a final status of its own."""
    timed: bool = True
    """False where its time is only inferred and stands at an end: it has no place on the thread's time scale."""
    sights: tuple[Sight, ...] = ()
    """What was merged into this row: its tokens and cost are in the row's own figures already."""

    @property
    def took_us(self) -> int | None:
        """How long it took; None: not known."""
        return self.end_us - self.start_us if self.end_us > self.start_us else self.event.duration_us


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers over the rows of a thread. `events` leaves out what was merged; tokens and cost include it."""

    events: int = 0
    errors: int = 0
    denials: int = 0
    tokens: Tokens = NO_TOKENS
    cost_microusd: int | None = None
    """None: no row has one."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything that belongs together with one event, a parent before what it holds, siblings in time order."""

    event_row_id: int
    """The event that was asked about."""
    level: Level
    key: str
    """The id that its rows share."""
    wider: Level | None
    """The next wider thread that there is; None: this is the widest."""
    rows: tuple[ThreadRow, ...]
    at: int
    """Place of the asked event, or of the row that it was merged into."""
    totals: Totals
    start_us: int
    end_us: int
    users: tuple[str, ...]
    """On whose behalf, in order of appearance; empty: nobody is named."""
    tenants: tuple[str, ...]
    sessions: tuple[str, ...]
    cut: bool = False
    """Whether there are more rows than the bound: then these are the ones around the event."""

    @property
    def wall_us(self) -> int:
        """From the beginning of the first to the end of the last."""
        return self.end_us - self.start_us


class ThreadQuestions(Protocol):
    """What may be asked about threads. Synchronous, and safe to call from any thread of the program."""

    def thread(self, event_row_id: int, level: Level | None = None) -> Thread | None:
        """Return the thread of an event; `level` None: the narrowest that there is.

        A level that the event does not have is answered with the next wider one it has, or else the widest. None:
        the event is gone or out of scope.
        """
        ...
