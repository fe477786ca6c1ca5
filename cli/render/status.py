"""The state of things as text for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cli.report import not_in_force, settings_in_force
from cli.wording import counted
from store.safe_text import safe_text
from tui import format as words
from tui.left_alone import left_alone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.report import RuleCounts, State
    from config.loading import Loaded
    from store.alerts.targets import TargetState
    from store.health import Health, ScannerHealth, SourceHealth

_REASONS: Final = 10
"""So many kinds of unreadable records are named; `auditail quarantine list --by reason` has them all."""


def status_lines(loaded: Loaded, path: Path, state: State) -> Iterator[str]:
    """Give the lines of `auditail status`: what needs attention first."""
    for line in _lines(loaded, path, state):
        yield safe_text(line)


def _lines(loaded: Loaded, path: Path, state: State) -> Iterator[str]:
    now = words.now_us()
    health = state.health
    for sentence in state.attention if health is not None else ():
        yield f"attention {sentence}"
    if state.attention and health is not None:
        yield ""
    if health is None:
        yield f"store     none yet at {path}: `auditail ingest PATH` makes it"
    else:
        yield f"scanner   {_scanner(health, now)}"
        yield f"store     {path}, {_store(health)}"
        yield f"read      {counted(health.duplicates, 'duplicate')}, {counted(health.redacted, 'credential')} replaced"
        yield f"unread    {_quarantine(health)}"
        for reason in state.reasons[:_REASONS]:
            yield f"          {reason.records:>6,}  {reason.kind}"
        yield ""
        yield "sources" if health.sources else "sources   none yet: `auditail ingest PATH` adds one"
        for source in health.sources:
            yield f"  {_source(source, now)}"
            yield from (f"      {said}" for said in left_alone(source))
    yield ""
    if state.rules is not None:
        yield f"rules     {_rules(state.rules)}"
    for target in state.targets:
        yield f"notify    {_target(target)}"
    yield ""
    yield "settings in force"
    yield from _settings(loaded)


def _scanner(health: Health, now_us: int) -> str:
    scanner: ScannerHealth = health.scanner
    if not scanner.running:
        times = [source.last_event_us for source in health.sources if source.last_event_us is not None]
        return f"not running, last ingested {words.ago(now_us - max(times))}" if times else "not running"
    lag = "" if scanner.lag_ms is None else f", lag {scanner.lag_ms} ms"
    reason = f" ({scanner.watcher_reason})" if scanner.watcher_reason else ""
    behind = f", {words.size(scanner.pending_bytes)} to read" if scanner.pending_bytes else ""
    who = f"pid {scanner.pid}, {scanner.kind}"
    return f"running, {who}, {scanner.watcher}{reason}, {words.rate(scanner.events_per_second)}{lag}{behind}"


def _store(health: Health) -> str:
    store = health.store
    size, free = words.size(store.bytes + store.wal_bytes), words.size(store.disk_free_bytes)
    return f"{counted(store.events, 'event')}, {size}, schema {store.schema_version}, {free} free"


def _quarantine(health: Health) -> str:
    if not health.quarantined:
        return "nothing in quarantine"
    return f"{counted(health.quarantined, 'record')} that could not be read: see `auditail quarantine list`"


def _rules(rules: RuleCounts) -> str:
    said = [f"{rules.at_work} at work"]
    if rules.switched_off:
        said.append(f"{rules.switched_off} switched off")
    if rules.problems:
        said.append(f"{len(rules.problems)} with problems: see `auditail rules list`")
    return ", ".join(said)


def _target(target: TargetState) -> str:
    said = [f"{target.told:,} told in the last day", f"{target.waiting:,} waiting"]
    if target.failing:
        said.append(f"{target.failing:,} tried in vain")
    if target.given_up:
        said.append(f"{target.given_up:,} given up")
    why = f" ({target.error})" if target.error else ""
    return f"{target.label}: {', '.join(said)}{why}"


def _source(source: SourceHealth, now_us: int) -> str:
    last = "" if source.last_event_us is None else f", last {words.ago(now_us - source.last_event_us)}"
    formats = f", {' '.join(source.formats)}" if source.formats else ""
    reason = f": {source.reason}" if source.reason else ""
    behind = f", {words.size(source.pending_bytes)} to read" if source.pending_bytes else ""
    read = f"{counted(source.files, 'file')}, {counted(source.events, 'event')}{behind}"
    return f"{source.path}  {source.state}{reason}  {read}{formats}{last}"


def _settings(loaded: Loaded) -> Iterator[str]:
    rows = [(key, _value(value), origin) for key, value, origin in settings_in_force(loaded)]
    key_width = max(len(key) for key, _, _ in rows)
    value_width = min(40, max(len(value) for _, value, _ in rows))
    for key, value, origin in rows:
        yield f"  {key:<{key_width}}  {value:<{value_width}}  {origin}"
    for key, instead in not_in_force(loaded):
        yield f"  {key} is set but not yet in force: {instead}"
    if loaded.notice:
        yield f"  {loaded.notice}"


def _value(value: Any) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
