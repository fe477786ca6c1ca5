"""Sigma's correlations: rules about how often, how variously, or in what order other rules match."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, model_validator

from detect.rules.extension import Field_, SpanUs
from detect.rules.header import Frozen

MOST: Final = 1_000
"""No condition may ask for more: it bounds what is remembered."""


class CorrelationType(StrEnum):
    """What is counted within the time span."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"


class Threshold(Frozen):
    """How many there must be. A value that grows with every event is the only one that no late event takes back."""

    gte: int | None = Field(default=None, ge=1, le=MOST)
    gt: int | None = Field(default=None, ge=0, lt=MOST)
    lt: int | None = None
    lte: int | None = None
    eq: int | None = None
    field: Field_ | None = None

    @model_validator(mode="after")
    def _only_growing(self) -> Threshold:
        for name in ("lt", "lte", "eq"):
            if getattr(self, name) is not None:
                raise ValueError(f"{name} is not supported: a late event could take the alert back; use gte or gt")
        if (self.gte is None) == (self.gt is None):
            raise ValueError("the condition takes one of gte and gt, with a number")
        return self

    @property
    def least(self) -> int:
        """The smallest number that fulfils it."""
        return self.gte if self.gte is not None else (self.gt or 0) + 1


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Correlation(Frozen):
    """The `correlation` of a document. `rules` are names or ids."""

    type: CorrelationType
    rules: Annotated[tuple[str, ...], BeforeValidator(_one_or_more), Field(min_length=1, max_length=16)]
    group_by: Annotated[tuple[str, ...], BeforeValidator(_one_or_more)] = Field(
        default=(), alias="group-by", max_length=6
    )
    timespan_us: SpanUs = Field(alias="timespan")
    condition: Threshold | None = None
    aliases: dict[str, dict[str, Field_]] = Field(default_factory=dict)
    """For a name in `group-by`: which field has it in the events of which rule."""
    generate: bool = False
    """Whether the rules that it refers to raise alerts themselves, too."""

    @model_validator(mode="after")
    def _fits_together(self) -> Correlation:
        field = self.condition.field if self.condition else None
        if self.type == CorrelationType.VALUE_COUNT and field is None:
            raise ValueError("value_count counts the values of a field: name it in condition, as in field: tool")
        if self.type != CorrelationType.VALUE_COUNT and field is not None:
            raise ValueError("only value_count takes a field in its condition")
        if self.type in (CorrelationType.EVENT_COUNT, CorrelationType.VALUE_COUNT) and self.condition is None:
            raise ValueError(f"{self.type} needs a condition, as in gte: 5")
        if len(set(self.rules)) != len(self.rules):
            raise ValueError("a rule is named twice")
        if self.type in (CorrelationType.TEMPORAL, CorrelationType.TEMPORAL_ORDERED) and len(self.rules) < 2:  # noqa: PLR2004
            raise ValueError(f"{self.type} is about two rules or more")
        return self

    @property
    def least(self) -> int:
        """How many there must be: events, values, or different rules."""
        if self.type == CorrelationType.TEMPORAL_ORDERED or self.condition is None:
            return len(self.rules)
        return self.condition.least
