"""What has become of a number since the window before."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli.analytics.report import Row


def growth(row: Row, field: str) -> float | None:
    """Return by which part a field differs from `field_before`: 0.12 is an eighth more, infinite is from nothing.

    None: it was and is nothing, or nothing is compared.
    """
    now, before = row.get(field), row.get(f"{field}_before")
    if before is None or now is None or (not before and not now):
        return None
    return now / before - 1 if before else math.inf
