"""Shipped files (styles, sample data) and the one function that finds them."""

from __future__ import annotations

from assets.locate import find, names

__all__ = ["find", "names"]
