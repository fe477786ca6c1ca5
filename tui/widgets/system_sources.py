"""The sources table: what is read, how it goes, and below it what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from textual.reactive import reactive

from tui import format as fmt
from tui.system_rates import is_backlog
from tui.widgets.line import BLANK, Line, Span, fit, heading, pad, spans_width
from tui.widgets.sparkline import sparkline
from tui.widgets.system_pane import SystemPane
from tui.widgets.system_remarks import ROLE_OF_STATE, notes, remarks, sign_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.health import Health, SourceHealth

PROBLEM_WORDS: Final = {"slow": "slow", "missing": "missing", "unreadable": "no access"}
SLOW_MS: Final = 1000
"""From this lag on, events count as late."""
IDLE_US: Final = 600 * fmt.MICROS
"""A source that has given nothing for so long is called idle."""


class Column(NamedTuple):
    """A column: what stands above it, its cells, and from which width of the pane on it is there."""

    name: str
    cells: int
    right: bool
    from_width: int


COLUMNS: Final = (
    Column("format", 18, right=False, from_width=100),
    Column("watch", 11, right=False, from_width=84),
    Column("10 min", 10, right=False, from_width=110),
    Column("now", 9, right=True, from_width=70),
    Column("rows", 12, right=True, from_width=0),
    Column("dup", 9, right=True, from_width=60),
    Column("redacted", 10, right=True, from_width=130),
    Column("bad", 7, right=True, from_width=0),
    Column("to read", 10, right=True, from_width=140),
    Column("lag", 13, right=True, from_width=0),
)


class SystemSources(SystemPane):
    """One row for each watched folder, file or stream."""

    capture_said: reactive[str] = reactive("")
    """What the tab bar says of capturing: where no scanner runs, it knows why."""

    def watch_capture_said(self) -> None:
        """Say why nothing is read."""
        self.rebuild()
        self.refresh(layout=True)

    @property
    def source(self) -> SourceHealth | None:
        """The source under the cursor, as last known."""
        target = None if self.current is None else self.current.target
        sources = () if self.health is None else self.health.sources
        return next((one for one in sources if one.path == target), None)

    def build(self, width: int) -> Sequence[Line]:
        """Return heading, table and remarks."""
        if self.health is None:
            return [heading("Sources"), Line(((f"  {self.glyphs.pending} reading", "muted"),), skip=True)]
        return list(self._build(self.health, width))

    def _build(self, health: Health, width: int) -> Iterator[Line]:
        yield heading("Sources", *_summary(health.sources))
        columns = [column for column in COLUMNS if width >= column.from_width]
        name_width = max(width - 2 - sum(column.cells for column in columns), 8)
        titles = "".join(pad(column.name, column.cells, right=column.right) for column in columns)
        yield Line(((f"  {pad('source', name_width)}{titles}", "muted"),), skip=True)
        for source in health.sources:
            yield self._row(source, health, columns, name_width)
        if not health.sources:
            words: tuple[Span, ...] = (("  nothing is watched: press ", "muted"), ("+", "accent"))
            yield Line((*words, (" to add a folder", "muted")), skip=True)
        wrong = remarks(health, self.glyphs, self.ago, width, self.capture_said)
        told = [*wrong, *notes(health, self.glyphs, width)]
        yield from (BLANK, *told) if told else ()

    def _row(self, source: SourceHealth, health: Health, columns: Sequence[Column], name_width: int) -> Line:
        name = fit([(_tail(source.path, name_width - 2), "")], name_width - 1)
        spans: list[Span] = [
            self._sign(source, health),
            *name,
            (" " * (name_width - spans_width(name)), ""),
        ]
        for column in columns:
            if column.name == "10 min":
                spans += sparkline(source.per_minute, self.glyphs)
                spans.append((" " * (column.cells - len(source.per_minute)), ""))
                continue
            text, role = self._cell(column.name, source, health)
            spans.append((pad(text, column.cells - (not column.right), right=column.right), role))
            spans.append(("" if column.right else " ", ""))
        return Line(tuple(spans), target=source.path)

    def _sign(self, source: SourceHealth, health: Health) -> Span:
        if source.state == "ok" and not health.scanner.running:
            return f"{self.glyphs.pending} ", "muted"  # as it was when last read: nobody knows how it is now
        return f"{sign_of(source, self.glyphs)} ", ROLE_OF_STATE[source.state]

    def _cell(self, name: str, source: SourceHealth, health: Health) -> Span:
        numbers = {"rows": source.events, "dup": source.duplicates, "redacted": source.redacted}
        if name in numbers:
            return fmt.count(numbers[name]), "" if numbers[name] else "faint"
        if name == "bad":
            return fmt.count(source.quarantined), "warning" if source.quarantined else "faint"
        if name == "to read":
            return (fmt.size(source.pending_bytes), "") if source.pending_bytes else (self.glyphs.none, "faint")
        if name == "now":
            return self._now(source)
        if name == "format":
            return ", ".join(source.formats) or "?", "muted"
        return _watch(source, health) if name == "watch" else self._lag(source, health)

    def _now(self, source: SourceHealth) -> Span:
        rate = self.rates.per_second.get(source.folder_no)
        if rate is None:
            return self.glyphs.none, "faint"
        return fmt.rate(rate), "" if rate else "faint"

    def _lag(self, source: SourceHealth, health: Health) -> Span:
        if source.state in PROBLEM_WORDS and source.state != "slow":
            return PROBLEM_WORDS[source.state], "error"
        if source.last_event_us is None:
            return "no events", "muted"
        quiet_us = self.now_us - source.last_event_us
        if quiet_us >= IDLE_US:
            return f"idle {fmt.ago(quiet_us).removesuffix(' ago')}", "muted"
        if source.lag_ms is None or is_backlog(source.lag_ms, source.last_event_us, health.scanner.started_us):
            return fmt.ago(quiet_us), "muted"
        return " ".join(fmt.duration(source.lag_ms * 1000)), "warning" if source.lag_ms >= SLOW_MS else ""


def _watch(source: SourceHealth, health: Health) -> Span:
    if source.kind == "stream":
        return "stream", "muted"
    if not health.scanner.running or source.state in ("missing", "unreadable"):
        return "off", "error"
    watcher = source.watcher if source.watcher != "off" else health.scanner.watcher
    reason = source.watcher_reason or health.scanner.watcher_reason
    return watcher, "muted" if reason is None else "warning"


def _summary(sources: Sequence[SourceHealth]) -> Iterator[Span]:
    yield str(len(sources)), ""
    for state, word in PROBLEM_WORDS.items():
        number = sum(1 for source in sources if source.state == state)
        if number:
            yield f" · {number} {word}", ROLE_OF_STATE[state]


def _tail(path: str, width: int) -> str:
    """Return a path cut at its beginning, where the folders that all share stand."""
    return path if len(path) <= width else f"…{path[len(path) - width + 1 :]}"
