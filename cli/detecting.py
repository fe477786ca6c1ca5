"""What whoever stores events must know of alerts, out of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.alerts import DetectionSettings

if TYPE_CHECKING:
    from config.loading import Loaded


def detection_of(loaded: Loaded) -> DetectionSettings:
    """Return where one's own rules are, who is told of alerts, and the budgets."""
    settings = loaded.settings
    return DetectionSettings(
        rules=str(loaded.rules_folder.absolute()),
        notify=settings.alerts.notify,
        budgets=settings.budgets,
        utc=settings.ui.utc,
    )
