"""What the System tab is given beside the store's answers: plain values, and what may be done about bad records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.service import QuarantineActions
    from tui.detection_state import DetectionState


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting in force: dotted key, value and origin as people read them.

    `instead` says what holds instead where nothing acts on the setting yet; None: it is in force.
    """

    key: str
    value: str
    origin: str
    instead: str | None = None

    @property
    def is_default(self) -> bool:
        """Whether nobody has set it."""
        return self.origin == "default"


@dataclass(frozen=True, slots=True)
class SystemTools:
    """`quarantine` None: records can be looked at, but not retried or discarded. `settings`: in the file's order.

    `detection` returns how rules and notifications are doing, after a moment. None: that is not known.
    """

    quarantine: QuarantineActions | None = None
    settings: tuple[SettingLine, ...] = ()
    detection: Callable[[], DetectionState] | None = None
