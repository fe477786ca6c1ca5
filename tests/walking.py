"""A search that never answers at once: it goes through windows as it does where there are ten million events."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from store import dialect, search_functions
from store.query.access import Access
from store.query.numbers import Numbers
from store.scope import EVERYTHING, Scope
from store.search.questions import Search


@contextmanager
def walking_access(path: Path, now_us: int, *tenants: str) -> Generator[Access]:
    """Give what a search reads a store through; with tenants, limited to them."""
    engine = dialect.reader_engine(path, 1, search_functions.register)
    access = Access(path, engine, Scope(tenants) if tenants else EVERYTHING, lambda: now_us)
    try:
        yield access
    finally:
        access.close()


@contextmanager
def walking_search(path: Path, now_us: int, *tenants: str) -> Generator[Search]:
    """Give such a search on a store; with tenants, limited to them."""
    with walking_access(path, now_us, *tenants) as access:
        yield Search(access, Numbers(access), patience_s=0)
