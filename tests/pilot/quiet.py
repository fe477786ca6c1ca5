"""Waiting until the dashboard has nothing left to do, however slow or busy the machine is.

Textual's own pilot takes an app for idle once its process has used little processor time for a while: that is wrong
where other processes leave it none, and costs 40 ms a key where nothing happens.
"""

# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

from textual._context import active_app

if TYPE_CHECKING:
    from textual.app import App

ENDLESS: Final = ("tail",)
"""The groups of workers that end only with their screen."""

_PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.001


async def quiet(min_sleep: float = 0.0, max_sleep: float = 0.0) -> None:
    """Return once every message is handled, every change is drawn, and every worker that ends by itself has ended.

    Stands in for `textual._wait.wait_for_idle`; how long that would wait is of no interest here.
    """
    del min_sleep, max_sleep
    app = active_app.get()
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        await _all_tasks_wait()
        if not _draws(app):
            if not _works(app):
                return
            await asyncio.sleep(_LOOK_EVERY_S)
        assert time.monotonic() < give_up, f"never at rest: {[*app.workers]}"


async def _all_tasks_wait() -> None:
    """Let all tasks run until each of them waits for something."""
    loop: Any = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        if not loop._ready:
            return


def _draws(app: App[Any]) -> bool:
    """Draw what would be drawn at the next sixtieth of a second; return whether there was something."""
    screen = app.screen
    due = (
        screen._layout_required
        or screen._repaint_required
        or screen._scroll_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
    if not due or not screen.is_current or app._batch_count:
        return False
    screen._on_timer_update()
    return True


def _works(app: App[Any]) -> bool:
    return any(not worker.is_finished and worker.group not in ENDLESS for worker in app.workers)
