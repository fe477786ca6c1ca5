"""One row of the waterfall: the pause before it, its bar, and a word where something went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from store.events import DENIAL, ERROR
from store.threads.step import CALL, REQUEST
from tui.widgets.thread_axis import spoken

if TYPE_CHECKING:
    from store.threads.model import ThreadRow
    from tui.glyphs import Glyphs
    from tui.widgets.thread_axis import Axis

Run = tuple[str, str]
"""Some text and the role that styles it."""

_LEAST_SAID_US: Final = 1_000_000
"""Pauses shorter than this are drawn without a number."""
_ROLES: Final = {CALL: "tool", REQUEST: "model", "agent.response": "model"}
_STATUS_ROLES: Final = {"failure": "error", "denied": "warning", "timeout": "warning"}


def trouble_words(row: ThreadRow) -> tuple[str, str]:
    """Return what went wrong in a word or two, and its role; empty where nothing did."""
    event = row.event
    if event.status == "timeout":
        return "no answer", "warning"
    if event.trouble & DENIAL:
        return "denied", "warning"
    if event.trouble & ERROR:
        return "failed", "error"
    return ("", "") if row.answered else ("no result", "muted")


def waterfall(row: ThreadRow, axis: Axis, glyphs: Glyphs, *, holds: bool) -> list[Run]:
    """Return exactly `axis.width` cells. `holds`: other work than its own result lies within the row."""
    width = axis.width
    if not width:
        return []
    if not row.timed:
        return [(" " * width, "")]
    start = min(int(axis.at(row.start_us)), width - 1)
    bar, role = _bar(row, axis, start, glyphs, holds=holds)
    words, word_role = trouble_words(row)
    after = width - start - len(bar)
    runs = [*_before(row, axis, start, glyphs), (bar, role)]
    if words and len(words) + 1 <= after:
        return [*runs, (" ", ""), (words, word_role), (" " * (after - len(words) - 1), "")]
    if words and start > len(words):
        lead = start - len(words) - 1
        return [(" " * lead, ""), (words, word_role), (" ", ""), (bar, role), (" " * after, "")]
    return [*runs, (" " * after, "")]


def _bar(row: ThreadRow, axis: Axis, start: int, glyphs: Glyphs, *, holds: bool) -> tuple[str, str]:
    trouble, role = trouble_words(row)
    if not trouble or not row.answered:
        role = _STATUS_ROLES.get(row.status or "") or _ROLES.get(row.event.event_type, "other")
    end = axis.at(row.end_us)
    if end - axis.at(row.start_us) < 1:
        return glyphs.tick, role
    cells = max(min(round(end), axis.width) - start, 1)
    return (glyphs.bar_line if holds else glyphs.block) * cells, role


def _before(row: ThreadRow, axis: Axis, start: int, glyphs: Glyphs) -> list[Run]:
    gap = row.gap_us or 0
    first = min(int(axis.at(row.start_us - gap)), start) if gap else start
    if start - first < 1:
        return [(" " * start, "")]
    words = f" {spoken(gap)} " if gap >= _LEAST_SAID_US else ""
    if axis.is_folded(row.start_us):
        lead = start - len(words.lstrip())
        return [(" " * lead, ""), (words.lstrip(), "muted")] if lead >= 0 else [(" " * start, "")]
    room = start - first
    line = words.center(room, glyphs.waiting) if len(words) + 2 <= room else glyphs.waiting * room
    return [(" " * first, ""), (line, "faint")]
