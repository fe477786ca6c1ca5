"""CSV opens in a spreadsheet without running anything, and can be read back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from cli.render.csv_output import CsvWriter, neutralised
from store.schema import EVENT_FIELDS


def written(*events: dict[str, Any], raw: bool = False, on_terminal: bool = False) -> list[dict[str, str]]:
    out = io.BytesIO()
    writer = CsvWriter(out, raw=raw, on_terminal=on_terminal)
    writer.header()
    assert writer.write(events) == len(events)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "  @"])
def test_a_text_that_would_run_gets_an_apostrophe(start: str) -> None:
    formula = f"{start}cmd|' /C calc'!A0"
    assert neutralised(formula) == f"'{formula}"
    assert written({"message": formula})[0]["message"] == f"'{formula}"
    assert written({"message": formula}, raw=True)[0]["message"] == formula


@pytest.mark.parametrize("text", ["", "a=b", "x-1", "user@example.org", "'=1", "1+1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text


def test_columns_are_the_canonical_fields_and_values_keep_their_meaning() -> None:
    rows = written(
        {
            "event_type": "mcp.tool_call",
            "duration_ms": 234.5,
            "counts": 1,
            "metadata": {"a": [1, "ü"]},
            "message": None,
        },
        {"event_type": 'quo"ted, and\nbroken', "cost_microusd": -5},
    )
    assert tuple(rows[0]) == EVENT_FIELDS
    assert (rows[0]["event_type"], rows[0]["duration_ms"], rows[0]["metadata"], rows[0]["message"]) == (
        "mcp.tool_call",
        "234.5",
        '{"a":[1,"ü"]}',
        "",
    )
    assert rows[1]["event_type"] == 'quo"ted, and\nbroken'
    assert rows[1]["cost_microusd"] == "-5"


def test_on_a_terminal_nothing_steers_it() -> None:
    assert written({"message": "\x1b]0;owned\x07"}, on_terminal=True)[0]["message"] == "␛]0;owned␇"


def test_many_rows_come_out_whole() -> None:
    rows = written(*({"seq": number} for number in range(1000)))
    assert [int(row["seq"]) for row in rows] == list(range(1000))
