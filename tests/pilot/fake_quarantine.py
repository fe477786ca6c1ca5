"""`QuarantineActions` over the records of a `FakeService`, and the System tab on both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from store.errors import StoreError
from tests.pilot.fake_service import FakeService
from tests.pilot.made_up_events import FROZEN_US, made_up
from tests.pilot.stage import Stage, settled
from tui.glyphs import UNICODE
from tui.screens.system import SystemScreen
from tui.system_tools import SettingLine, SystemTools

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.pilot import Pilot

    from store.health import Health
    from store.service import QuarantineEntry
    from tui.detection_state import DetectionState

SETTINGS = (
    SettingLine("store.path", "not set", "default"),
    SettingLine("ingest.paths", "./events", "--watch"),
    SettingLine("ui.theme", "auditail-dark", "config.yaml:3"),
    SettingLine("logging.retention_days", "90", "config.yaml:7", "nothing deletes events: they are kept for ever"),
)


class FakeQuarantine:
    """Remembers what was asked for; `broken` says why nothing can be done."""

    def __init__(self, service: FakeService) -> None:
        """Act on the records of `service`."""
        self._service = service
        self.retried: list[int] = []
        self.discarded: list[tuple[list[int], str]] = []
        self.broken: str | None = None

    def request_retry(self, ids: Sequence[int]) -> int:
        """Mark the records."""
        if self.broken:
            raise StoreError(self.broken)
        self.retried += ids
        asked = [replace(one, retry_us=FROZEN_US) if one.id in ids else one for one in self._service.records]
        self._service.records = asked
        return sum(one.id in ids for one in asked)

    def discard(self, ids: Sequence[int], reason: str) -> int:
        """Drop the records."""
        if self.broken:
            raise StoreError(self.broken)
        before = len(self._service.records)
        self.discarded.append((list(ids), reason))
        set_records(self._service, [one for one in self._service.records if one.id not in ids])
        return before - len(self._service.records)


def set_records(service: FakeService, records: Iterable[QuarantineEntry]) -> None:
    """Have these records in quarantine from now on."""
    service.records = list(records)
    assert service.health_answer is not None
    service.health_answer = replace(service.health_answer, quarantined=len(service.records))


async def system_shown(
    pilot: Pilot[None],
    health: Health,
    records: Iterable[QuarantineEntry] = (),
    *,
    settings: bool = True,
    detection: DetectionState | None = None,
) -> tuple[FakeService, FakeQuarantine]:
    """Show the System tab on a stage and wait until everything has been answered."""
    assert isinstance(pilot.app, Stage)
    service = FakeService(made_up(3))
    service.health_answer = health
    service.records = list(records)
    actions = FakeQuarantine(service)
    asked = None if detection is None else lambda: detection
    tools = SystemTools(actions, SETTINGS if settings else (), asked)
    pilot.app.ask(SystemScreen(service, clock=lambda: FROZEN_US, glyphs=UNICODE, tools=tools))
    await settled(pilot)
    await settled(pilot)  # the answer puts the cursor on a record, whose bytes are asked for then
    return service, actions
