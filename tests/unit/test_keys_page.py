"""The page about keys says what the table of actions says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tui.actions import ACTIONS, Place
from tui.key_names import key_name, keys_of
from tui.widgets.help_lines import blocks

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "keys.md"
BEGINNING: Final = """# Keys

Each key means the same in every tab. `?` shows this page in the dashboard, and `Ctrl+P` finds every action by its name.
Letters are never taken from a text that is being typed.
"""


def page() -> str:
    """Return the page as the actions make it."""
    parts = [BEGINNING]
    for title, rows in blocks():
        body = "\n".join(f"| {' '.join(f'`{key}`' for key in keys.split(' '))} | {text} |" for keys, text in rows)
        parts.append(f"## {title}\n\n| Key | What it does |\n| --- | --- |\n{body}\n")
    return "\n".join(parts)


def test_the_page_is_what_the_actions_make_it() -> None:
    assert PAGE.read_text("utf-8") == page(), "write docs/keys.md anew from tests.unit.test_keys_page.page()"


def test_every_action_is_on_the_page() -> None:
    text = page()
    assert [action.name for action in ACTIONS if action.help not in text] == []


def test_a_key_means_one_thing_in_one_place() -> None:
    for place in Place:
        keys = [key for action in ACTIONS if action.place is place for key in action.keys]
        assert sorted(keys) == sorted(set(keys))


def test_keys_are_written_as_they_stand_on_the_keyboard() -> None:
    assert [key_name(key) for key in ("ctrl+g", "question_mark", "plus", "G", "f1", "enter", "minus")] == [
        "Ctrl+G",
        "?",
        "+",
        "G",
        "F1",
        "Enter",
        "-",
    ]
    newest = next(action for action in ACTIONS if action.name == "newest")
    assert keys_of(newest) == "End G"
