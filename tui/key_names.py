"""How keys are written for people, and what keys mean inside panes and dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.actions import Action

_NAMES: Final = {
    "question_mark": "?",
    "plus": "+",
    "minus": "-",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "slash": "/",
    "apostrophe": "'",
    "space": "Space",
    "escape": "Esc",
    "enter": "Enter",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """Return Textual's name of a key as it stands on the keyboard: `ctrl+g` is `Ctrl+G`, `question_mark` is `?`."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    if modifiers:
        return "+".join([*(modifier.capitalize() for modifier in modifiers), _NAMES.get(last, last.upper())])
    if last in _NAMES:
        return _NAMES[last]
    return last.upper() if len(last) > 1 else last


def keys_of(action: Action) -> str:
    """Return all keys of an action, `End G`."""
    return " ".join(key_name(key) for key in action.keys)


PANE_KEYS: Final = (
    (
        "In the detail",
        (
            ("Tab", "Move between list and detail"),
            ("Left Right", "Fold or unfold a value of the metadata"),
            ("Enter", "Follow the row: more of a text, the events of a request, the other half of a call"),
            ("Esc", "Close the detail"),
        ),
    ),
    (
        "In a thread",
        (
            ("Left Right", "Fold or unfold what a row holds"),
            ("o", "The next wider thread: request, trace, session, joined sessions"),
            ("Tab", "Move between the tree and an open detail"),
            ("m '", "Mark a row, go to the next mark"),
            ("1 2 3 4 5", "Leave it for another tab"),
            ("Esc", "Back to the same row of the list"),
        ),
    ),
    (
        "While typing the filter",
        (
            ("Tab", "Take the offer, or the correction of what is wrong; between two terms, offer every key"),
            ("Up Down", "Choose another offer; without any, bring back an earlier filter"),
            ("Enter", "Take the chosen offer, or show what passes"),
            ("Esc", "Close the offers, then leave the filter as it was"),
        ),
    ),
    (
        "In the facets",
        (
            ("Enter", "Keep the value, or leave it out; once more takes it back"),
            ("Tab", "Switch between keeping and leaving out"),
            ("Left Right", "Show less or more of a group"),
            ("b", "Hide the facets"),
            ("Esc", "Back to the list"),
        ),
    ),
    (
        "In the histogram of a search",
        (
            ("Left Right", "Choose a bar"),
            ("Shift+Left Shift+Right", "Choose more bars, as drawing with the mouse does"),
            ("Enter", "Narrow the search to the chosen time"),
            ("Esc", "Back to the list"),
        ),
    ),
    (
        "In the list of a search",
        (
            ("Esc", "Stop a search that takes long, then a count"),
            ("r", "Search on, or ask a store again that did not answer"),
        ),
    ),
    (
        "In the Agents tab",
        (
            ("Enter", "Open the events behind the number, or those of the row"),
            ("Left Right", "Choose a number of the row"),
            ("b", "Tell apart by the next: agents, users, tenants, tools, servers, models"),
            ("f F", "Keep only the row's value, or leave it out"),
            ("Tab", "Move between table and panel"),
            ("Esc", "Stop a count that takes long, leave the panel, then the number"),
        ),
    ),
    (
        "In the Alerts tab",
        (
            ("Enter", "The events behind an alert in Search; the alerts of an invariant; unfold alerts of one rule"),
            ("Left Right", "Fold or unfold the alerts of one rule"),
            ("Tab", "Move between alerts, muted ones, invariants and evidence"),
            ("f F", "Keep only alerts of the row's rule, or leave them out"),
            ("X", "Every alert, whatever its state; once more only those to be looked at"),
            ("y", "Copy the alert whole as JSON; in the evidence the chosen event"),
            ("v", "A saved view: its events in Search"),
            ("Esc", "Leave the filter or the evidence, back to the alerts"),
        ),
    ),
    (
        "While deciding on an alert",
        (
            ("Up Down", "Another verdict, and from field to field"),
            ("Left Right", "How far it reaches, and until when"),
            ("Tab", "The next field"),
            ("Enter", "Decide; where something is missing go there"),
            ("Esc", "Leave without a decision"),
        ),
    ),
    (
        "In the quarantine",
        (
            ("Tab", "Move between the panes of the System tab"),
            ("Left Right", "Fold or unfold a reason"),
            ("Enter", "Unfold a reason, or show every byte of a record"),
            ("r", "Read again: one record, all of a reason, or all"),
            ("D", "Discard: one record, all of a reason, or all"),
        ),
    ),
    (
        "In saved views",
        (
            ("letters", "Narrow the views"),
            ("Enter", "Show the view"),
            ("D Delete", "Drop one of your own; D while nothing is typed or after an arrow key"),
            ("Esc", "Close without a change"),
        ),
    ),
    (
        "While drafting a rule",
        (
            ("Enter", "Save the rule; on what was found, show it in Search"),
            ("Tab", "Move between title, level and what was found"),
            ("Left Right", "Choose the level"),
            ("Esc", "Stop looking through history, then close without saving"),
        ),
    ),
    (
        "In a picker",
        (
            ("letters", "Narrow the values"),
            ("Enter", "Filter by the value, or by all that were taken"),
            ("Space", "Take several values"),
            ("Tab", "Switch between keeping and leaving out"),
            ("-", "Leave the value out, while nothing is typed or after an arrow key"),
            ("Left Right", "Fold or unfold a group of types, while nothing is typed or after an arrow key"),
            ("Esc", "Close without a change"),
        ),
    ),
)
"""What keys do where they belong to a pane or a dialog instead of to the whole screen."""
