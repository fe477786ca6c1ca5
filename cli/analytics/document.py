"""A report as JSON and as CSV: raw numbers under names that stay."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import orjson

from cli.analytics.measures import measures
from cli.analytics.timestamps import stamp
from cli.render.csv_output import neutralised
from cli.render.json_output import escaped
from store.safe_text import safe_text

if TYPE_CHECKING:
    from cli.analytics.report import Report, Row, Table


def json_document(report: Report, *, complete: bool, on_terminal: bool) -> bytes:
    """Return the report as one JSON object, indented; on a terminal nothing in it can steer that."""
    document: dict[str, Any] = dict(report.about)
    if (window := report.window) is not None:
        past = {"since": stamp(window.before_us), "before": stamp(window.start_us)}
        document["window"] = {"since": stamp(window.start_us), "before": stamp(window.end_us)}
        document["compared_with"] = past if report.compared else None
    document["complete"] = complete
    if report.total is not None:
        document["total"] = measures(report.total)
    document |= {table.name: [_values(row, table) for row in table.rows] for table in report.tables if table.fields}
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    return escaped(text) if on_terminal else text


def _values(row: Row, table: Table) -> dict[str, Any]:
    return {field: row.get(field) for field in table.fields}


def csv_text(report: Report, *, on_terminal: bool) -> str:
    """Return the report's first table as CSV; texts that a spreadsheet would run as formulas are harmless in it."""
    table = report.tables[0]
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(table.fields)
    for row in table.rows:
        rows.writerow([_cell(value, on_terminal=on_terminal) for value in _values(row, table).values()])
    return out.getvalue()


def _cell(value: Any, *, on_terminal: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    text = neutralised(value)
    return safe_text(text) if on_terminal else text
