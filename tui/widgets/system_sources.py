"""The sources table: what is read, how it goes, and below it what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui import format as fmt
from tui.widgets.line import BLANK, Line, Span, fit, heading, pad, spans_width, wrap
from tui.widgets.system_pane import SystemPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.service import Health, SourceHealth

ROLE_OF_STATE: Final = {"ok": "success", "idle": "muted", "slow": "warning", "missing": "error", "unreadable": "error"}
PROBLEM_WORDS: Final = {"slow": "slow", "missing": "missing", "unreadable": "no access"}


class Column(NamedTuple):
    """A column: what stands above it, its cells, and from which width of the pane on it is there."""

    name: str
    cells: int
    right: bool
    from_width: int


COLUMNS: Final = (
    Column("format", 20, right=False, from_width=100),
    Column("watch", 11, right=False, from_width=90),
    Column("files", 9, right=True, from_width=110),
    Column("events", 13, right=True, from_width=0),
    Column("dup", 9, right=True, from_width=0),
    Column("bad", 7, right=True, from_width=0),
    Column("redacted", 10, right=True, from_width=130),
    Column("to read", 10, right=True, from_width=120),
    Column("last event", 14, right=True, from_width=0),
)


class SystemSources(SystemPane):
    """One row for each watched folder, file or stream."""

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
            offer = (*words, (" to add a folder", "muted"))
            yield Line(offer, skip=True)
        remarks = list(self._remarks(health, width))
        yield from (BLANK, *remarks) if remarks else ()

    def _row(self, source: SourceHealth, health: Health, columns: Sequence[Column], name_width: int) -> Line:
        role = ROLE_OF_STATE[source.state]
        name = fit([(_tail(source.path, name_width - 1), "")], name_width - 1)
        spans: list[Span] = [(f"{self._sign(source)} ", role), *name, (" " * (name_width - spans_width(name)), "")]
        for column in columns:
            text, cell_role = self._cell(column.name, source, health)
            spans.append((pad(text, column.cells, right=column.right), cell_role))
        return Line(tuple(spans), target=source.path)

    def _sign(self, source: SourceHealth) -> str:
        signs = {"ok": self.glyphs.following, "idle": self.glyphs.none, "slow": self.glyphs.timeout}
        return signs.get(source.state, self.glyphs.failure)

    def _cell(self, name: str, source: SourceHealth, health: Health) -> Span:
        numbers = {
            "files": source.files,
            "dup": source.duplicates,
            "redacted": source.redacted,
        }
        if name in numbers:
            return fmt.count(numbers[name]), "" if numbers[name] else "faint"
        if name == "events":
            return fmt.count(source.events), "" if source.events else "faint"
        if name == "bad":
            return fmt.count(source.quarantined), "warning" if source.quarantined else "faint"
        if name == "to read":
            return (fmt.size(source.pending_bytes), "") if source.pending_bytes else (self.glyphs.none, "faint")
        if name == "format":
            return ", ".join(source.formats) or "?", "muted"
        return _watch(source, health) if name == "watch" else self._last(source)

    def _last(self, source: SourceHealth) -> Span:
        if source.state in PROBLEM_WORDS and source.state != "slow":
            return PROBLEM_WORDS[source.state], "error"
        role = "warning" if source.state == "slow" else "muted" if source.state == "idle" else ""
        return self.ago(source.last_event_us), role

    def _remarks(self, health: Health, width: int) -> Iterator[Line]:
        scanner = health.scanner
        if not scanner.running:
            said = (
                f"Nothing is being read: the scanner was last heard of {self.ago(scanner.heartbeat_us)}. "
                "Events that arrive now are read when one starts: auditail --watch PATH starts it."
            )
            yield from self._remark(self.glyphs.failure, "error", said, width)
        if scanner.running and scanner.watcher_reason:
            yield from self._remark(self.glyphs.timeout, "warning", scanner.watcher_reason, width)
        for source in health.sources:
            if source.reason:
                role = ROLE_OF_STATE[source.state]
                yield from self._remark(self._sign(source), role, f"{source.path}: {source.reason}", width)

    def _remark(self, sign: str, role: str, said: str, width: int) -> Iterator[Line]:
        for index, row in enumerate(wrap(said, width - 4, 4)):
            yield Line(((f"  {sign if index == 0 else ' '} ", role), (row, "")), skip=True)


def _watch(source: SourceHealth, health: Health) -> Span:
    if source.kind == "stream":
        return "stream", "muted"
    if not health.scanner.running or source.state in ("missing", "unreadable"):
        return "off", "error"
    return health.scanner.watcher, "muted" if health.scanner.watcher_reason is None else "warning"


def _summary(sources: Sequence[SourceHealth]) -> Iterator[Span]:
    yield str(len(sources)), ""
    for state, word in PROBLEM_WORDS.items():
        number = sum(1 for source in sources if source.state == state)
        if number:
            yield f" · {number} {word}", ROLE_OF_STATE[state]


def _tail(path: str, width: int) -> str:
    """Return a path cut at its beginning, where the folders that all share stand."""
    return path if len(path) <= width else f"…{path[len(path) - width + 1 :]}"
