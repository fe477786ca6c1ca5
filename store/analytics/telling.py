"""Tells who waits for an answer what there is so far, and hears from them whether to go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from store.analytics.model import Usage, Watch

_BETWEEN_S: Final = 0.05
"""At least so long between two answers that are not the last: more often than ten times a second is not needed."""


class Telling:
    """One question while it is answered. `so_far` gives the answer as it is."""

    def __init__(self, watch: Watch | None, so_far: Callable[[], Usage]) -> None:
        """Tell `watch`; None: nobody."""
        self._watch = watch
        self._so_far = so_far
        self._told_at = time.monotonic()
        self._is_off = False

    def is_called_off(self) -> bool:
        """Tell, where it is time again, and return whether the answer was called off."""
        if self._watch is None or self._is_off or time.monotonic() - self._told_at < _BETWEEN_S:
            return self._is_off
        self._is_off = not self._watch(self._so_far())
        self._told_at = time.monotonic()
        return self._is_off
