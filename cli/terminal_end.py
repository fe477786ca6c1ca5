"""Noticing that the terminal is gone, also where no signal says so."""

from __future__ import annotations

import select
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def when_gone(descriptor: int, tell: Callable[[], None]) -> None:
    """Call `tell`, once and from a thread of its own, when the terminal behind a descriptor is closed.

    A terminal that is not a process's controlling one sends no signal when it goes: that of a program which was started
    by another program, as editors and remote shells do. Where a system cannot tell, nothing is ever told.
    """
    threading.Thread(target=_wait, args=(descriptor, tell), name="terminal-end", daemon=True).start()


def _wait(descriptor: int, tell: Callable[[], None]) -> None:
    poll = select.poll()
    poll.register(descriptor, 0)  # nothing but its end
    found = poll.poll()
    if any(event & select.POLLHUP for _, event in found):
        tell()
