"""What the System tab is given beside the store's answers: plain values, and what may be done about bad records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.service import QuarantineActions


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
    """`quarantine` None: records can be looked at, but not retried or discarded. `settings`: in the file's order."""

    quarantine: QuarantineActions | None = None
    settings: tuple[SettingLine, ...] = ()
