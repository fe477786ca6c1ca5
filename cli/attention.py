"""What needs somebody's attention, in plain sentences that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.wording import counted
from tui import format as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.report import RuleCounts
    from store.alerts.targets import TargetState
    from store.health import Health
    from store.query.watching import Watching

LOW_DISK_BYTES: Final = 512 << 20
"""So little free space is nearly none: at a thousand events a second it is full within a quarter of an hour."""
_OVERDUE_US: Final = 10 * 60 * 1_000_000
"""After so long a notification should have been told, or tried at least."""


def attention(health: Health, watching: Watching, now_us: int) -> Iterator[str]:
    """Give one sentence for each thing that is not as it should be; nothing where all is well."""
    yield from _scanner(health, watching, now_us)
    for source in health.sources:
        if source.state in ("missing", "unreadable"):
            yield f"{source.path}: {source.reason or source.state}"
    named = {source.path for source in health.sources}
    for path, reason in watching.reasons:
        if path not in named:
            yield f"{path}: {reason}"
    if watching.unreadable > len(watching.reasons):
        hidden = watching.unreadable - len(watching.reasons)
        yield f"{counted(hidden, 'file')}{' more' if watching.reasons else ''} cannot be read: see their permissions"
    if health.quarantined:
        hint = "`auditail quarantine list --by reason` says why"
        yield f"{counted(health.quarantined, 'record')} could not be read: {hint}"
    if health.store.disk_free_bytes < LOW_DISK_BYTES:
        yield f"only {words.size(health.store.disk_free_bytes)} are free beside {health.store.path}: free some"


def attention_to_alerts(rules: RuleCounts, targets: Sequence[TargetState], now_us: int) -> Iterator[str]:
    """Give one sentence for rules that cannot be used, and for each target that could not be told."""
    if rules.problems:
        yield f"{counted(len(rules.problems), 'rule')} cannot be used: `auditail rules list` says why"
    for target in targets:
        if target.failing:
            since = "" if target.oldest_us is None else f", the oldest for {words.span(now_us - target.oldest_us)}"
            waiting = counted(target.waiting, "notification")
            yield f"{target.label} cannot be told of alerts ({target.error}): {waiting} waiting{since}"
        elif target.oldest_us is not None and now_us - target.oldest_us > _OVERDUE_US:
            waiting = counted(target.waiting, "notification")
            yield f"{waiting} to {target.label} waiting: they are told while a dashboard or the service reads"
        elif target.given_up:
            given_up = counted(target.given_up, "notification")
            yield f"{given_up} to {target.label} given up in the last 24 hours ({target.error})"


def _scanner(health: Health, watching: Watching, now_us: int) -> Iterator[str]:
    scanner = health.scanner
    if scanner.trouble:
        yield f"the scanner cannot store: {scanner.trouble}"
    if watching.watched and not scanner.running:
        paths = counted(watching.watched, "path")
        heard = "" if scanner.heartbeat_us is None else f" (last heard of {words.ago(now_us - scanner.heartbeat_us)})"
        yield f"no scanner is running{heard}, but {paths} should be watched: open the dashboard, or install the service"
