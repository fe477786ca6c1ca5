"""A text input that cannot hold what a terminal would act on: pasted text is written by anyone."""

from __future__ import annotations

from textual.widgets import Input

from store.safe_text import safe_text


class SafeInput(Input):
    """A one-line input whose value is always safe to show."""

    def validate_value(self, value: str) -> str:
        """Make what was typed or pasted visible and harmless."""
        return safe_text(value)
