"""What the dashboard is given to keep views and to copy them as commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.command_line import CommandPlace

if TYPE_CHECKING:
    from store.views import ViewActions


@dataclass(frozen=True, slots=True)
class ViewTools:
    """`actions` None: views can be looked at and shown, but not saved or dropped. `place`: what commands say."""

    actions: ViewActions | None = None
    place: CommandPlace = field(default_factory=CommandPlace)
