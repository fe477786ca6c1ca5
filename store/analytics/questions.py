"""The answers to `store.analytics.model.AnalyticsQuestions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.analytics.from_events import usage_from_events
from store.analytics.model import DenialRule, Dimension, MessageCount, Seen, Usage, UsageQuestion, Watch
from store.filters.model import Filter
from store.query.access import Access


class Analytics:
    """Answers with numbers over time."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """See `AnalyticsQuestions`."""
        del watch
        return usage_from_events(self._access, question)

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """See `AnalyticsQuestions`."""
        del by, what
        return {}

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """See `AnalyticsQuestions`."""
        del agent, since_us
        return ()

    def error_messages(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """See `AnalyticsQuestions`."""
        del what, start_us, end_us, limit
        return ()

    def denial_rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """See `AnalyticsQuestions`."""
        del what, start_us, end_us
        return ()
