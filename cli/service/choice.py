"""Which manager of services this machine has."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from cli.problems import UsageProblem
from cli.service.launchd import Launchd
from cli.service.systemd import Systemd

if TYPE_CHECKING:
    from cli.service.plan import ServiceManager


def manager_here() -> ServiceManager:
    """Return launchd on macOS, else systemd, whether it runs here or not."""
    return Launchd() if sys.platform == "darwin" else Systemd(os.environ)


def require_tool(manager: ServiceManager) -> None:
    """Check that the manager can be spoken to.

    Raises:
        UsageProblem: its tool is not there.
    """
    if shutil.which(manager.tool) is None:
        raise UsageProblem(
            f"there is no {manager.tool} here: let what starts your services run `auditail service run`, or keep a"
            " dashboard open"
        )
