"""`agents show`: one agent whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.analytics.activity import activity
from cli.analytics.costs import cost_table
from cli.analytics.ordering import Cut
from cli.analytics.report import Report, Strip
from cli.analytics.troubles import first_use_table, message_table, rule_table
from cli.analytics.usage import Grouping, usage_and_total, usage_table
from cli.problems import UsageProblem
from store.analytics.model import Dimension
from store.filters.clause import Clause, literal
from store.filters.keys import Key, nearest
from store.filters.model import Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.analytics.asking import Asking

USUAL_ROWS: Final = 8
"""So long is each table where nobody says otherwise."""


def agent_report(asking: Asking, agent: str, cut: Cut, known: Callable[[], Sequence[str]]) -> Report:
    """Return what one agent did: tools, costs, for whom it worked, what failed, what was denied, what is new.

    `cut` is how the tools are sorted, and how long every table is. `known` tells which agents there are.

    Raises:
        UsageProblem: there is no such agent, or `--sort` names no column.
        StoreError: the store cannot be read.
    """
    asking.what = asking.narrowed(Filter.of(Clause(Key.AGENT, (literal(agent),))))
    short = Cut(limit=cut.limit)
    users, total = usage_and_total(asking, Grouping(Dimension.USER, "users", "On behalf of", seen=False), short)
    if not total.now.events and agent not in (names := known()):
        near = nearest(agent, tuple(names))
        meant = f" (did you mean {near}?)" if near else ": `auditail analytics agents list` has them all"
        raise UsageProblem(f"there is no agent {agent!r}{meant}")
    what = asking.what
    tools = Grouping(Dimension.TOOL, "tools", "Tools", with_server=True, seen=False)
    tables = (
        usage_table(asking, tools, cut),
        cost_table(asking, Dimension.MODEL, short, name="models", title="Cost by model"),
        message_table(asking, what, cut.limit),
        users,
        rule_table(asking, what, cut.limit, with_agent=False),
        first_use_table(asking, agent, cut.limit),
    )
    return Report(
        f"Agent {agent}", asking.window, total, tables, activity_strips(asking), compared=asking.compared,
        about={"agent": agent},
    )  # fmt: skip


def activity_strips(asking: Asking) -> tuple[Strip, ...]:
    """Return events and errors over time."""
    found = activity(asking)
    return tuple(Strip(f"{measure} {found.each}", found.of((), measure)) for measure in ("events", "errors"))
