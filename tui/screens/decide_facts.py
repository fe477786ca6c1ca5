"""What the decide dialog's worker tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.alerts.model import Decision, DecisionPreview


@dataclass
class Previewed(Message):
    """What a decision would be about was counted; `found` None: it cannot be, `why` says so."""

    question: Decision
    found: DecisionPreview | None
    why: str = ""
