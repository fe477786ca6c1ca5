"""Statements that can be stopped while they run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Final, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

_STEPS: Final = 2_000
"""Instructions between two looks at whether to go on: some tenths of a millisecond, but 30 within full text, which runs
hardly any instructions of its own."""
_FEW_STEPS: Final = 400
"""The same for what is short and within full text. Each look waits for whoever runs Python now, so it has a price."""


@contextmanager
def stoppable(connection: Connection, stop: Callable[[], bool], *, often: bool = False) -> Generator[None]:
    """Let statements on a connection end with an error (see `was_stopped`) soon after `stop` has become true.

    `often`: within milliseconds in full text, too.
    """
    driver = cast("Any", connection.connection.dbapi_connection)
    driver.set_progress_handler(stop, _FEW_STEPS if often else _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def was_stopped(error: DBAPIError) -> bool:
    """Return whether a statement has ended because it was stopped."""
    return getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT
