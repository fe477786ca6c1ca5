"""Loads what a command needs without looking for garbage meanwhile."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def no_garbage_expected() -> Generator[None]:
    """Keep the garbage collector from running within the block, and from ever looking at what was made in it.

    Importing makes hundreds of thousands of objects and all of them stay; walking them again and again takes an
    eighth of the time until the first answer (measured).
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
