"""What the dashboard is given to draft rules, and to keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from store.alerts.states import Level

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from detect.drafts import Draft
    from store.filters.model import Filter


class RuleKeeping(Protocol):
    """Makes rules of filters, and keeps them. Safe to call from any thread."""

    def draft(self, what: Filter, rule_id: UUID, *, title: str | None = None, level: Level = Level.MEDIUM) -> Draft:
        """Return the rule that a filter becomes; `title` None: one made of the filter's words.

        Raises:
            NoDraftError: no rule can be made of it.
        """
        ...

    def save(self, title: str, text: str) -> Path:
        """Put a rule into a file of its own and return it; nothing that is there is changed.

        Raises:
            NameTakenError: there is a rule of that name already.
            OSError: it cannot be written.
        """
        ...
