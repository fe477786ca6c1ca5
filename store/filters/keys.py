"""The keys of the language, and what kind of values each takes."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from store.alerts.states import LEVELS, STATES


class Key(StrEnum):
    """What a term can look at; the value is how it is written."""

    AGENT = "agent"
    USER = "user"
    TENANT = "tenant"
    HOST = "host"
    TYPE = "type"
    TOOL = "tool"
    SERVER = "server"
    MODEL = "model"
    STATUS = "status"
    CALL = "call"
    REQUEST = "request"
    SESSION = "session"
    TRACE = "trace"
    ID = "id"
    SOURCE = "source"
    MS = "ms"
    TOKENS = "tokens"
    COST = "cost"
    SINCE = "since"
    BEFORE = "before"
    HAS = "has"
    ALERT = "alert"
    META = "meta"
    STATE = "state"
    LEVEL = "level"
    RULE = "rule"


NAME_KEYS: Final = frozenset(
    {Key.AGENT, Key.USER, Key.TENANT, Key.HOST, Key.TYPE, Key.TOOL, Key.SERVER, Key.MODEL},
)
"""Keys of few different values."""
SLASH_REGEX_KEYS: Final = (NAME_KEYS | {Key.RULE}) - {Key.HOST}
"""Keys whose values hold no slashes, so that `/…/` is a pattern."""
ID_KEYS: Final = (Key.REQUEST, Key.SESSION, Key.TRACE, Key.CALL)
"""Keys of ids that belong to several events."""
FACET_KEYS: Final = (
    Key.AGENT, Key.USER, Key.TENANT, Key.HOST, Key.TYPE, Key.TOOL, Key.SERVER, Key.MODEL, Key.STATUS, *ID_KEYS,
)  # fmt: skip
"""Keys whose values can be listed with counts."""
NUMBER_KEYS: Final = frozenset({Key.MS, Key.TOKENS, Key.COST, Key.ALERT})
TIME_KEYS: Final = frozenset({Key.SINCE, Key.BEFORE})

HAS_VALUES: Final = ("error", "denial", "alert", "cost", "outcome", "conflict", "cross-tenant")
STATUS_VALUES: Final = ("success", "failure", "denied", "pending", "timeout")
CLOSED: Final[dict[Key, tuple[str, ...]]] = {
    Key.HAS: HAS_VALUES,
    Key.STATUS: STATUS_VALUES,
    Key.STATE: tuple(state.value for state in STATES),
    Key.LEVEL: tuple(level.value for level in LEVELS),
}
"""Keys that take only these values."""

ALERT_KEYS: Final = (Key.STATE, Key.LEVEL, Key.RULE)
"""Keys of alerts, not of events."""
EVENT_KEYS: Final = tuple(key for key in Key if key not in ALERT_KEYS)
CLAUSE_KEYS: Final = (*FACET_KEYS, *ALERT_KEYS)
"""Keys of which a list of values is a clause (`store.filters.clause`)."""
_SYNONYMS: Final = {
    "agent_id": "agent", "user_id": "user", "tenant_id": "tenant", "event_type": "type", "request_id": "request",
    "session_id": "session", "trace_id": "trace", "call_id": "call", "event_id": "id", "duration": "ms",
    "duration_ms": "ms", "after": "since", "until": "before", "metadata": "meta.<path>", "file": "source",
    "path": "source", "cost_microusd": "cost",
}  # fmt: skip
"""Names under which people know a key from elsewhere. They are not accepted, only answered."""


def known_keys(*, alerts: bool) -> tuple[Key, ...]:
    """Return the keys that a query may have: of events, with `alerts` those of alerts, too."""
    return tuple(Key) if alerts else EVENT_KEYS


def nearest_key(name: str, *, alerts: bool = False) -> str | None:
    """Return the key that was probably meant, None where none is near."""
    folded = name.casefold()
    for start in ("meta_", "metadata."):
        if folded.startswith(start):
            return f"meta.{name[len(start) :] or '<path>'}"
    if folded in _SYNONYMS:
        return _SYNONYMS[folded]
    return nearest(folded, known_keys(alerts=alerts))


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """Return which of the known words was probably meant, None where none is near."""
    found = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return str(found[0]) if found else None
