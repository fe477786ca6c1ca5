"""What came of pricing events anew."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ModelChange:
    """What pricing anew means for the events of one model, or for all."""

    changed: int = 0
    """Events whose price is another than before, or known where it was not, or the other way round."""
    before_microusd: int = 0
    after_microusd: int = 0
    """Sums of what is computed; what producers state is no part of it."""
    unknown_before: int = 0
    unknown_after: int = 0
    """Events with tokens and no known price."""

    def add(self, before: int | None, after: int | None, *, unknown_before: bool, unknown_after: bool) -> None:
        """Count one event."""
        self.changed += (before, unknown_before) != (after, unknown_after)
        self.before_microusd += before or 0
        self.after_microusd += after or 0
        self.unknown_before += unknown_before
        self.unknown_after += unknown_after


@dataclass(frozen=True, slots=True)
class Repriced:
    """What pricing anew has done, or would do."""

    looked_at: int
    """Events with tokens whose producers did not state a cost, and all that add to running totals."""
    whole: ModelChange
    by_model: dict[str | None, ModelChange]
    """For each model of theirs; None: no model was stated."""


@dataclass(slots=True)
class Changes:
    """Collects what comes of each event."""

    looked_at: int = 0
    whole: ModelChange = field(default_factory=ModelChange)
    by_model: dict[str | None, ModelChange] = field(default_factory=dict[str | None, ModelChange])

    def add(
        self, model: str | None, before: int | None, after: int | None, *, unknown_before: bool, unknown_after: bool
    ) -> None:
        """Count one event."""
        self.looked_at += 1
        for change in (self.whole, self.by_model.setdefault(model, ModelChange())):
            change.add(before, after, unknown_before=unknown_before, unknown_after=unknown_after)

    def done(self) -> Repriced:
        """Return it."""
        return Repriced(self.looked_at, self.whole, self.by_model)
