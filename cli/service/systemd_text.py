"""The text of a systemd unit, and how its commands are quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cli.service.marker import BLANK_MARK, sealed

if TYPE_CHECKING:
    from cli.service.plan import Command, ServicePlan

_UNIT: Final = """\
# {mark}
# Written by `auditail service install`. `auditail service uninstall` removes it, but not once it was edited.

[Unit]
Description=auditail: keeps what AI agents did
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=exec
ExecStart={command}
{environment}Restart=on-failure
RestartSec=10
# 2: the command line or a setting is wrong, and starting again does not mend that.
RestartPreventExitStatus=2
# Only the main process is told to end; it stores what was read and ends the others.
KillMode=mixed
TimeoutStopSec=30
SyslogIdentifier=auditail
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native

[Install]
WantedBy=default.target
"""

_COMMAND: Final = re.compile(r"^ExecStart=(.*)$", re.MULTILINE)
_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


def unit_text(plan: ServicePlan) -> str:
    """Return the unit, sealed. Paths must not have control characters, see `program.require_writable`."""
    first, *others = plan.command
    # The first word is a path to systemd, in which a dollar sign stands for itself.
    words = [first.replace("%", "%%"), *(word.replace("%", "%%").replace("$", "$$") for word in others)]
    lines = [
        "Environment=" + _quoted(f"{name}={value}".replace("%", "%%")) + "\n"
        for name, value in sorted(plan.environment.items())
    ]
    return sealed(_UNIT.format(mark=BLANK_MARK, command=" ".join(map(_quoted, words)), environment="".join(lines)))


def command_in(text: str) -> Command:
    """Return the command of a unit that `unit_text` wrote; empty: there is none."""
    line = _COMMAND.search(text)
    if line is None:
        return ()
    first, *others = [re.sub(r"\\(.)", r"\1", word) for word in _WORD.findall(line[1])] or [""]
    plain = (first.replace("%%", "%"), *(word.replace("%%", "%").replace("$$", "$") for word in others))
    return plain if first else ()


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
