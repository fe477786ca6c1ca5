"""What `auditail status` knows, as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from store.clock import now_us

if TYPE_CHECKING:
    from pathlib import Path

    from config.loading import Loaded
    from store.alerts.targets import TargetState
    from store.health import Health
    from store.query.watching import Watching
    from store.service import QuarantineReason

NOT_IN_FORCE: Final[dict[str, str]] = {
    "logging.retention_days": "nothing deletes events: they are kept for ever",
    "logging.export.enabled": "nothing exports events by itself: use `auditail infra logs --format jsonl`",
    "logging.export.destination": "nothing exports events by itself: use `auditail infra logs --format jsonl`",
}
"""Settings that are read and kept but that nothing acts on, with what holds instead."""


def settings_in_force(loaded: Loaded) -> list[tuple[str, Any, str]]:
    """Return (dotted key, value, origin) of every setting, in the order of the settings file; secrets are left out."""
    values: dict[str, Any] = {}
    _flatten(loaded.settings.model_dump(mode="json"), "", values)
    values["alerts.notify"] = [target.shown() for target in loaded.settings.alerts.notify]
    return [(key, value, str(loaded.origins[key])) for key, value in values.items()]


def not_in_force(loaded: Loaded) -> list[tuple[str, str]]:
    """Return (dotted key, what holds instead) of the settings that somebody made and nothing acts on."""
    values = {key: value for key, value, _ in settings_in_force(loaded)}
    return [(key, instead) for key, instead in NOT_IN_FORCE.items() if values[key] not in (None, False)]


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """How many alert rules there are."""

    at_work: int
    switched_off: int
    parts: int
    """They raise no alerts themselves, since others are made of them."""
    problems: tuple[str, ...]
    """What is wrong with those that cannot be used: file, line, and why."""


@dataclass(frozen=True, slots=True)
class State:
    """What a store said of itself at one moment. `attention`: one sentence for each thing that is not as it should be.

    `health` and the rest are None or empty where there is no store, and `reasons` in a limited scope.
    """

    attention: tuple[str, ...]
    health: Health | None = None
    watching: Watching | None = None
    reasons: tuple[QuarantineReason, ...] = ()
    rules: RuleCounts | None = None
    """There without a store, too."""
    targets: tuple[TargetState, ...] = ()
    """Who is told of alerts: those for which something waits, or was done in the last day."""


def status_document(loaded: Loaded, path: Path, state: State) -> dict[str, Any]:
    """Return the state as JSON values; times are UTC microseconds. Without a store `scanner` and the like are null."""
    health = state.health
    return {
        "ok": not state.attention,
        "attention": list(state.attention),
        "store": asdict(health.store) if health else {"path": str(path), "missing": True},
        "scanner": _scanner(health) if health else None,
        "watched": state.watching.watched if state.watching else 0,
        "unreadable_files": state.watching.unreadable if state.watching else 0,
        "sources": [asdict(source) for source in health.sources] if health else [],
        "quarantined": health.quarantined if health else 0,
        "quarantine": [asdict(reason) for reason in state.reasons],
        "duplicates": health.duplicates if health else 0,
        "redacted": health.redacted if health else 0,
        "last_day": asdict(health.last_day) if health else None,
        "rules": asdict(state.rules) if state.rules else None,
        "notifications": [asdict(target) for target in state.targets],
        "settings": {key: {"value": value, "from": origin} for key, value, origin in settings_in_force(loaded)},
        "settings_not_in_force": dict(not_in_force(loaded)),
        "unconfirmed": list(loaded.trust.wishes) if loaded.trust and not loaded.trust.confirmed else [],
    }


def _scanner(health: Health) -> dict[str, Any]:
    """Return the scanner's part; `heartbeat_age_ms` is null where there never was a scanner."""
    heard = health.scanner.heartbeat_us
    return {
        **asdict(health.scanner),
        "heartbeat_age_ms": None if heard is None else max(0, (now_us() - heard) // 1_000),
    }


def _flatten(value: dict[str, Any], prefix: str, into: dict[str, Any]) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _flatten(cast("dict[str, Any]", inner), f"{prefix}{key}.", into)
        else:
            into[f"{prefix}{key}"] = inner
