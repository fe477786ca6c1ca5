"""A rule that is proposed, and why there may be none: values for whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from detect.rules.model import Rule
from store.alerts.states import Level
from store.filters.model import Filter

LONGEST_TITLE: Final = 120


class NoDraftError(ValueError):
    """A filter of which no rule can be made; the text says why, and what to do."""


class NameTakenError(Exception):
    """There is a file of that name already."""

    def __init__(self, path: Path) -> None:
        """Remember where it is."""
        super().__init__(f"{path.name} is there already: give the rule another title")
        self.path = path


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as it is proposed. `rule` is what its text says, as `rules check` reads it."""

    title: str
    level: Level
    text: str
    """YAML of printable characters."""
    rule: Rule
    query: Filter
    """What the rule looks for: the filter without its times."""
    notes: tuple[str, ...] = ()
    """What of the filter is not in the rule, in words."""
