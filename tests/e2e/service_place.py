"""A home of its own for a service, and a stand-in for systemd that writes down what it is told."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.e2e.cli_process import Answer, environment, in_process

if TYPE_CHECKING:
    from collections.abc import Mapping

_STAND_IN: Final = """\
#!/bin/sh
cd "$(dirname "$0")/.."
echo "$*" >> calls
if [ -f refused ] && grep -qxF -- "$*" refused; then
    echo "Failed to connect to bus:" >&2
    echo "No medium found" >&2
    exit 1
fi
links=config/systemd/user/default.target.wants
case "$*" in
    *" enable "*) mkdir -p $links && ln -sf ../auditail.service $links/auditail.service ;;
    *" disable "*) [ -f forgetful ] || rm -f $links/auditail.service ;;
    *"show "* | print*) cat shown 2>/dev/null ;;
esac
exit 0
"""


class ServicePlace:
    """Folders below `root`: `config` as XDG_CONFIG_HOME, `bin` with the stand-in, `events`, and a store."""

    def __init__(self, root: Path, tool: str = "systemctl") -> None:
        """Make them; paths have blanks and signs that mean something to systemd."""
        self.root = root / "it's a 100%h $HOME"
        self.config = self.root / "config"
        self.unit = self.config / "systemd" / "user" / "auditail.service"
        self.link = self.unit.parent / "default.target.wants" / "auditail.service"
        self.events = self.root / "events"
        self.store = self.root / "store.db"
        for folder in (self.config, self.events, self.root / "bin"):
            folder.mkdir(parents=True)
        stand_in = self.root / "bin" / tool
        stand_in.write_text(_STAND_IN)
        stand_in.chmod(0o755)

    def variables(self) -> Mapping[str, str]:
        """Return what the program's environment needs."""
        path = f"{self.root / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return {"XDG_CONFIG_HOME": str(self.config), "PATH": path}

    def __call__(self, *arguments: str, code: int = 0, **more: str) -> Answer:
        """Run the program on this store, in this process; the exit code must be `code`."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {**self.variables(), **more}.items():
                patch.setenv(name, value)
            answer = in_process("--store", str(self.store), *arguments, cwd=self.root)
        assert answer.code == code, answer.err
        return answer

    def refuse(self, command: str) -> None:
        """Let systemd refuse this command from now on."""
        (self.root / "refused").write_text(command + "\n")

    def calls(self) -> list[str]:
        """Return what systemd was told since the last time, questions left out."""
        path = self.root / "calls"
        found = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [call for call in found if " show " not in call]

    def started(self) -> tuple[list[str], dict[str, str]]:
        """Return the command of the unit and its environment, read as systemd's manual says and by other means."""
        lines = self.unit.read_text("utf-8").splitlines()
        command = next(line for line in lines if line.startswith("ExecStart="))
        words = shlex.split(command.partition("=")[2].replace("%%", "%").replace("$$", "$"))
        named = [line for line in lines if line.startswith("Environment=")]
        pairs = [shlex.split(line.partition("=")[2].replace("%%", "%"))[0].split("=", 1) for line in named]
        inherited = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
        return words, {**inherited, **dict(pairs)}
