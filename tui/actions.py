"""The one table of what can be done. Key bindings, footer hints, the palette and the help screen all come from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from textual.binding import Binding


class Place(StrEnum):
    """Where an action is bound: the whole program, the tabs with events, one tab's screen, or the list in it.

    A tab may also take single actions of another place, see `bindings_named`.
    """

    APP = "app"
    EVENTS = "events"
    LIVE = "live"
    SEARCH = "search"
    AGENTS = "agents"
    ALERTS = "alerts"
    LIST = "list"
    SYSTEM = "system"

    @property
    def namespace(self) -> str:
        """The namespace that Textual runs its actions in."""
        return self.value if self in (Place.APP, Place.LIST) else "screen"


class Group(StrEnum):
    """The headings of the help screen, in its order."""

    LIVE = "Follow and pause"
    MOVE = "Move"
    FILTER = "Filter"
    SEARCH = "In the tabs Search and Agents"
    LOOK = "Look closer"
    ALERTS = "In the Alerts tab"
    SYSTEM = "In the System tab"
    VIEW = "View"
    PROGRAM = "Program"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done.

    `name` is the Textual action without its namespace, `keys` are Textual's key names, `shown` is how the keys are
    written for people, `label` a verb or two for the footer, `help` a sentence without its full stop.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    label: str
    help: str
    group: Group
    place: Place

    @property
    def command(self) -> str:
        """What `App.run_action` takes. `LIST` actions only make sense with a key under the finger."""
        return f"{self.place.namespace}.{self.name}"


ACTIONS: Final = (
    Action("toggle_pause", ("space",), "Space", "pause", "Pause or resume the live list", Group.LIVE, Place.LIVE),
    Action("newest", ("end", "G"), "End", "catch up", "Go to the newest event and follow", Group.LIVE, Place.EVENTS),
    Action("oldest", ("home", "g"), "Home", "oldest", "Go to the oldest event", Group.MOVE, Place.EVENTS),
    Action("go_to_time", ("ctrl+g",), "Ctrl+G", "go to time", "Go to a time", Group.MOVE, Place.EVENTS),
    Action("cursor(-1)", ("up", "k"), "↑", "up", "Move to the event above", Group.MOVE, Place.LIST),
    Action("cursor(1)", ("down", "j"), "↓", "down", "Move to the event below", Group.MOVE, Place.LIST),
    Action("page(-1)", ("pageup",), "PgUp", "page up", "Move a page up", Group.MOVE, Place.LIST),
    Action("page(1)", ("pagedown",), "PgDn", "page down", "Move a page down", Group.MOVE, Place.LIST),
    Action("trouble(1, 1)", ("e",), "e", "next error", "Go to the next error", Group.MOVE, Place.EVENTS),
    Action("trouble(1, 0)", ("E",), "E", "previous error", "Go to the previous error", Group.MOVE, Place.EVENTS),
    Action("trouble(2, 1)", ("w",), "w", "next denial", "Go to the next denial", Group.MOVE, Place.EVENTS),
    Action("trouble(2, 0)", ("W",), "W", "previous denial", "Go to the previous denial", Group.MOVE, Place.EVENTS),
    Action("next_mark", ("apostrophe",), "'", "next mark", "Go to the next marked event", Group.MOVE, Place.EVENTS),
    Action("pick('agent')", ("a",), "a", "agent", "Filter by agent", Group.FILTER, Place.EVENTS),
    Action("pick('user')", ("u",), "u", "user", "Filter by user", Group.FILTER, Place.EVENTS),
    Action("pick('type')", ("t",), "t", "type", "Filter by type of event", Group.FILTER, Place.EVENTS),
    Action("cell(-1)", ("left",), "←", "cell left", "Choose the cell to the left", Group.FILTER, Place.LIST),
    Action("cell(1)", ("right",), "→", "cell right", "Choose the cell to the right", Group.FILTER, Place.LIST),
    Action("filter_cell(0)", ("f",), "f", "only this", "Keep only the chosen cell's value", Group.FILTER, Place.EVENTS),
    Action(
        "filter_cell(1)", ("F",), "F", "without this", "Leave the chosen cell's value out", Group.FILTER, Place.EVENTS
    ),
    Action("edit_filter", ("slash",), "/", "filter", "Type the filter, with completion", Group.FILTER, Place.EVENTS),
    Action("drop_last", ("x",), "x", "drop", "Drop the last part of the filter", Group.FILTER, Place.EVENTS),
    Action("clear_filter", ("X",), "X", "clear", "Clear the filter", Group.FILTER, Place.EVENTS),
    Action("views", ("v",), "v", "views", "Choose a saved view", Group.FILTER, Place.EVENTS),
    Action("save_view", ("V",), "V", "save view", "Save what is shown as a view", Group.FILTER, Place.EVENTS),
    Action("window(-1)", ("left_square_bracket",), "[", "earlier", "An earlier window", Group.SEARCH, Place.SEARCH),
    Action("window(1)", ("right_square_bracket",), "]", "later", "A later window", Group.SEARCH, Place.SEARCH),
    Action("span(-1)", ("left_curly_bracket",), "{", "shorter", "A shorter window: Agents", Group.SEARCH, Place.AGENTS),
    Action("span(1)", ("right_curly_bracket",), "}", "longer", "A longer window: Agents", Group.SEARCH, Place.AGENTS),
    Action("facets", ("b",), "b", "counts", "Counts by agent, user, type and so on", Group.SEARCH, Place.SEARCH),
    Action("sort", ("s",), "s", "sort", "Sort by time, duration, cost and so on", Group.SEARCH, Place.SEARCH),
    Action("columns", ("c",), "c", "columns", "Choose columns and their order: Search", Group.SEARCH, Place.SEARCH),
    Action("draft", ("R",), "R", "draft rule", "Make a rule of the filter: Search", Group.SEARCH, Place.SEARCH),
    Action("toggle_detail", ("enter",), "↵", "detail", "Open or close the event's detail", Group.LOOK, Place.EVENTS),
    Action("thread", ("o",), "o", "thread", "Follow the thread; in it, widen it", Group.LOOK, Place.EVENTS),
    Action("mark", ("m",), "m", "mark", "Mark the event, or take its mark off", Group.LOOK, Place.EVENTS),
    Action("copy_json", ("y",), "y", "copy JSON", "Copy the event as JSON", Group.LOOK, Place.EVENTS),
    Action("copy_command", ("Y",), "Y", "copy command", "Copy what is shown as a command", Group.LOOK, Place.EVENTS),
    Action("back", ("escape",), "Esc", "back", "Close the detail, then leave the cell", Group.LOOK, Place.EVENTS),
    Action("decide", ("d",), "d", "decide", "Decide: acknowledge, resolve, mute, …", Group.ALERTS, Place.ALERTS),
    Action("undo", ("U",), "U", "undo decision", "Take back the last decision", Group.ALERTS, Place.ALERTS),
    Action("retry", ("r",), "r", "retry", "Read the source or the bad record again", Group.SYSTEM, Place.SYSTEM),
    Action("discard", ("D",), "D", "discard", "Drop bad records, with a reason", Group.SYSTEM, Place.SYSTEM),
    Action("maximise", ("z",), "z", "maximise", "Give the whole screen to this pane", Group.VIEW, Place.APP),
    Action("toggle_utc", ("Z",), "Z", "UTC", "Show times in UTC or in local time", Group.VIEW, Place.APP),
    Action("tab(1)", ("1",), "1", "live", "Live events", Group.VIEW, Place.APP),
    Action("tab(2)", ("2",), "2", "search", "Search in all events", Group.VIEW, Place.APP),
    Action("tab(3)", ("3",), "3", "agents", "Agents, users, tools and models in numbers", Group.VIEW, Place.APP),
    Action("tab(4)", ("4",), "4", "alerts", "Alerts, decisions and invariants", Group.VIEW, Place.APP),
    Action("tab(5)", ("5",), "5", "system", "Sources, quarantine and the store", Group.VIEW, Place.APP),
    Action("add_folder", ("plus",), "+", "add folder", "Watch one more folder", Group.PROGRAM, Place.APP),
    Action("help", ("question_mark", "f1"), "?", "help", "What the keys do", Group.PROGRAM, Place.APP),
    Action("command_palette", ("ctrl+p",), "Ctrl+P", "palette", "Find an action by name", Group.PROGRAM, Place.APP),
    Action("quit", ("q",), "q", "quit", "Leave auditail", Group.PROGRAM, Place.APP),
)
"""Everything that the dashboard can do, in the order of the help screen's groups."""


def bindings_of(place: Place) -> list[Binding]:
    """Return Textual's bindings for one place; `Binding.id` is the action's name."""
    return [_binding(action) for action in ACTIONS if action.place is place]


def bindings_named(*names: str) -> list[Binding]:
    """Return Textual's bindings for single actions: the same keys mean the same on another screen or list."""
    return [_binding(action_named(name)) for name in names]


def _binding(action: Action) -> Binding:
    return Binding(",".join(action.keys), action.name, action.label, key_display=action.shown, show=False)


def action_named(name: str) -> Action:
    """Return the action with that name; raises `KeyError` where the table has none."""
    for action in ACTIONS:
        if action.name == name:
            return action
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Hint:
    """One entry of the footer: keys, a word or two, and the action that a click runs."""

    shown: str
    label: str
    command: str


def hint(name: str, *, label: str | None = None, shown: str | None = None) -> Hint:
    """Return the footer's entry for an action; `label` and `shown` say it better where the moment allows."""
    action = action_named(name)
    return Hint(shown or action.shown, label or action.label, action.command)
