"""`overview`: what one would want to know each morning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.analytics.agent_profile import activity_strips
from cli.analytics.budget_rows import budget_table
from cli.analytics.costs import cost_table
from cli.analytics.ordering import Cut
from cli.analytics.report import Report
from cli.analytics.troubles import message_table, rule_table
from cli.analytics.usage import Grouping, usage_and_total, usage_table
from store.analytics.model import Dimension

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.analytics.asking import Asking
    from store.analytics.budgets import BudgetState

USUAL_ROWS: Final = 5
"""So long is each table where nobody says otherwise."""


def overview_report(asking: Asking, cut: Cut, budgets: Sequence[BudgetState]) -> Report:
    """Return the sums of everything, and the first few agents, tools, models, users, errors, denials and budgets.

    Raises:
        UsageProblem: `--sort` names no column of the table of agents.
        StoreError: the store cannot be read.
    """
    few = Cut(limit=cut.limit)
    what = asking.what
    agents = Grouping(Dimension.AGENT, "agents", "Agents", seen=False)
    tools = Grouping(Dimension.TOOL, "tools", "Tools", with_server=True, seen=False)
    users = Grouping(Dimension.USER, "users", "Users", seen=False)
    first, total = usage_and_total(asking, agents, cut)
    tables = [
        first,
        usage_table(asking, tools, few),
        cost_table(asking, Dimension.MODEL, few, name="models", title="Cost by model"),
        usage_table(asking, users, few),
        message_table(asking, what, cut.limit),
        rule_table(asking, what, cut.limit, with_agent=True),
    ]
    if budgets:
        tables.append(budget_table(budgets, Cut(), utc=asking.window.utc, name="budgets"))
    return Report("Overview", asking.window, total, tuple(tables), activity_strips(asking), compared=asking.compared)
