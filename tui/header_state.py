"""What stands at the right of the tab bar, in every tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class HeaderState:
    """`watching` says what is captured (empty: nothing), `per_second` how fast events arrive.

    `events` is how many the store has; None: not known yet.
    """

    mode: Literal["loading", "waiting", "following", "paused"] = "loading"
    watching: str = ""
    per_second: float = 0.0
    events: int | None = None
    only_while_open: bool = False
    """Whether capturing ends with the dashboard, because no service reads into this store."""
