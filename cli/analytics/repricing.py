"""`reprice`: what pricing anew has changed, or would change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from cli.analytics.report import Column, Kind, Report, Row, Table
from cli.wording import counted

if TYPE_CHECKING:
    from store.pricing.repriced import ModelChange, Repriced

_FIELDS: Final = ("model", "changed", "before_microusd", "after_microusd", "unknown_before", "unknown_after")
_COLUMNS: Final = (
    Column("model", Kind.TEXT, "label"),
    Column("changed", Kind.COUNT, "changed"),
    Column("before", Kind.MONEY, "before_microusd", 1),
    Column("after", Kind.MONEY, "after_microusd"),
    Column("unknown before", Kind.COUNT, "unknown_before", 3),
    Column("unknown after", Kind.COUNT, "unknown_after", 2),
)


def repriced_report(done: Repriced, *, dry_run: bool, by_model: bool) -> Report:
    """Return what changed, model by model, most events first; not `by_model`: only for all of them together."""
    table = Table("rows", "Prices", _COLUMNS, _FIELDS, empty="there is nothing that has to be priced")
    rows = [_row(model, one) for model, one in done.by_model.items()] if by_model else []
    rows.sort(key=lambda row: (-row["changed"], -row["after_microusd"], row["label"]))
    whole = {**_row(None, done.whole), "label": "all models"}
    table = replace(table, rows=tuple(rows) if by_model else (whole,), total=whole if len(rows) > 1 else None)
    number = f"{counted(done.whole.changed, 'event')} of {done.looked_at:,} that state no cost"
    if not done.whole.changed:
        remark = f"nothing changes: {counted(done.looked_at, 'event')} that state no cost have today's prices already"
    elif dry_run:
        remark = f"{number} would get another price: `auditail analytics reprice` does it"
    else:
        remark = f"{number} have another price now"
    about = {"dry_run": dry_run, "looked_at": done.looked_at}
    title = "Prices anew, a dry run" if dry_run else "Prices anew"
    return Report(title, None, None, (table,), remarks=(remark,), about=about)


def _row(model: str | None, change: ModelChange) -> Row:
    row: dict[str, Any] = {
        "model": model,
        "changed": change.changed,
        "before_microusd": change.before_microusd,
        "after_microusd": change.after_microusd,
        "unknown_before": change.unknown_before,
        "unknown_after": change.unknown_after,
    }
    return row | {"label": model if model is not None else "(no model)"}
