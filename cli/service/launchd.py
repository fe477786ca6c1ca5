"""The service as an agent of the user's own launchd (macOS)."""

from __future__ import annotations

import os
import plistlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.parsers.expat import ExpatError

from cli.service.marker import BLANK_MARK, sealed
from cli.service.running_tools import ToolFailedError, run

if TYPE_CHECKING:
    from cli.service.plan import Command, ServicePlan

LABEL: Final = "auditail.scanner"
_COMMENT: Final = f"""\
<!-- {BLANK_MARK} -->
<!-- Written by `auditail service install`. `auditail service uninstall` removes it, but not once it was edited. -->
"""
_STATE: Final = re.compile(r"^\s*state = (.+)$", re.MULTILINE)
_EXIT: Final = re.compile(r"^\s*last exit code = (\d+)", re.MULTILINE)


class Launchd:
    """Implements `ServiceManager`."""

    def __init__(self) -> None:
        """Use the folder of the user's agents."""
        self.tool = "launchctl"
        self.farewell = "it reads while you are logged in"
        home = Path.home()
        self.path = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        self._log = home / "Library" / "Logs" / "auditail.log"
        self._domain = f"gui/{os.getuid()}"

    @property
    def stop_hint(self) -> str:
        """How a person stops it."""
        return f"launchctl bootout {self._domain}/{LABEL} (and `auditail service install`, afterwards)"

    @property
    def log_hint(self) -> str:
        """Where what it said is."""
        return f"tail {self._log}"

    def text(self, plan: ServicePlan) -> str:
        """Return the agent's property list; what is special in XML is escaped by the library that writes it."""
        agent: dict[str, Any] = {
            "Label": LABEL,
            "ProgramArguments": list(plan.command),
            "WorkingDirectory": str(plan.home),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 10,
            "ExitTimeOut": 30,
            "ProcessType": "Background",
            "Umask": 0o077,
            "StandardOutPath": str(self._log),
            "StandardErrorPath": str(self._log),
        }
        if plan.environment:
            agent["EnvironmentVariables"] = plan.environment
        text = plistlib.dumps(agent, sort_keys=False).decode()
        return sealed(text.replace("<plist ", _COMMENT + "<plist ", 1))

    def command_in(self, text: str) -> Command:
        """Return the agent's command."""
        try:
            return tuple(plistlib.loads(text.encode())["ProgramArguments"])
        except (plistlib.InvalidFileException, ExpatError, KeyError, TypeError, ValueError):
            return ()

    def starting(self, *, replacing: bool) -> list[Command]:
        """Return how the agent is taken up."""
        del replacing
        return [("launchctl", "bootstrap", self._domain, str(self.path))]

    def clearing(self) -> list[Command]:
        """Return how an agent with a former text is taken out; where it was stopped, that fails."""
        return self.stopping()

    def stopping(self) -> list[Command]:
        """Return how it is stopped."""
        return [("launchctl", "bootout", f"{self._domain}/{LABEL}")]

    def forgetting(self) -> list[Command]:
        """Return nothing: launchd has forgotten it with `stopping`."""
        return []

    def links(self) -> list[Path]:
        """Return nothing: launchd makes no links."""
        return []

    def folders(self) -> list[Path]:
        """Return nothing: the folder of agents is the system's."""
        return []

    def state(self) -> str | None:
        """Return `running`, `not running (exit code 3)` and the like."""
        try:
            said = run(("launchctl", "print", f"{self._domain}/{LABEL}"))
        except ToolFailedError:
            return None
        state, code = _STATE.search(said), _EXIT.search(said)
        if state is None:
            return None
        failed = code is not None and code[1] != "0" and state[1] != "running"
        return f"{state[1]} (exit code {code[1]})" if failed and code is not None else state[1]
