"""The service as a unit of the user's own systemd."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.service import systemd_text
from cli.service.running_tools import ToolFailedError, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.service.plan import Command, ServicePlan

UNIT: Final = "auditail.service"
_TARGET: Final = "default.target"


class Systemd:
    """Implements `ServiceManager`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Use the folder of the user's units."""
        self.tool = "systemctl"
        self.stop_hint = f"systemctl --user stop {UNIT} (and start, afterwards)"
        self.log_hint = f"journalctl --user --unit {UNIT}"
        self.farewell = (
            "it reads while you are logged in; `loginctl enable-linger` lets it read from the machine's start on"
        )
        stated = Path(environ.get("XDG_CONFIG_HOME", ""))
        base = stated if stated.is_absolute() else Path.home() / ".config"
        self._folder = base / "systemd" / "user"
        self.path = self._folder / UNIT

    def text(self, plan: ServicePlan) -> str:
        """Return the unit."""
        return systemd_text.unit_text(plan)

    def command_in(self, text: str) -> Command:
        """Return the unit's command."""
        return systemd_text.command_in(text)

    def starting(self, *, replacing: bool) -> list[Command]:
        """Return how the unit is taken up; one that runs with its former text is started anew."""
        reload = ("systemctl", "--user", "daemon-reload")
        if replacing:
            return [reload, ("systemctl", "--user", "enable", UNIT), ("systemctl", "--user", "restart", UNIT)]
        return [reload, ("systemctl", "--user", "enable", "--now", UNIT)]

    def clearing(self) -> list[Command]:
        """Return nothing: a unit is started anew in one step."""
        return []

    def stopping(self) -> list[Command]:
        """Return how it is stopped."""
        return [("systemctl", "--user", "disable", "--now", UNIT)]

    def forgetting(self) -> list[Command]:
        """Return how systemd learns that the unit is gone."""
        return [("systemctl", "--user", "daemon-reload")]

    def links(self) -> list[Path]:
        """Return the link that `enable` makes."""
        return [self._folder / f"{_TARGET}.wants" / UNIT]

    def folders(self) -> list[Path]:
        """Return the folder of units and the one around it."""
        return [self._folder, self._folder.parent]

    def state(self) -> str | None:
        """Return `active (running)`, `failed (exit-code)` and the like."""
        try:
            said = run(("systemctl", "--user", "show", "--property=ActiveState,SubState,Result", UNIT))
        except ToolFailedError:
            return None
        found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
        state, result = found.get("ActiveState", ""), found.get("Result", "")
        detail = found.get("SubState", "") if result in ("", "success") else result
        return f"{state} ({detail})" if state and detail else state or None
