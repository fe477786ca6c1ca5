"""The figures at the top of the System tab, each in three rows: number, what it is, what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from tui import format as fmt
from tui.widgets.line import Line, pad
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.service import Health, ScannerHealth

COLUMN: Final = 20
"""Cells that a figure needs at least."""
SLOW_MS: Final = 1000
"""From this lag on, events count as late."""

Figure = tuple[str, str, str, str]
"""Number, its role, what it is, and a remark."""


class SystemFigures(SystemPane, can_focus=False):
    """As many figures as have room side by side, then the next row of them."""

    GUTTER: ClassVar[int] = 0

    def build(self, width: int) -> Sequence[Line]:
        """Return three lines for every row of figures."""
        figures = _loading(self.glyphs.pending) if self.health is None else _figures(self.health)
        per_row = min(max(width // COLUMN, 1), len(figures))
        column = width // per_row
        lines: list[Line] = []
        for start in range(0, len(figures), per_row):
            row = figures[start : start + per_row]
            lines.append(Line(tuple((pad(number, column), f"{role} strong".strip()) for number, role, _, _ in row)))
            lines.append(Line(tuple((pad(name, column), "muted") for _, _, name, _ in row)))
            lines.append(Line(tuple((pad(remark, column), "faint") for _, _, _, remark in row)))
        return lines


def _loading(sign: str) -> list[Figure]:
    names = ("events in", "file to store", "files waiting", "events stored", "in quarantine", "duplicates", "redacted")
    return [(sign, "faint", name, "") for name in names]


def _figures(health: Health) -> list[Figure]:
    scanner = health.scanner
    pending = sum(source.pending_bytes for source in health.sources)
    lag = scanner.lag_ms
    return [
        _rate(scanner),
        _lag(lag),
        (
            fmt.count(scanner.files_pending),
            "" if scanner.files_pending else "muted",
            "files waiting",
            f"{fmt.size(pending)} to read" if pending else "all is read",
        ),
        (fmt.count(health.store.events), "", "events stored", f"in {fmt.size(health.store.bytes)}"),
        (
            fmt.count(health.quarantined),
            "warning" if health.quarantined else "muted",
            "in quarantine",
            "kept, none lost" if health.quarantined else "every record was read",
        ),
        (fmt.count(health.duplicates), "" if health.duplicates else "muted", "duplicates", "already known"),
        (fmt.count(health.redacted), "" if health.redacted else "muted", "redacted", "credentials replaced"),
    ]


def _rate(scanner: ScannerHealth) -> Figure:
    if not scanner.running:
        return (fmt.rate(0), "error", "events in", "no scanner runs")
    how = "no folder is watched" if scanner.watcher == "off" else f"by {scanner.watcher}"
    return (fmt.rate(scanner.events_per_second), "", "events in", how)


def _lag(lag_ms: int | None) -> Figure:
    if lag_ms is None:
        return ("·", "muted", "file to store", "nothing read yet")
    number, unit = fmt.duration(lag_ms * 1000)
    return (f"{number} {unit}", "warning" if lag_ms >= SLOW_MS else "", "file to store", "the last batch")
