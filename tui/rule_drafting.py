"""What the Search tab does to make a rule of its filter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from detect.drafts import NoDraftError
from store.filters.model import Filter
from tui.messages import ShowNotice
from tui.screens.draft import DraftScreen

if TYPE_CHECKING:
    from tui.screens.search import SearchScreen

_NOT_HERE: Final = "Rules cannot be drafted here."


class RuleDrafting:
    """Acts for the tab; what it has to say stands in the tab's line."""

    def __init__(self, screen: SearchScreen) -> None:
        """Act for this tab."""
        self._screen = screen

    def draft(self) -> None:
        """Show the rule that the filter becomes, or say why there is none."""
        screen, keeping = self._screen, self._screen.view_tools.rules
        if keeping is None:
            screen.post_message(ShowNotice(_NOT_HERE))
            return
        try:
            dialog = DraftScreen(
                screen.service, screen.what, keeping, uuid4(), clock=screen.clock, glyphs=screen.glyphs
            )
        except NoDraftError as error:
            said = str(error)
            screen.post_message(ShowNotice(f"{said[:1].upper()}{said[1:]}"))
        else:
            screen.push(dialog, self._answered)

    def _answered(self, answer: Path | Filter | None) -> None:
        if isinstance(answer, Path):
            said = f"Saved as {answer}: the rule watches what arrives from now on"
            self._screen.post_message(ShowNotice(said))
        elif isinstance(answer, Filter):
            self._screen.set_filter(answer)
