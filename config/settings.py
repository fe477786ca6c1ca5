"""The settings' shape: frozen, validated, unknown keys refused. Where each is documented is here, beside it."""

from __future__ import annotations

import os
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.alerts import AlertSettings
from config.budgets import Budget
from config.prices import OwnPrice
from config.section import NUMBER, Section


def _what_becomes_of_files(value: str) -> str:
    """Return `keep`, `delete`, or `move ` and a whole path; a leading `~` is replaced."""
    verb, _, folder = value.partition(" ")
    if value in {"keep", "delete"}:
        return value
    folder = os.path.expanduser(folder.strip())  # noqa: PTH111 (unlike Path, it leaves a user that is not known)
    if verb == "move" and os.path.isabs(folder):  # noqa: PTH117 (it is text here)
        return f"move {folder}"
    raise ValueError("must be keep, delete, or move and a whole path as in `move /var/archive`")


class StoreSettings(Section):
    """Where events are kept."""

    path: str | None = None
    """Path of the store; None: `$XDG_DATA_HOME/auditail/auditail.db`."""
    tenants: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Show only events of these tenants; None: all."""


class IngestSettings(Section):
    """What is read, and how often."""

    paths: tuple[str, ...] = ()
    """Folders and files that are watched."""
    include: tuple[str, ...] = ()
    """File-name globs that are read besides the usual ones."""
    exclude: tuple[str, ...] = ()
    """File-name globs that are never read."""
    scan_interval_s: Annotated[float, NUMBER] = Field(default=30.0, ge=0.5, le=3600)
    """Seconds between full scans while the watcher works."""
    degraded_scan_interval_s: Annotated[float, NUMBER] = Field(default=2.0, ge=0.5, le=3600)
    """Seconds between full scans while it does not."""
    redact: bool = True
    """Replace credentials before anything is stored."""
    after: Annotated[str, AfterValidator(_what_becomes_of_files)] = "keep"
    """What becomes of a document in a watched folder once its events are safe: keep, delete, or move and where."""
    user: str | None = None
    """`user_id` for files that state none (agents' transcripts); None: the file's owner."""
    tenant: str | None = None
    """`tenant_id` for files that state none; None: none."""


class UiSettings(Section):
    """How the dashboard looks."""

    theme: str = "auditail-dark"
    utc: bool = False
    """Show times in UTC instead of local time."""
    ascii: bool = False
    """Use plain ASCII for glyphs."""


class ExportSettings(Section):
    """Scheduled export."""

    enabled: bool = False
    format: Literal["json", "jsonl", "csv"] = "json"
    destination: str | None = None


class LoggingSettings(Section):
    """The keys of a platform's own `services/logging/config.yaml`."""

    retention_days: Annotated[int | None, NUMBER] = Field(default=None, ge=1)
    """None: events are kept for ever."""
    export: ExportSettings = ExportSettings()


class Settings(Section):
    """All settings, merged."""

    store: StoreSettings = StoreSettings()
    ingest: IngestSettings = IngestSettings()
    ui: UiSettings = UiSettings()
    logging: LoggingSettings = LoggingSettings()
    alerts: AlertSettings = AlertSettings()
    prices: tuple[OwnPrice, ...] = Field(default=(), max_length=200)
    """One's own prices; the first that fits an event holds."""
    budgets: tuple[Budget, ...] = Field(default=(), max_length=200)
