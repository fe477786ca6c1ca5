"""What the Alerts tab may do, and what it cannot ask the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.alerts.model import AlertActions, AlertDetail
    from tui.detection_state import DetectionState


@dataclass(frozen=True, slots=True)
class AlertsTools:
    """`actions` None: alerts can only be looked at."""

    actions: AlertActions | None = None
    who: str = ""
    """Who decides; empty: not known."""
    scoped: bool = False
    """Only some tenants may be seen: then only single alerts can be decided on."""
    detection: Callable[[], DetectionState] | None = None
    """Returns how rules and notifications are doing, after a moment. None: that is not known."""
    as_json: Callable[[AlertDetail], str] | None = None
    """Returns an alert whole as JSON, its events with it, after a moment. None: alerts cannot be copied so."""
