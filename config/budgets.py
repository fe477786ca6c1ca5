"""Budgets: how much may be spent in a day, week or month."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.section import NUMBER, Section

BudgetScope = Literal["all", "agent", "user", "tenant"]
_UNITS: Final = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_AMOUNT: Final = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)([kMG]?)", re.ASCII)


def _count(value: Any) -> Any:
    """Return `2M` and the like as a number; what is no text stays as it is."""
    if not isinstance(value, str):
        return value
    found = _AMOUNT.fullmatch(value.strip())
    amount = Decimal(found[1]) * _UNITS[found[2]] if found else None
    if amount is None or amount != int(amount):
        raise ValueError("must be a number of tokens like 500000, 500k or 2M")
    return int(amount)


class Budget(Section):
    """A limit for one agent, user or tenant, or for all of them together; in USD or in tokens."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    """What it is called; None: after what it limits."""
    agent: str | None = None
    user: str | None = None
    tenant: str | None = None
    """At most one of the three; none of them: everything together."""
    per: Literal["day", "week", "month"]
    """Days as the reader sees them, weeks from Monday on, months of the calendar."""
    usd: Annotated[Decimal, NUMBER, Field(gt=0, le=1_000_000_000, decimal_places=6)] | None = None
    tokens: Annotated[int, NUMBER, BeforeValidator(_count), Field(ge=1, le=10**15)] | None = None
    """All four kinds together."""

    @model_validator(mode="after")
    def _one_scope_and_one_limit(self) -> Self:
        if sum(one is not None for one in (self.agent, self.user, self.tenant)) > 1:
            raise ValueError("must name one of agent, user and tenant, or none of them for all")
        if (self.usd is None) == (self.tokens is None):
            raise ValueError("must state either usd or tokens")
        return self

    @property
    def scope(self) -> tuple[BudgetScope, str | None]:
        """What is limited: a kind of name and the name; None for `all`."""
        if self.agent is not None:
            return "agent", self.agent
        if self.user is not None:
            return "user", self.user
        return ("all", None) if self.tenant is None else ("tenant", self.tenant)

    @property
    def microusd(self) -> int | None:
        """The limit in micro-USD; None: it is one of tokens."""
        return None if self.usd is None else int(self.usd * 1_000_000)
