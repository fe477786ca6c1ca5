"""A command as a target: run without a shell, with the JSON as its standard input."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import detect
from detect.notify.outcome import TOLD, Outcome, failed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.alerts import NotifyTarget
    from detect.notify.outcome import Send

DETECTION: Final = "AUDITAIL_DETECTION"
"""The variable in which a process that stores events has its settings: addresses and tokens stand in it."""
_PACKAGES: Final = Path(detect.__file__).resolve().parent.parent
_SAID: Final = 2_000


def running(target: NotifyTarget, environ: Mapping[str, str]) -> Send:
    """Return what runs a target's command, in the root folder and with this environment less what is only ours."""
    assert target.command is not None
    command, timeout_s, environment = target.command, target.timeout_s, clean(environ)

    def send(payload: str) -> Outcome:
        try:
            # Files, not pipes: neither a command that reads nothing nor one that never stops talking holds anything up.
            with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
                given.write(payload.encode())
                given.seek(0)
                return _run(command, environment, timeout_s, given, said)
        except OSError as error:
            return failed(f"the command cannot be run: {error.strerror or type(error).__name__}")

    return send


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for somebody else's program: without our settings, and without our packages in its way."""
    found = {name: text for name, text in environ.items() if name != DETECTION}
    if paths := found.pop("PYTHONPATH", ""):
        others = [path for path in paths.split(os.pathsep) if path != str(_PACKAGES)]
        if others:
            found["PYTHONPATH"] = os.pathsep.join(others)
    return found


def _run(
    command: Sequence[str], environment: dict[str, str], timeout_s: float, given: IO[bytes], said: IO[bytes]
) -> Outcome:
    process = subprocess.Popen(
        command,
        stdin=given,
        stdout=subprocess.DEVNULL,
        stderr=said,
        env=environment,
        cwd="/",
        start_new_session=True,
    )
    try:
        code = process.wait(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        # It leads a group of its own: whatever it has started ends with it.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return failed(f"the command did not end within {timeout_s:g} s")
    if code == 0:
        return TOLD
    how = f"ended with {code}" if code > 0 else f"was ended by signal {-code}"
    last = _last_line(said)
    return failed(f"the command {how}: {last}" if last else f"the command {how}")


def _last_line(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _SAID))
    lines = said.read(_SAID).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
