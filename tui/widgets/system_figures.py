"""The figures at the top of the System tab, each in three rows: number, what it is, what it means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui import format as fmt
from tui.system_rates import is_backlog, last_stored_us
from tui.widgets.line import Line, Span, pad
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from textual import events

    from store.health import Health
    from tui.system_rates import Rates

    Behind = Literal["events", "quarantine"]

COLUMN: Final = 18
"""Cells that a figure needs at least."""
NARROW: Final = 110
"""Below this width the remarks are left out."""
SLOW_MS: Final = 1000
"""From this lag on, events count as late."""
SECONDS_PER_MINUTE: Final = 60


class Figure(NamedTuple):
    """Number, its role, what it is, a remark, and what choosing it shows; None: there is nothing behind it."""

    number: str
    role: str
    name: str
    remark: str
    behind: Behind | None = None


class SystemFigures(SystemPane):
    """As many figures as have room side by side, then the next row of them.

    Left and Right choose among those that lead somewhere.
    """

    GUTTER: ClassVar[int] = 0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "choose_figure(-1)", show=False),
        Binding("right", "choose_figure(1)", show=False),
    ]

    chosen: reactive[int] = reactive(0)
    """Which of the figures that lead somewhere Enter opens."""

    class Opened(Message):
        """What is behind a figure is wanted."""

        def __init__(self, behind: Behind) -> None:
            """Remember what."""
            super().__init__()
            self.behind: Behind = behind

    def build(self, width: int) -> Sequence[Line]:
        """Return three lines for every row of figures, two on a narrow screen."""
        figures = self._figures()
        per_row, column = _arrangement(width, len(figures))
        lines: list[Line] = []
        for start in range(0, len(figures), per_row):
            row = figures[start : start + per_row]
            lines.append(Line(tuple(span for one in row for span in self._number(one, column))))
            lines.append(Line(tuple((f"{pad(one.name, column - 1)} ", "muted") for one in row)))
            if width >= NARROW:
                lines.append(Line(tuple((f"{pad(one.remark, column - 1)} ", "faint") for one in row)))
        return lines

    def _number(self, figure: Figure, column: int) -> tuple[Span, Span]:
        marked = self.has_focus and figure is self._leading()[self.chosen % len(self._leading())]
        role = f"{figure.role} strong{' match' if marked else ''}".strip()
        text = pad(figure.number, column).rstrip()
        return (text, role), (" " * (column - len(text)), "")

    def _figures(self) -> list[Figure]:
        return _loading(self.glyphs.pending) if self.health is None else figures_of(self.health, self.rates)

    def _leading(self) -> list[Figure]:
        """Return the figures that lead somewhere; never none."""
        return [one for one in self._figures() if one.behind is not None]

    def watch_chosen(self) -> None:
        """Mark another figure."""
        self.rebuild()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Mark the chosen figure only where the keys go."""
        super().watch_has_focus(_has_focus)
        self.rebuild()

    def action_choose_figure(self, step: int) -> None:
        """Choose the next figure that leads somewhere."""
        self.chosen = (self.chosen + step) % len(self._leading())

    def action_choose(self) -> None:
        """Show what is behind the chosen figure."""
        self._open(self._leading()[self.chosen % len(self._leading())])

    def on_click(self, event: events.Click) -> None:
        """Show what is behind the figure under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        figures = self._figures()
        per_row, column = _arrangement(self.scrollable_content_region.width, len(figures))
        index = offset.y // (3 if self.scrollable_content_region.width >= NARROW else 2) * per_row + offset.x // column
        if index < len(figures):
            self._open(figures[index])

    def _open(self, figure: Figure) -> None:
        if figure.behind is not None:
            self.post_message(self.Opened(figure.behind))


def _arrangement(width: int, number: int) -> tuple[int, int]:
    """Return how many figures stand side by side, as even as can be, and the cells of each."""
    rows = math.ceil(number / max(width // COLUMN, 1))
    per_row = math.ceil(number / rows)
    return per_row, width // per_row


def _loading(sign: str) -> list[Figure]:
    names: list[tuple[str, Behind | None]] = [
        ("events in", "events"), ("file to store", None), ("files waiting", None), ("events stored", "events"),
        ("in quarantine", "quarantine"), ("redacted", None), ("own cost", None),
    ]  # fmt: skip
    return [Figure(sign, "faint", name, "", behind) for name, behind in names]


def figures_of(health: Health, rates: Rates) -> list[Figure]:
    """Return every figure, always in the same places."""
    files, pending = health.scanner.files_pending, health.scanner.pending_bytes
    left = fmt.size(pending) if pending else "their beginnings"
    return [
        _rate(health, rates),
        _lag(health, rates),
        Figure(
            fmt.count(files), "" if files else "muted", "files waiting", f"{left} to read" if files else "all is read"
        ),
        _stored(health),
        _quarantined(health),
        Figure(
            fmt.count(health.redacted), "" if health.redacted else "muted", "redacted", "credentials replaced"
        ),
        _cost(health, rates),
    ]  # fmt: skip


def _rate(health: Health, rates: Rates) -> Figure:
    scanner = health.scanner
    if not scanner.running:
        return Figure(fmt.rate(0), "error", "events in", "no scanner runs", "events")
    rate = sum(rates.per_second.values()) if rates.per_second else scanner.events_per_second
    peak = max((minute.events for minute in health.last_hour), default=0) / SECONDS_PER_MINUTE
    return Figure(
        fmt.rate(rate), "", "events in", f"peak {fmt.rate(peak)} in 1 h", "events"
    )  # fmt: skip


def _lag(health: Health, rates: Rates) -> Figure:
    lag_ms = health.scanner.lag_ms
    if lag_ms is None:
        return Figure("·", "muted", "file to store", "nothing read yet")
    if is_backlog(lag_ms, last_stored_us(health), health.scanner.started_us):
        return Figure("·", "muted", "file to store", "older files, read late")
    if rates.lag_p95_ms is not None:
        remark = f"p95 {' '.join(fmt.duration(rates.lag_p95_ms * 1000))}"
    else:
        remark = "the last batch"
    number, unit = fmt.duration(lag_ms * 1000)
    return Figure(f"{number} {unit}", "warning" if lag_ms >= SLOW_MS else "", "file to store", remark)


def _stored(health: Health) -> Figure:
    store = health.store
    if store.counted is None:
        return Figure(fmt.count(store.events), "", "rows stored", f"in {fmt.size(store.bytes)}", "events")
    parts = store.events - store.counted
    remark = f"+{fmt.short_count(parts)} more rows" if parts > 0 else f"in {fmt.size(store.bytes)}"
    return Figure(fmt.count(store.counted), "", "events stored", remark, "events")


def _quarantined(health: Health) -> Figure:
    new = health.last_day.refused
    if not health.quarantined:
        remark = f"{fmt.short_count(new)} came in 24 h" if new else "every record was read"
        return Figure("0", "muted", "in quarantine", remark, "quarantine")
    return Figure(
        fmt.count(health.quarantined), "warning", "in quarantine", f"{fmt.short_count(new)} new in 24 h", "quarantine"
    )


def _cost(health: Health, rates: Rates) -> Figure:
    memory = health.scanner.memory_bytes
    each = f"{health.store.bytes // health.store.counted:,} B/event" if health.store.counted else "no events yet"
    remark = f"{fmt.size(memory)} · {each}" if memory and health.scanner.running else each
    if rates.cpu_percent is None:
        return Figure("·", "muted", "own cost, CPU", remark)
    return Figure(f"{rates.cpu_percent:.1f} %", "", "own cost, CPU", remark)
