"""The fixtures of tests with a picture of a screen."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Final

import pytest
from textual.widget import Widget

from tests.pilot.fixtures import known_to_be_idle, nobody_looks, said_for_good, styles_read_once

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import PurePath

    from textual.app import App
    from textual.geometry import Region
    from textual.pilot import Pilot

    from tests.snapshot.test_live import Compare

__all__ = ["known_to_be_idle", "nobody_looks", "said_for_good", "snap_compare", "styles_read_once"]

_LOOKS: Final = 4
"""So often in a row everything has to be where it was."""
_TURN_S: Final = 0.002
_MOST_TURNS: Final = 5_000


async def still(pilot: Pilot[None]) -> None:
    """Wait until no widget changes its place any more: a pane that opens moves others, which then are drawn anew."""
    before: list[tuple[Widget, Region]] = []
    same = 0
    for _ in range(_MOST_TURNS):
        await asyncio.sleep(_TURN_S)
        await pilot.pause()
        now = [(widget, widget.region) for widget in pilot.app.screen.walk_children(Widget)]
        same = same + 1 if now == before else 1
        if same == _LOOKS:
            return
        before = now
    pytest.fail("the screen never comes to rest")


@pytest.fixture
def snap_compare(snap_compare: Compare) -> Compare:
    """Return the plugin's comparison, of screens that have come to rest."""

    def compare(
        app: str | PurePath | App[None],
        *,
        terminal_size: tuple[int, int] = (80, 24),
        run_before: Callable[[Pilot[None]], Awaitable[None] | None] | None = None,
    ) -> bool:
        async def run(pilot: Pilot[None]) -> None:
            begun = None if run_before is None else run_before(pilot)
            if inspect.isawaitable(begun):
                await begun
            await still(pilot)

        return snap_compare(app, terminal_size=terminal_size, run_before=run)

    return compare
