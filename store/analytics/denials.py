"""What decided that something was denied: found in the metadata of the denials, under the names that producers use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import orjson
from sqlmodel import col

from store.analytics.model import DenialRule
from store.analytics.windowed import within
from store.filters.keys import Key
from store.filters.model import Filter
from store.filters.syntax import Term, Text
from store.query.access import Access
from store.search.walk import EVERY_ID, Walk
from store.tables import Event

_NEWEST: Final = 1_000
_DENIALS: Final = Term(Key.HAS, (Text("denial"),))
_SAID_OF: Final = ("rule", "rule_id", "policy", "policy_id", "role")
"""Keys whose value says nothing without the key: `policy t-01`."""
_SAID: Final = ("decider", "decided_by", "hook", "hook_name", "reason")
_COLUMNS: Final = (col(Event.id), col(Event.agent_no), col(Event.tool_no), col(Event.payload))


class Denials:
    """Answers what decided denials."""

    def __init__(self, access: Access) -> None:
        """Read through `access`."""
        self._access = access

    def rules(self, what: Filter, start_us: int, end_us: int) -> Sequence[DenialRule]:
        """See `AnalyticsQuestions.denial_rules`."""
        denials = what if _DENIALS in what.operands else what.also(_DENIALS)
        compiled = self._access.compile(within(denials, start_us, end_us))
        rows = Walk(self._access, compiled, _COLUMNS).find(EVERY_ID, _NEWEST, back=True).rows
        rules: dict[str | None, str | None] = {}
        counts = Counter((agent, tool, _rule_in(text, rules)) for _, agent, tool, text in rows)
        names = self._access.names({number for agent, tool, _ in counts for number in (agent, tool)})
        return [
            DenialRule(names[agent], names[tool], rule, denials)
            for (agent, tool, rule), denials in counts.most_common()
        ]


def _rule_in(text: str | None, known: dict[str | None, str | None]) -> str | None:
    """Return `rule_of` of a metadata text; `known` has what was found before."""
    if text not in known:
        known[text] = rule_of(_metadata(text))
    return known[text]


def _metadata(text: str | None) -> Mapping[str, Any]:
    try:
        found: Any = None if text is None else orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def rule_of(metadata: Mapping[str, Any]) -> str | None:
    """Return what metadata says of who or what denied, in a few words; None: it says nothing."""
    for keys, with_key in ((_SAID_OF, True), (_SAID, False)):
        for key in keys:
            value = metadata.get(key)
            if isinstance(value, str | int) and value != "" and not isinstance(value, bool):
                return f"{key.removesuffix('_id')} {value}" if with_key else str(value)
    return None
