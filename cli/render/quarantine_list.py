"""Lists of the quarantine: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from cli import stdout
from cli.render.csv_output import neutralised
from cli.render.json_output import write_array, write_lines
from cli.render.quarantine import reason_line, row_line
from store.fault_kind import fault_kind
from store.safe_text import safe_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.service import QuarantineReason, QuarantineRow


def put_records(rows: Sequence[QuarantineRow], form: str, *, utc: bool) -> int:
    """Write one row for each record; return how many there were."""
    if form == "table":
        for row in rows:
            stdout.put(row_line(row, utc=utc))
        return len(rows)
    return _put([record_values(row) for row in rows], form)


def put_reasons(reasons: Sequence[QuarantineReason], form: str, *, utc: bool) -> int:
    """Write one row for each reason; return how many there were."""
    if form == "table":
        for reason in reasons:
            stdout.put(reason_line(reason, utc=utc))
        return len(reasons)
    return _put([asdict(reason) for reason in reasons], form)


def record_values(row: QuarantineRow) -> dict[str, Any]:
    """Return a record as JSON values; times are UTC microseconds, `line` is null where lines are not known."""
    return {
        "id": row.id,
        "at_us": row.at_us,
        "path": row.path,
        "line": row.line,
        "offset": row.offset,
        "size": row.size,
        "reason": row.reason,
        "kind": fault_kind(row.reason),
        "retry_us": row.retry_us,
        "tried_us": row.tried_us,
        "tried_reason": row.tried_reason,
    }


def _put(values: Sequence[dict[str, Any]], form: str) -> int:
    on_terminal = stdout.is_terminal()
    if form == "csv":
        return _put_csv(values, on_terminal=on_terminal)
    write = write_array if form == "json" else write_lines
    return write((orjson.dumps(one) for one in values), stdout.binary(), on_terminal=on_terminal)


def _put_csv(values: Sequence[dict[str, Any]], *, on_terminal: bool) -> int:
    if not values:
        return 0
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer)
    rows.writerow(values[0])
    for one in values:
        cells = [
            "" if cell is None else neutralised(cell) if isinstance(cell, str) else str(cell) for cell in one.values()
        ]
        rows.writerow([safe_text(cell) for cell in cells] if on_terminal else cells)
    stdout.binary().write(buffer.getvalue().encode("utf-8", "backslashreplace"))
    return len(values)
