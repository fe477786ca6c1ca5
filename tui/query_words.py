"""What completion says about keys and values, and examples where values cannot be listed."""

from __future__ import annotations

from typing import Final

from store.filters.keys import Key

KEY_WORDS: Final[dict[Key, str]] = {
    Key.AGENT: "which agent",
    Key.USER: "who it was for",
    Key.TENANT: "which tenant it was for",
    Key.HOST: "on which machine",
    Key.TYPE: "what kind of event",
    Key.TOOL: "which tool was called",
    Key.SERVER: "where the tool is served",
    Key.MODEL: "which model answered",
    Key.STATUS: "how it ended",
    Key.CALL: "one call and its result",
    Key.REQUEST: "all of one request",
    Key.SESSION: "all of one session",
    Key.TRACE: "all of one trace",
    Key.ID: "one event",
    Key.SOURCE: "which file or format it is from",
    Key.MS: "how long it took",
    Key.TOKENS: "how many tokens it used",
    Key.COST: "what it cost, in dollars",
    Key.SINCE: "from this time on",
    Key.BEFORE: "up to this time",
    Key.HAS: "errors, denials, alerts, …",
    Key.ALERT: "evidence of this alert",
    Key.META: "a value in the metadata",
    Key.STATE: "how the alert stands",
    Key.LEVEL: "how bad it is",
    Key.RULE: "which rule fired",
}
"""A few words for every key, in the order in which keys are offered; those of alerts, where they are known, first."""

EXAMPLES: Final[dict[Key, tuple[tuple[str, str], ...]]] = {
    Key.STATUS: (
        ("success", "it worked"),
        ("failure", "it failed"),
        ("denied", "it was not allowed"),
        ("timeout", "no answer in time"),
        ("pending", "not settled yet"),
    ),
    Key.HAS: (
        ("error", "a failure or a timeout"),
        ("denial", "it was not allowed"),
        ("alert", "a rule fired on it"),
        ("cost", "what it cost is known"),
        ("outcome", "it settles a call"),
        ("conflict", "an id with two contents"),
        ("cross-tenant", "another tenant's resource"),
    ),
    Key.ALERT: (
        ("*", "of any alert"),
        (">100", "of those after number 100"),
    ),
    Key.STATE: (
        ("new", "nobody has looked"),
        ("open", "looked at, not decided"),
        ("seen", "acknowledged"),
        ("resolved", "handled"),
        ("false-positive", "it was nothing"),
        ("accepted", "the risk is known"),
        ("muted", "not told for a time"),
    ),
    Key.LEVEL: (
        ("critical", "the worst"),
        (">=high", "high and critical"),
        ("high", "should be looked at today"),
        (">=medium", "medium and worse"),
        ("medium", "worth a look"),
        ("low", "good to know"),
        ("informational", "the least"),
    ),
    Key.SINCE: (
        ("-15m", "the last 15 minutes"),
        ("-1h", "the last hour"),
        ("-24h", "the last 24 hours"),
        ("-7d", "the last 7 days"),
        ("today", "since midnight"),
        ("yesterday", "since midnight a day ago"),
        ("09:00", "since 9 o'clock today"),
    ),
    Key.BEFORE: (
        ("-15m", "up to 15 minutes ago"),
        ("-1h", "up to an hour ago"),
        ("-24h", "up to 24 hours ago"),
        ("-7d", "up to 7 days ago"),
        ("today", "up to last midnight"),
        ("yesterday", "up to midnight a day ago"),
        ("09:00", "up to 9 o'clock today"),
    ),
    Key.MS: (
        (">1s", "longer than a second"),
        (">10s", "longer than 10 seconds"),
        (">1m", "longer than a minute"),
        ("<100ms", "shorter than 100 ms"),
        ("1s..5s", "from 1 to 5 seconds"),
    ),
    Key.TOKENS: (
        (">1k", "more than 1,000"),
        (">10k", "more than 10,000"),
        (">100k", "more than 100,000"),
        ("1k..10k", "from 1,000 to 10,000"),
    ),
    Key.COST: (
        (">0.01", "more than a cent"),
        (">0.10", "more than 10 cents"),
        (">1", "more than a dollar"),
        ("0.01..0.10", "from 1 to 10 cents"),
    ),
}
"""Values of keys that take few, and examples for keys that take a time or a number, with what each means."""
