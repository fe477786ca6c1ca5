"""The one table of actions: every entry can be reached, and every key means one thing."""

from __future__ import annotations

import re

import pytest

from tui.actions import ACTIONS, Action, Place, action_named, bindings_of, hint
from tui.app import AuditailApp
from tui.screens.agents import AgentsScreen
from tui.screens.alerts import AlertsScreen
from tui.screens.events_screen import EventsScreen
from tui.screens.live import LiveScreen
from tui.screens.search import SearchScreen
from tui.screens.system import SystemScreen
from tui.widgets.event_list import EventList

OWNERS = {
    Place.APP: AuditailApp,
    Place.EVENTS: EventsScreen,
    Place.LIVE: LiveScreen,
    Place.LIST: EventList,
    Place.SEARCH: SearchScreen,
    Place.AGENTS: AgentsScreen,
    Place.ALERTS: AlertsScreen,
    Place.SYSTEM: SystemScreen,
}
AVOIDED = {"ctrl+s", "ctrl+q", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+e"}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_action_is_a_method_where_it_is_bound(action: Action) -> None:
    name = re.match(r"\w+", action.name)
    assert name is not None
    assert callable(getattr(OWNERS[action.place], f"action_{name.group()}", None))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_action_has_words(action: Action) -> None:
    assert action.label == action.label.strip() != ""
    assert action.help[0].isupper()
    assert not action.help.endswith(".")
    assert action.keys
    assert action.shown


def test_no_key_means_two_things() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))
    assert not AVOIDED & set(keys)


def test_bindings_come_from_the_table() -> None:
    bound = [binding for place in Place for binding in bindings_of(place)]
    assert {binding.action for binding in bound} == {action.name for action in ACTIONS}


def test_an_action_is_found_by_name() -> None:
    assert action_named("quit").keys == ("q",)
    with pytest.raises(KeyError):
        action_named("fly")


def test_a_hint_runs_the_action_and_may_say_it_better() -> None:
    assert hint("newest").command == "screen.newest"
    assert hint("toggle_pause", label="resume").label == "resume"
