"""Figures and how they are printed: plain Markdown tables, so that they can be kept as they are."""

from __future__ import annotations

import os
import platform
import sqlite3
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def middle(values: Sequence[float]) -> float:
    """Return the median; there must be at least one value."""
    return median(values)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value below which `percent` (1 to 99) of the values lie; there must be at least one value."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> list[float]:
    """Return the ratio of each round: what ran in one round ran on the same machine under the same load."""
    return [above / below for above, below in zip(numerators, denominators, strict=True)]


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print one table under its title."""
    widths = [max(len(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    print(f"\n## {title}\n")
    for line in (header, ["-" * width for width in widths], *rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |")


def machine() -> str:
    """Return one line about what all this was measured on."""
    cores = processors()
    return (
        f"{platform.system()} {platform.machine()}, {cores} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def processors() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
