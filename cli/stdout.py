"""Standard output: written without surprises, and closed by its reader without complaint."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from typing import IO, TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Generator


def prepare() -> None:
    """Make standard output safe to write to: it exists, and no character is impossible in its encoding."""
    for name, mode in (("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # started with the descriptor closed
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 (open until exit)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def put(line: str) -> None:
    """Write one line of text."""
    sys.stdout.write(line)
    sys.stdout.write("\n")


def binary() -> IO[bytes]:
    """Return standard output for bytes, in order after the text written so far."""
    sys.stdout.flush()
    return sys.stdout.buffer


def is_terminal() -> bool:
    """Return whether a person looks at standard output directly."""
    return sys.stdout.isatty()


def reader_is_gone() -> bool:
    """Return whether standard output is a pipe whose reader has closed it."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & (select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
    except (OSError, ValueError, AttributeError):  # no descriptor, or no poll on this system
        return False


def silence() -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush does not complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def closed_pipe_is_fine() -> Generator[None]:
    """End the program quietly and successfully where the reader of standard output has had enough."""
    try:
        yield
    except BrokenPipeError:
        silence()
        raise typer.Exit(0) from None
