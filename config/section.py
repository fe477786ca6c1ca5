"""What all sections of the settings share."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _no_truth_value(value: Any) -> Any:
    """Refuse `true` where a number is wanted: it would quietly count as 1, and one day is a short retention."""
    if isinstance(value, bool):
        raise ValueError("must be a number")  # noqa: TRY004 (pydantic reports a ValueError, not a TypeError)
    return value


NUMBER: Final = BeforeValidator(_no_truth_value)
"""Marks a value that must be a number."""


class Section(BaseModel):
    """Values never change after loading, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, serialize_by_alias=True)
