"""Ctrl-C while a question is answered: the answer so far is wanted, not the end of the program."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType


class CalledOff:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        """It was not."""
        self._pressed = False

    def __bool__(self) -> bool:
        """Return whether it was."""
        return self._pressed

    def press(self, number: int, frame: FrameType | None) -> None:
        """Take note of the first time; the second ends the program.

        Raises:
            KeyboardInterrupt: it was pressed before.
        """
        del number, frame
        if self._pressed:
            raise KeyboardInterrupt
        self._pressed = True


@contextmanager
def ctrl_c_noted() -> Generator[CalledOff]:
    """Give what tells within the block whether Ctrl-C was pressed."""
    noted = CalledOff()
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    before = signal.signal(signal.SIGINT, noted.press)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
