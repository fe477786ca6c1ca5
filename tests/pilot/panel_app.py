"""The panel of the Agents tab alone, on a real store, to be looked at.

python -m tests.pilot.panel_app STORE [--by agent] [--value NAME] [--hours 24] [--theme NAME] [--ascii] [--utc]
"""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from store.analytics.model import Dimension
from store.filters.model import Filter
from store.reader import StoreReader
from store.scope import EVERYTHING
from store.service import QueryService
from tests.pilot.stage import Stage
from tui.agent_facts import AgentFacts
from tui.agent_questions import agent_facts
from tui.glyphs import glyphs_for
from tui.widgets.panel_agent import AgentPanel

_HOUR_US = 3_600_000_000


def facts_of(
    service: QueryService,
    by: Dimension,
    value: str | None,
    hours: float,
    *,
    utc: bool = True,
    what: Filter | None = None,
) -> AgentFacts:
    """Return the facts of the last hours of a store; `value` None: events that have none."""
    end_us = (service.extent().newest_us or 0) + 1
    start_us = end_us - int(hours * _HOUR_US)
    return agent_facts(
        service, by, value, what or Filter(), start_us=start_us, end_us=end_us, now_us=end_us, utc=utc, place=(1, 12)
    )


def main() -> None:
    """Show it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("store", type=Path)
    parser.add_argument("--by", type=Dimension, default=Dimension.AGENT)
    parser.add_argument("--value", default="support-bot")
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--theme", default="auditail-dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--utc", action="store_true")
    told = parser.parse_args()
    panel = AgentPanel()
    panel.glyphs = glyphs_for(ascii_only=told.ascii)
    panel.utc = told.utc
    with closing(StoreReader.open(told.store, EVERYTHING)) as reader:
        app = Stage(panel, theme=told.theme)
        panel.set_reactive(AgentPanel.facts, facts_of(reader, told.by, told.value, told.hours, utc=told.utc))
        app.run()


if __name__ == "__main__":
    main()
