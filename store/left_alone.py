"""What lies in a named folder and is left alone: no plain files are never read, some finished files have to stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

PassedKind = Literal["link", "pipe", "socket", "device"]
PASSED_KINDS: Final[tuple[PassedKind, ...]] = ("link", "pipe", "socket", "device")
"""In the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What is passed over of one kind, because only plain files are read."""

    kind: PassedKind
    number: int
    example: str
    """Path of one of them below the named folder."""


@dataclass(frozen=True, slots=True)
class Staying:
    """Files that `ingest.after` would delete or move, and that stay for the same reason."""

    reason: str
    """One line that says why, as in `it is not deleted: …`."""
    number: int
    example: str
    """Path of one of them, below the named folder where it lies there."""


def as_passed_over(kind: str, number: int, example: str) -> PassedOver:
    """Return what a row of the store says; a kind that is not known here counts as a device."""
    known: PassedKind = "device"
    for one in PASSED_KINDS:
        if one == kind:
            known = one
    return PassedOver(known, number, example)
