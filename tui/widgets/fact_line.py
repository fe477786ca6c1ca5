"""One fact in a block of them: label, number, and what it means."""

from __future__ import annotations

from typing import Final

from tui.widgets.line import Line, Span, pad

LABEL: Final = 12
NUMBER: Final = 13


def fact(label: str, number: str, remark: str, role: str = "") -> Line:
    """Return the line; `role` is that of the number."""
    spans: tuple[Span, ...] = ((pad(label, LABEL), "muted"), (pad(number, NUMBER, right=True), role))
    return Line((*spans, (f"  {remark}", "muted")))
