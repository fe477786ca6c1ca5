"""`budgets`: the budgets of the settings against the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.analytics.budget_rows import budget_table
from cli.analytics.report import Report
from cli.wording import counted
from store.analytics.budgets import BudgetState, budget_states, budgets_of

if TYPE_CHECKING:
    from cli.analytics.running import Work


def states_of(work: Work) -> Sequence[BudgetState]:
    """Return how each budget stands. Nothing where a filter narrows the report: budgets are about everything.

    Raises:
        StoreError: the store cannot be read.
    """
    asking = work.asking
    if asking.what:
        return ()
    budgets = budgets_of(work.settings.budgets)
    return budget_states(asking.questions, budgets, work.now_us, utc=work.utc, watch=asking.watch)


def budget_report(work: Work) -> Report:
    """Return how the budgets stand; it is a finding where one is over.

    Raises:
        UsageProblem: `--sort` names no column.
        StoreError: the store cannot be read.
    """
    states = states_of(work)
    over = [one for one in states if one.over]
    remarks: list[str] = []
    if over:
        remarks.append(f"{counted(len(over), 'budget')} over: {', '.join(one.budget.name for one in over)}")
    if work.reader.scope.limited and states:
        remarks.append(
            "only what the tenants in sight spent is counted: --tenant or `store.tenants` limits what is seen"
        )
    table = budget_table(states, work.cut, utc=work.utc)
    return Report("Budgets", None, None, (table,), remarks=tuple(remarks), finding=bool(over))
