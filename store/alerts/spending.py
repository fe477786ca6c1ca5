"""What budgets have spent in the period that runs, before anybody watched them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from store import dialect

if TYPE_CHECKING:
    from config.budgets import Budget


def spent(connection: sqlite3.Connection, budgets: Sequence[Budget], now_us: int, *, utc: bool) -> list[int]:
    """Return what is spent of each budget, in micro-USD or tokens, in its period that `now_us` lies in.

    Only what is committed counts: it is asked over a connection of its own. `utc`: periods of UTC, else local ones.

    Raises:
        StoreError: the store cannot be read.
    """
    # Seldom needed, and most of the reading side with it.
    from store.analytics.budgets import budget_states, budgets_of  # noqa: PLC0415
    from store.reader import StoreReader  # noqa: PLC0415

    with closing(StoreReader.open(dialect.path_of(connection), clock=lambda: now_us)) as reader:
        states = budget_states(reader.analytics, budgets_of(budgets), now_us, utc=utc)
        return [state.spent for state in states]
