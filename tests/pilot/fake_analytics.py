"""Numbers over time as a test makes them up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.analytics.model import DenialRule, Dimension, MessageCount, Seen, Usage, UsageQuestion, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from store.filters.model import Filter


class FakeAnalytics:
    """Answers nothing until a test says otherwise; `questions` records what was asked."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.questions: list[UsageQuestion] = []

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """Return no rows."""
        del watch
        self.questions.append(question)
        return Usage(())

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """Return nothing."""
        del by, what
        return {}

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """Return nothing."""
        del agent, since_us
        return ()

    def error_messages(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """Return nothing."""
        del what, start_us, end_us, limit
        return ()

    def denial_rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """Return nothing."""
        del what, start_us, end_us
        return ()
