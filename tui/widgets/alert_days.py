"""How often an alert's rule has fired lately: a bar for each day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.alert_words import counted, date
from tui.format import MICROS
from tui.widgets.line import Line, heading
from tui.widgets.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.alerts.model import AlertDetail
    from tui.widgets.detail_lines import Reading

DAY_US: Final = 86_400 * MICROS


def day_lines(detail: AlertDetail, reading: Reading) -> Iterator[Line]:
    """Yield a heading with the numbers, the bars, and the first and the last day below them."""
    days = detail.rule_days
    if not days:
        return
    agents = f" {reading.glyphs.none} {counted(detail.rule_agents, 'agent')}" if detail.rule_agents else ""
    alerts, _, noun = counted(sum(days), "alert").partition(" ")
    yield heading(f"This rule, last {len(days)} days", (alerts, ""), (f" {noun}{agents}", "muted"))
    yield Line(tuple(sparkline(days, reading.glyphs)), skip=True)
    if reading.now_us:
        first, last = (
            date(reading.now_us - back * DAY_US, utc=reading.utc) for back in (len(days) - 1, 0)
        )  # fmt: skip
        yield Line(((first + last.rjust(max(len(days) - len(first), len(last) + 1)), "muted"),), skip=True)
