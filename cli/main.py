"""The program's entry and its one boundary: every error becomes one line on standard error and an exit code."""

from __future__ import annotations

import gc
import os
import re
import sys
import traceback
from typing import TYPE_CHECKING, Final

import typer

from cli import problems, stdout
from cli.narration import narrate
from config.errors import SettingsError
from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAINER: Final = (
    ("Value error, ", ""),
    ("Input should be a valid integer, unable to parse string as an integer", "it must be a whole number"),
    ("Input should be a valid number, unable to parse string as a number", "it must be a number"),
    ("Input should be", "it must be"),
    ("Invalid value for", "wrong value for"),
)
"""The parser's words, and how a person would say it."""


def main() -> None:
    """Run the program with the process's own arguments and end the process."""
    try:
        code = run(sys.argv[1:])
        gc.freeze()  # an interpreter that ends walks through all there is, to find garbage: up to half a second
        sys.exit(code)
    except problems.LeavingCutShort:
        os._exit(problems.INTERRUPTED)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but `SystemExit` of the interpreter gets past this."""
    stdout.prepare()
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        stdout.silence()
        code = problems.OK
    except KeyboardInterrupt:
        stdout.silence()
        code = problems.INTERRUPTED
    except Exception as error:  # noqa: BLE001 (the boundary: a person gets a line, not a traceback)
        code = _explain(error)
    return code


def _invoke(arguments: Sequence[str]) -> int:
    from typer.main import get_command

    from cli.app import app

    result: object = get_command(app).main(list(arguments), prog_name="auditail", standalone_mode=False)
    return result if isinstance(result, int) else problems.OK


def _explain(error: Exception) -> int:
    """Say what is wrong in one line and return the exit code that goes with it."""
    if isinstance(error, typer.TyperException):
        narrate(f"auditail: {_usage_line(error)}")
        return problems.USAGE
    if isinstance(error, (problems.UsageProblem, SettingsError)):
        first, *more = str(error).split("\n")
        narrate(f"auditail: {first}")
        for line in more:  # the query, and where it is wrong
            narrate(line)
        return problems.USAGE
    if isinstance(error, StoreError):
        narrate(f"auditail: {error}")
        return problems.STORE
    if isinstance(error, OSError) and error.strerror:
        stdout.silence()
        about = f"{error.filename}: " if error.filename else ""
        narrate(f"auditail: {about}{error.strerror}")
        return problems.FINDINGS
    if os.environ.get("AUDITAIL_DEBUG"):
        traceback.print_exception(error)
    what = f"internal error, {type(error).__name__}: {error}"
    narrate(f"auditail: {what} (nothing stored is harmed; AUDITAIL_DEBUG=1 shows more)")
    return problems.INTERNAL


def _usage_line(error: typer.TyperException) -> str:
    """Return a usage error as one line with the nearest option, or where to look."""
    message = error.format_message()
    option: str | None = getattr(error, "option_name", None)
    nearest: Sequence[str] = getattr(error, "possibilities", None) or ()
    context: typer.Context | None = getattr(error, "ctx", None)
    help_command = f"{context.command_path} --help" if context is not None else "auditail --help"
    if option and message.startswith("No such option"):
        hint = f"did you mean {nearest[0]}?" if nearest else f"see {help_command}"
        return f"no such option {option}: {hint}"
    if match := re.fullmatch(r"Got unexpected extra argument\(s\) \((.*)\)", message, re.DOTALL):
        return f"unexpected {match[1]!r}: {help_command} says what it takes"
    for old, new in _PLAINER:
        message = message.replace(old, new)
    message = " ".join(message.removesuffix(".").split())
    message = message[:1].lower() + message[1:]
    return message if message.endswith("?") else f"{message} (see {help_command})"
