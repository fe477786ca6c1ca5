"""What the Alerts tab may do, and what it cannot ask the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.alerts.model import AlertActions


@dataclass(frozen=True, slots=True)
class AlertsTools:
    """`actions` None: alerts can only be looked at."""

    actions: AlertActions | None = None
    who: str = ""
    """Who decides; empty: not known."""
    scoped: bool = False
    """Only some tenants may be seen: then only single alerts can be decided on."""
    rules: Callable[[], int] | None = None
    """Returns how many rules watch what arrives; it may take a moment. None: that is not known."""
