"""Facts and intents that cross from one part of the dashboard to another; each is a few values and no behaviour.

Facts are in the past tense, intents imperative. Messages that only one widget emits stand in that widget.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from store.filters.clause import Clause
from store.filters.model import Filter
from tui.header_state import HeaderState


@dataclass
class ShowTab(Message):
    """Show the tab with this number (1 Live, 2 Search, 3 Agents, 4 Alerts, 5 System)."""

    number: int


@dataclass
class RunAction(Message):
    """Run an action of the table, as a click on its hint does; `command` is `Action.command`."""

    command: str


@dataclass
class AddClause(Message):
    """Narrow the list by one more clause, as a click on a value does."""

    clause: Clause


@dataclass
class DropOperand(Message):
    """Take one part out of the filter; `index` counts from 0 in the filter's order."""

    index: int


@dataclass
class ShowEvents(Message):
    """Show the events behind a number: the Search tab with this filter."""

    what: Filter


@dataclass
class ShowNotice(Message):
    """Say something in the state line for a few seconds; plain text, made safe where it is drawn."""

    text: str
    trouble: bool = False


@dataclass
class AddFolder(Message):
    """Ask for a folder to watch; `path` given: add it without asking."""

    path: str | None = None


@dataclass
class RetryFolder(Message):
    """Read a watched folder or file again now."""

    path: str


@dataclass
class CloseDetail(Message):
    """Close the detail pane and give the focus back to the list."""


@dataclass
class HeaderChanged(Message):
    """What every tab bar says at its right has changed."""

    header: HeaderState
