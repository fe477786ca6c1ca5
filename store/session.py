"""One short transaction through SQLModel on the writing connection, for everything that is not an append."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from store.failures import wrapped_store_error


@contextmanager
def writing(engine: Engine, lock: threading.RLock, path: Path) -> Generator[Session]:
    """Give a session that commits at the end of the block, or rolls back where it raises.

    Raises:
        StoreError: the store cannot be written now; nothing was kept.
    """
    with lock:
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DBAPIError as error:
            raise wrapped_store_error(error, path) from error
