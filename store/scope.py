"""The tenants that a reader may see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """`tenants` None: everything. Else only events of exactly these tenants; an event without tenant is outside.

    A convenience against mistakes, not a boundary against someone who can read the store's file.
    """

    tenants: tuple[str, ...] | None = None

    @property
    def limited(self) -> bool:
        """Whether anything is out of sight."""
        return self.tenants is not None


EVERYTHING = Scope()
