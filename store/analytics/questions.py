"""The answers to `store.analytics.model.AnalyticsQuestions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store.analytics.denials import Denials
from store.analytics.messages import Messages
from store.analytics.model import DenialRule, Dimension, MessageCount, Seen, Usage, UsageQuestion, Watch
from store.analytics.seeing import Seeing
from store.analytics.usage import UsageAnswers
from store.filters.model import Filter
from store.query.access import Access


class Analytics:
    """Answers with numbers over time."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._usage = UsageAnswers(access)
        self._seeing = Seeing(access)
        self._messages = Messages(access)
        self._denials = Denials(access)

    def usage(self, question: UsageQuestion, watch: Watch | None = None) -> Usage:
        """See `AnalyticsQuestions`."""
        return self._usage.usage(question, watch)

    def seen(self, by: Dimension, what: Filter) -> Mapping[str | None, Seen]:
        """See `AnalyticsQuestions`."""
        return self._seeing.seen(by, what)

    def first_uses(self, agent: str, since_us: int) -> Sequence[tuple[str, str | None, int]]:
        """See `AnalyticsQuestions`."""
        return self._seeing.first_uses(agent, since_us)

    def error_messages(self, what: Filter, start_us: int, end_us: int, limit: int) -> Sequence[MessageCount]:
        """See `AnalyticsQuestions`."""
        return self._messages.most_frequent(what, start_us, end_us, limit)

    def denial_rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """See `AnalyticsQuestions`."""
        return self._denials.rules(what, start_us, end_us)
