"""What the dashboard is given to keep views to copy them as commands, and to draft rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.command_line import CommandPlace

if TYPE_CHECKING:
    from store.views import ViewActions
    from tui.draft_tools import RuleKeeping


@dataclass(frozen=True, slots=True)
class ViewTools:
    """`actions` None: views can be looked at and shown, but not saved or dropped. `place`: what commands say.

    `rules` None: no rules can be drafted.
    """

    actions: ViewActions | None = None
    place: CommandPlace = field(default_factory=CommandPlace)
    rules: RuleKeeping | None = None
