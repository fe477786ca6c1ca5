"""The time that the Agents tab is about: how long, until when, what it is compared with. Times are UTC microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tui.format import MICROS, day, minute, span
from tui.search_window import moments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.filters.model import Filter
    from store.service import Extent

MINUTE_US: Final = 60 * MICROS
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US
LENGTHS_US: Final = (HOUR_US, 6 * HOUR_US, DAY_US, 7 * DAY_US, 30 * DAY_US)
"""What `{` and `}` go through."""
MOST_SLICES: Final = 32
USUAL_US: Final = 7 * DAY_US
"""What a value's own history is: so long before the window, or as long as the window where that is longer."""

_FIRST_US: Final = -62_135_596_800 * MICROS
_SLICES: Final = (
    *(number * MICROS for number in (1, 2, 5, 10, 15, 30)),
    *(number * MINUTE_US for number in (1, 2, 5, 10, 15, 30)),
    *(number * HOUR_US for number in (1, 2, 3, 6, 12)),
    *(number * DAY_US for number in (1, 2, 7, 14, 28)),
)

Kind = Literal["now", "newest", "moved", "filter"]


@dataclass(frozen=True, slots=True)
class WindowChoice:
    """What somebody chose: a length (None: nothing yet), and an end (None: the present, with which it goes along)."""

    length_us: int | None = None
    end_us: int | None = None
    present: bool = False
    """Whether the present is meant also where nothing happened lately."""


@dataclass(frozen=True, slots=True)
class AgentsWindow:
    """[start_us, end_us), and why.

    `kind`: now (up to the present), newest (no calls lately, so it ends with the newest one), moved (chosen),
    filter (its `since:` and `before:` say so). `compared`: the store reaches back over all of the window before.
    """

    start_us: int
    end_us: int
    kind: Kind = "now"
    compared: bool = True
    follows: bool = True
    """Whether it moves on with the time."""

    @property
    def length_us(self) -> int:
        """How long it is."""
        return self.end_us - self.start_us

    @property
    def before_us(self) -> int:
        """Where the window begins that it is compared with."""
        return max(self.start_us - self.length_us, _FIRST_US)

    @property
    def usual(self) -> tuple[int, int]:
        """The whole hours before the window that tell what is usual."""
        start = max(self.start_us - max(self.length_us, USUAL_US), _FIRST_US)
        return start // HOUR_US * HOUR_US, max(self.start_us, start + HOUR_US) // HOUR_US * HOUR_US

    @property
    def edges(self) -> tuple[int, ...]:
        """The window before and this one, as stretches; this one alone where there is nothing to compare with."""
        return (self.before_us, self.start_us, self.end_us) if self.compared else (self.start_us, self.end_us)

    @property
    def words(self) -> str:
        """How long it is, as people say it: `24 h`, `7 days`."""
        return length_words(self.length_us)


def length_words(length_us: int) -> str:
    """Return `1 h`, `24 h`, `7 days`, or `5.2 h` for what is no whole number of them."""
    if length_us % DAY_US == 0 and length_us > 2 * DAY_US:
        return f"{length_us // DAY_US} days"
    if length_us % HOUR_US == 0 and length_us <= 2 * DAY_US:
        return f"{length_us // HOUR_US} h"
    return span(length_us)


def window_of(
    what: Filter, choice: WindowChoice, extent: Extent, now_us: int, *, newest_us: int | None
) -> AgentsWindow:
    """Return the window to show. A window that ends now ends with the present minute, so that its numbers stand still.

    The filter's own times come first, then what was chosen; where agents did nothing lately, it ends with the newest
    thing that they did, at `newest_us` (None: they never did anything).
    """
    now_us = _next_minute(now_us)
    length_us = _usual_length(extent, now_us) if choice.length_us is None else choice.length_us
    since, before = moments(what, now_us)
    if since is not None or before is not None:
        end = now_us if before is None else before
        start = end - length_us if since is None else since
        return _compared(AgentsWindow(start, max(end, start + 1), "filter", follows=before is None), extent)
    if choice.end_us is not None:
        start = choice.end_us - length_us
        return _compared(AgentsWindow(start, choice.end_us, "moved", follows=False), extent)
    start = now_us - length_us
    if newest_us is None or newest_us >= start or choice.present:
        return _compared(AgentsWindow(start, now_us), extent)
    end = _next_minute(newest_us)
    return _compared(AgentsWindow(end - length_us, end, "newest"), extent)


