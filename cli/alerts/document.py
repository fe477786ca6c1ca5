"""Alerts as JSON and CSV have them: docs/alerts.md describes every field. Text of events is as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from store.timestamp_text import timestamp_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.alerts.model import AlertDetail, AlertRow, AlertStep
    from store.reader import StoreReader

CSV_FIELDS: Final = (
    "alert", "state", "until", "level", "rule", "title", "agent", "user", "tenant", "count", "first", "last", "opened",
    "historical", "key", "explanation",
)  # fmt: skip


def row_values(row: AlertRow) -> dict[str, Any]:
    """Return an alert of a list as JSON values."""
    return {
        "alert": row.id,
        "state": row.state.value,
        "until": _time(row.until_us),
        "rule": {"id": row.rule_id, "name": row.rule, "title": row.title, "level": row.level.value},
        "explanation": row.explanation,
        "agent": row.agent,
        "user": row.user,
        "tenant": row.tenant,
        "key": dict(row.key),
        "count": row.count,
        "first": timestamp_text(row.first_us),
        "last": timestamp_text(row.last_us),
        "opened": timestamp_text(row.opened_us),
        "historical": row.historical,
    }


def csv_values(row: AlertRow) -> Mapping[str, Any]:
    """Return an alert of a list under the names of `CSV_FIELDS`."""
    values = row_values(row)
    rule = values["rule"]
    historical = "true" if row.historical else "false"
    return {**values, "rule": rule["name"], "title": rule["title"], "level": rule["level"], "historical": historical}


def detail_values(detail: AlertDetail, reader: StoreReader) -> dict[str, Any]:
    """Return an alert whole as JSON values; the events of its evidence are read once more, as all formats have them."""
    return {
        **row_values(detail.row),
        "description": detail.description,
        "tags": list(detail.tags),
        "falsepositives": list(detail.falsepositives),
        "group_by": list(detail.group_by),
        "shipped": detail.shipped,
        "evidence_kept": detail.kept,
        "evidence_there": detail.hits,
        "evidence": [
            {"hit": one.hit, "event": orjson.loads(text)}
            for one in detail.evidence
            if (text := reader.canonical_json(one.event.id)) is not None
        ],
        "history": [_step(step) for step in detail.history],
        "alike": [
            {
                "alert": one.alert_id,
                "at": timestamp_text(one.at_us),
                "verdict": one.verdict.value,
                "who": one.who,
                "reason": one.reason,
            }
            for one in detail.alike
        ],
        "rule_days": list(detail.rule_days),
        "rule_agents": detail.rule_agents,
    }


def _step(step: AlertStep) -> dict[str, Any]:
    return {
        "at": timestamp_text(step.at_us),
        "what": step.what.value,
        "verdict": None if step.verdict is None else step.verdict.value,
        "who": step.who,
        "reason": step.reason or None,
        "until": _time(step.until_us),
        "reach": None if step.reach is None else step.reach.value,
        "target": step.target or None,
        "took_ms": step.took_ms,
    }


def _time(ts_us: int | None) -> str | None:
    return None if ts_us is None else timestamp_text(ts_us)
