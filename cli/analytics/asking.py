"""Questions about one window under one filter, called off together; the answers as sums by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from store.analytics.model import Durations, Figures, Usage, UsageQuestion, UsageRow

if TYPE_CHECKING:
    from cli.analytics.window import Window
    from store.analytics.model import AnalyticsQuestions, Dimension
    from store.filters.model import Filter

Names = tuple[str | None, ...]
"""What sums are told apart by; None: no value."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What happened in the window, and in the equally long one before it; `before` None: nothing is compared."""

    now: Figures
    before: Figures | None = None
    durations: Durations | None = None
    """None: not asked, or not known."""

    def __add__(self, other: Sum) -> Sum:
        """Return both together."""
        return Sum(
            self.now + other.now,
            None if self.before is None or other.before is None else self.before + other.before,
            together(one.durations for one in (self, other)),
        )


def together(parts: Iterable[Durations | None]) -> Durations | None:
    """Return the durations of all parts; None where none has any."""
    known = [one for one in parts if one is not None]
    counted: Counter[int] = Counter()
    for one in known:
        counted.update(one.counts)
    return Durations(counted) if known else None


def everything(found: Mapping[Names, Sum], *, compared: bool) -> Sum:
    """Return the sums of all names together, those without a name among them."""
    return reduce(add, found.values(), Sum(Figures(), Figures() if compared else None))


@dataclass(slots=True)
class Asking:
    """Asks about the events that pass `what` in a window. Remembers whether an answer was cut short."""

    questions: AnalyticsQuestions
    what: Filter
    window: Window
    compared: bool
    """Whether the store goes back far enough to compare with the window before."""
    watch: Callable[[Usage], bool]
    cut_short: bool = False
    reached_us: int | None = field(default=None)
    """Of the first answer that was cut short: everything from this time on was looked at."""

    def sums(self, by: tuple[Dimension, ...] = (), *, durations: bool = True) -> dict[Names, Sum]:
        """Return the sums of the window by name. A name of the window before alone is there, too."""
        window = self.window
        now = {row.values: row for row in self.stretches((window.start_us, window.end_us), by, durations=durations)}
        before: dict[Names, Figures] = {}
        if self.compared:  # a question of its own: it needs no durations, and they are most of what is read
            found = self.stretches((window.before_us, window.start_us), by)
            before = {row.values: row.figures for row in found}
        nothing = UsageRow((), 0, Figures())
        return {
            names: Sum(
                (row := now.get(names, nothing)).figures,
                before.get(names, Figures()) if self.compared else None,
                row.durations,
            )
            for names in {**now, **before}
        }

    def stretches(
        self,
        edges: Sequence[int],
        by: tuple[Dimension, ...] = (),
        *,
        durations: bool = False,
    ) -> tuple[UsageRow, ...]:
        """Return the sums of each stretch between two edges."""
        question = UsageQuestion(self.what, tuple(edges), by, durations)
        found = self.questions.usage(question, self.watch)
        if not found.complete and not self.cut_short:
            self.cut_short, self.reached_us = True, found.reached_us
        return found.rows

    def narrowed(self, what: Filter) -> Filter:
        """Return the filter of this report and another one together."""
        return what.with_operands((*self.what.operands, *what.operands))
