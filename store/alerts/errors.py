"""What is wrong with a decision."""

from __future__ import annotations

from store.errors import StoreError


class DecisionError(StoreError):
    """A decision that cannot be taken as it is; the text says what is missing."""


class NotKeptError(StoreError):
    """What rules found could not be stored as it is; everything else could be."""
