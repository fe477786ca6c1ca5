"""What is said to a target, as JSON: docs/notifications.md describes it. All text of events in it is safe and short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson

from store.alerts.states import LEVELS, Level
from store.safe_text import safe_text
from store.timestamp_text import timestamp_text

if TYPE_CHECKING:
    from store.alerts.notices import Notice

VERSION: Final = 1
"""Of what is said. A key more does not change it; another meaning of one that is there does."""

_LONGEST: Final = {"explanation": 2_000, "name": 256}
_MOST_RULES: Final = 10
"""So many rules of a summary are named, those with the most alerts."""
_MOST_NUMBERS: Final = 100
"""So many alerts of a summary are named, the first ones."""


def alert_payload(notice: Notice) -> str:
    """Return what is said about one alert."""
    rule = notice.rule
    events = "1 event" if notice.count == 1 else f"{notice.count} events"
    title = _short(rule.title, _LONGEST["name"])
    return _json(
        {
            "version": VERSION,
            "kind": "alert",
            # No text of events: a chat may take some of it for commands of its own.
            "text": f"[{rule.level}] {title}: alert {notice.alert_id}, {events}",
            "alert": notice.alert_id,
            "again": notice.again,
            "rule": {
                "id": rule.rule_id,
                "name": _short(rule.name, _LONGEST["name"]),
                "title": title,
                "level": str(rule.level),
            },
            "explanation": _short(notice.explanation, _LONGEST["explanation"]),
            "agent": _name(notice.agent),
            "user": _name(notice.user),
            "tenant": _name(notice.tenant),
            "count": notice.count,
            "first": timestamp_text(notice.first_us),
            "last": timestamp_text(notice.last_us),
        }
    )


def summary_payload(before: str | None, more: Sequence[Notice]) -> tuple[str, int]:
    """Return a summary that counts these alerts as well, and how many it counts now; `before`: what it said so far."""
    known: dict[str, Any] = orjson.loads(before) if before else {}
    rules = Counter({one["name"]: one["alerts"] for one in known.get("rules", ())})
    others = int(known.get("other_rules", 0))
    for notice in more:
        name = _short(notice.rule.name, _LONGEST["name"])
        if name in rules or len(rules) < _MOST_RULES:
            rules[name] += 1
        else:
            others += 1
    alerts = int(known.get("alerts", 0)) + len(more)
    levels = [LEVELS.index(Level(known["worst"]))] if known else []
    worst = LEVELS[max(*levels, *(LEVELS.index(notice.rule.level) for notice in more), 0)]
    numbers = [*known.get("first_alerts", ()), *(notice.alert_id for notice in more)][:_MOST_NUMBERS]
    noun = "1 more alert" if alerts == 1 else f"{alerts} more alerts"
    said = {
        "version": VERSION,
        "kind": "summary",
        "text": f"{noun}, worst {worst}",
        "alerts": alerts,
        "worst": str(worst),
        "rules": [{"name": name, "alerts": number} for name, number in rules.most_common()],
        "other_rules": others,
        "first_alerts": numbers,
    }
    return _json(said), alerts


def _name(text: str | None) -> str | None:
    return None if text is None else _short(text, _LONGEST["name"])


def _short(text: str, longest: int) -> str:
    """Return safe text of at most so many characters."""
    safe = safe_text(text[: longest + 1])
    return safe if len(safe) <= longest else f"{safe[: longest - 1]}…"


def _json(said: dict[str, Any]) -> str:
    return orjson.dumps(said).decode()