def _usual_length(extent: Extent, now_us: int) -> int:
    """Return a day; less where that holds all there is, so that a young store does not look empty."""
    if extent.oldest_us is None:
        return DAY_US
    oldest = extent.oldest_us
    return next((one for one in LENGTHS_US if now_us - one <= oldest), DAY_US) if now_us - oldest < DAY_US else DAY_US


def _compared(window: AgentsWindow, extent: Extent) -> AgentsWindow:
    reaches = extent.oldest_us is not None and extent.oldest_us <= window.before_us < window.start_us
    return AgentsWindow(window.start_us, window.end_us, window.kind, reaches, window.follows)


def _next_minute(ts_us: int) -> int:
    return (ts_us // MINUTE_US + 1) * MINUTE_US


def other_length(length_us: int, step: int) -> int:
    """Return the next longer (shorter, `step` -1) of the usual lengths; the longest (shortest) stays."""
    if step > 0:
        return next((one for one in LENGTHS_US if one > length_us), max(LENGTHS_US[-1], length_us))
    return next((one for one in reversed(LENGTHS_US) if one < length_us), min(LENGTHS_US[0], length_us))


def slice_edges(window: AgentsWindow) -> tuple[int, ...]:
    """Return the edges of at most about `MOST_SLICES` stretches of the window, on whole units of the UTC clock.

    The first and the last are up to half as long again or half as short: the window seldom begins on the hour.
    """
    size = _slice_us(window.length_us)
    first = -(-(window.start_us + size // 2) // size) * size
    return (window.start_us, *_inner(first, window.end_us - size // 2, size), window.end_us)


def _inner(first: int, last: int, size: int) -> Iterator[int]:
    yield from range(first, last + 1, size)


def _slice_us(length_us: int) -> int:
    found = next((size for size in _SLICES if length_us <= MOST_SLICES * size), None)
    if found is not None:
        return found
    size = _SLICES[-1]
    while length_us > MOST_SLICES * size:
        size *= 2
    return size


def heights(edges: Sequence[int], numbers: Sequence[int], cells: int) -> list[int]:
    """Return the height of each of `cells` equal parts of the time: events per time of the stretch that it lies in.

    0 only where nothing happened. `numbers` has one number for each stretch between the edges.
    """
    whole = edges[-1] - edges[0]
    found: list[int] = []
    stretch = 0
    for cell in range(cells):
        at = edges[0] + whole * (2 * cell + 1) // (2 * cells)
        while stretch < len(numbers) - 1 and edges[stretch + 1] <= at:
            stretch += 1
        length = max(edges[stretch + 1] - edges[stretch], 1)
        found.append(-(-numbers[stretch] * whole // length))
    return found


def title(window: AgentsWindow, *, utc: bool, narrow: bool) -> tuple[tuple[str, str], ...]:
    """Return what is said of the window, as texts with their roles; `narrow`: only what must be said."""
    length = window.words
    until = f"{day(window.end_us, utc=utc)} {minute(window.end_us, utc=utc)}"
    since = f"{day(window.start_us, utc=utc)} {minute(window.start_us, utc=utc)}"
    said = {
        "now": (("" if narrow else "window ", "muted"), (f"last {length}", "")),
        "newest": (
            ("" if narrow else f"no calls in the last {length}: ", "warning"),
            (f"{length} to {until}" if narrow else f"the {length} to {until}", "warning" if narrow else ""),
        ),
        "moved": (("" if narrow else "window ", "muted"), (f"{length} to {until}", "")),
        "filter": (
            ("" if narrow else "window of the filter ", "muted"),
            (f"{length} to now" if window.follows else f"{length} to {until}" if narrow else f"{since} to {until}", ""),
        ),
    }[window.kind]
    if narrow:
        return said
    with_what = f"compared with the {length} before" if window.compared else "nothing before it to compare with"
    return (*said, (" · ", "muted"), (with_what, "muted"))
