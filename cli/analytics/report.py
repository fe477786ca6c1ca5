"""What a report has, before it is written as text, JSON or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cli.analytics.asking import Sum
    from cli.analytics.window import Window

Value = str | int | float | None
"""One value of a row as it is in JSON."""
Row = Mapping[str, Any]
"""Values by field; what a table draws and JSON leaves out (`activity`) is there, too."""


class Kind(Enum):
    """How the values of a column are written."""

    TEXT = auto()
    TIME = auto()
    """UTC microseconds."""
    COUNT = auto()
    DENIALS = auto()
    """A count of which none is good."""
    SHARE = auto()
    FAILED = auto()
    """A share of calls that failed, marked where it has become much worse."""
    DURATION = auto()
    TOKENS = auto()
    MONEY = auto()
    """Micro-USD; at least so much where the row has `unpriced`."""
    CHANGE = auto()
    """The value of a field against `field_before`."""
    OF = auto()
    """Two numbers, denied and allowed: shown as the first of both together."""
    AMOUNT = auto()
    """Micro-USD where the row is of `money`, else tokens."""
    LEVEL = auto()
    """A share (1: full) as a bar; on a terminal only."""
    BAR = auto()
    """The value of a field against the greatest in its column; on a terminal only."""
    SPARK = auto()
    """Numbers over time; on a terminal only."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is what `--sort` and the heading call it, `field` where a row has its value.

    `rank`: where a terminal is narrow, columns with a higher rank go first; 0 never goes.
    """

    key: str
    kind: Kind
    field: str
    rank: int = 0
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `name` is the table's in JSON.

    `fields` are those of JSON and CSV, in order; without fields it is only another view of the table before it.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    total: Row | None = None
    more: int = 0
    """Rows that were left out."""
    empty: str = "nothing"
    """What is said where there are no rows."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Numbers over time in one line, oldest first."""

    label: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report. The first table is the one that CSV has."""

    title: str
    window: Window | None
    """None: each row has a time of its own."""
    total: Sum | None
    """Sums of everything in the window, shown above the tables; None: there are none to show."""
    tables: tuple[Table, ...]
    strips: tuple[Strip, ...] = ()
    remarks: tuple[str, ...] = ()
    compared: bool = True
    about: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """What JSON says of the report before all else: the agent, the period, by what."""
    finding: bool = False
    """Whether it found what somebody should look at: the exit code is 1."""


NUMBERS: Final = frozenset(Kind) - {Kind.TEXT, Kind.BAR, Kind.LEVEL, Kind.SPARK}
"""Kinds that stand to the right of their column."""
DRAWN: Final = frozenset({Kind.BAR, Kind.LEVEL, Kind.SPARK})
"""Kinds that are only for terminals."""
