"""The flags of a query as a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.filters.model import Clause, Field, Filter

if TYPE_CHECKING:
    from collections.abc import Sequence


def filter_of(
    *,
    agents: Sequence[str] = (),
    types: Sequence[str] = (),
    users: Sequence[str] = (),
    tenants: Sequence[str] = (),
    requests: Sequence[str] = (),
    since_us: int | None = None,
    before_us: int | None = None,
) -> Filter:
    """Return the filter in which all flags hold, and a flag given several times means any of its values."""
    by_field = (
        (Field.AGENT, agents),
        (Field.TYPE, types),
        (Field.USER, users),
        (Field.TENANT, tenants),
        (Field.REQUEST, requests),
    )
    clauses = tuple(Clause(field, tuple(dict.fromkeys(values))) for field, values in by_field if values)
    return Filter(clauses, since_us, before_us)
