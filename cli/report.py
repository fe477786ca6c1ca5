"""What `auditail status` knows, as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from pathlib import Path

    from config.loading import Loaded
    from store.service import Health

NOT_IN_FORCE: Final[dict[str, str]] = {
    "logging.retention_days": "nothing deletes events: they are kept for ever",
    "logging.export.enabled": "nothing exports events by itself: use `auditail infra logs --format jsonl`",
    "logging.export.destination": "nothing exports events by itself: use `auditail infra logs --format jsonl`",
}
"""Settings that are read and kept but that nothing acts on, with what holds instead."""


def settings_in_force(loaded: Loaded) -> list[tuple[str, Any, str]]:
    """Return (dotted key, value, origin) of every setting, in the order of the settings file."""
    values: dict[str, Any] = {}
    _flatten(loaded.settings.model_dump(mode="json"), "", values)
    return [(key, value, str(loaded.origins[key])) for key, value in values.items()]


def not_in_force(loaded: Loaded) -> list[tuple[str, str]]:
    """Return (dotted key, what holds instead) of the settings that somebody made and nothing acts on."""
    values = {key: value for key, value, _ in settings_in_force(loaded)}
    return [(key, instead) for key, instead in NOT_IN_FORCE.items() if values[key] not in (None, False)]


def needs_attention(health: Health) -> bool:
    """Return whether something is not read as it should be."""
    return health.quarantined > 0 or any(source.state in ("missing", "unreadable") for source in health.sources)


def status_document(loaded: Loaded, path: Path, health: Health | None) -> dict[str, Any]:
    """Return the state as JSON values; times are UTC microseconds. Without a store `scanner` and the like are null."""
    return {
        "store": asdict(health.store) if health else {"path": str(path), "missing": True},
        "scanner": asdict(health.scanner) if health else None,
        "sources": [asdict(source) for source in health.sources] if health else [],
        "quarantined": health.quarantined if health else 0,
        "duplicates": health.duplicates if health else 0,
        "redacted": health.redacted if health else 0,
        "settings": {key: {"value": value, "from": origin} for key, value, origin in settings_in_force(loaded)},
        "settings_not_in_force": dict(not_in_force(loaded)),
        "unconfirmed": list(loaded.trust.wishes) if loaded.trust and not loaded.trust.confirmed else [],
    }


def _flatten(value: dict[str, Any], prefix: str, into: dict[str, Any]) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict):
            _flatten(cast("dict[str, Any]", inner), f"{prefix}{key}.", into)
        else:
            into[f"{prefix}{key}"] = inner
