"""The command palette: every action of the one table, found by what it does or by its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.actions import ACTIONS, Action, Place

if TYPE_CHECKING:
    from textual.types import IgnoreReturnCallbackType

UNLISTED = frozenset({"command_palette"})
"""Actions that make no sense from within the palette."""


def listed() -> list[Action]:
    """Return the actions that the palette offers: all but those that need a key under the finger."""
    return [action for action in ACTIONS if action.place is not Place.LIST and action.name not in UNLISTED]


class ActionProvider(Provider):
    """Offers what can be done on the screen below the palette."""

    def _possible(self) -> list[Action]:
        """Return what the screen below can do: its own actions are not offered on another tab."""
        bound = {active.binding.action for active in self.screen.active_bindings.values()}
        return [action for action in listed() if action.place is Place.APP or action.name in bound]

    def _run(self, action: Action) -> IgnoreReturnCallbackType:
        async def run() -> None:
            await self.app.run_action(action.command, self.screen)

        return run

    async def discover(self) -> Hits:
        """Offer everything in the table's order."""
        for action in self._possible():
            yield DiscoveryHit(_display(action), self._run(action), text=action.help)

    async def search(self, query: str) -> Hits:
        """Offer what matches in its help, best first."""
        matcher = self.matcher(query)
        for action in self._possible():
            score = max(matcher.match(action.help), matcher.match(action.label))
            if score > 0:
                yield Hit(score, _display(action), self._run(action), text=action.help)


def _display(action: Action) -> Content:
    return Content.assemble(action.help, ("  ", ""), (action.shown, "$ink-accent"))
