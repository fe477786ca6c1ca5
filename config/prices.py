"""One's own prices: what models cost that no public list knows, or knows otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.section import NUMBER, Section

Dollars = Annotated[Decimal, NUMBER, Field(ge=0, le=1_000_000, decimal_places=12)]
"""USD for a million tokens."""


class OwnPrice(Section):
    """What the models of one name cost in a time. Of several that fit, the first one holds."""

    model: str = Field(min_length=1, max_length=100)
    """Name of the model, `*` for any run of characters; capitals and small letters are the same."""
    input: Dollars
    output: Dollars
    cache_read: Dollars | None = None
    """None: as input."""
    cache_write: Dollars | None = None
    """None: as input."""
    first_day: date | None = Field(default=None, alias="from")
    """First day in UTC on which it holds; None: it always has."""
    last_day: date | None = Field(default=None, alias="to")
    """Last day in UTC on which it holds; None: it still does."""

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.first_day and self.last_day and self.first_day > self.last_day:
            raise ValueError("`from` must not be after `to`")
        return self
