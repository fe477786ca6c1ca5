"""Rows that only add to another one are shown with it: growing usage, and a second source's sight of a call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from store.threads.model import Tokens
from store.threads.step import CALL, RESULT, Step


@dataclass(slots=True)
class Merged:
    """A step with what was merged into it, in time order."""

    step: Step
    sights: list[Step] = field(default_factory=list[Step])

    @property
    def tokens(self) -> Tokens:
        """Its tokens and theirs: each row holds only what no earlier one did."""
        return sum((sight.tokens for sight in self.sights), self.step.tokens)

    @property
    def cost_microusd(self) -> int | None:
        """Its cost and theirs; None where none is stated."""
        costs = [one.cost_microusd for one in (self.step, *self.sights) if one.cost_microusd is not None]
        return sum(costs) if costs else None


def merged(steps: Iterable[Step]) -> list[Merged]:
    """Return the steps in time order, those with counts=0 within the one they add to where that is among them."""
    ordered = sorted(steps, key=lambda step: step.event.id)
    found = [Merged(step) for step in ordered if step.counts]
    by_identity: dict[tuple[str, str], list[Merged]] = {}
    for one in found:
        for identity in _identities(one.step):
            by_identity.setdefault(identity, []).append(one)
    left: list[Merged] = []
    for step in ordered:
        if not step.counts:
            home = _home(step, by_identity)
            if home is None:
                left.append(Merged(step))
            else:
                home.sights.append(step)
    return sorted([*found, *left], key=lambda one: one.step.event.id) if left else found


def _identities(step: Step) -> list[tuple[str, str]]:
    """Return what another row of the same event would share with this one."""
    identities: list[tuple[str, str]] = []
    if step.kind in (CALL, RESULT) and step.call_id is not None:
        identities.append((step.kind, f"call {step.call_id}"))
    if step.span_id is not None:
        identities.append((step.kind, f"span {step.span_id}"))
    return identities


def _home(step: Step, by_identity: dict[tuple[str, str], list[Merged]]) -> Merged | None:
    for identity in _identities(step):
        for one in by_identity.get(identity, ()):
            if one.step.in_one_context(step):
                return one
    return None
