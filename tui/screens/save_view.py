"""Asks for a name, and saves what is shown under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.errors import StoreError
from store.safe_text import safe_text
from store.views import LONGEST_NAME
from tui.widgets.key_line import KeyLine
from tui.widgets.safe_input import SafeInput
from tui.widgets.view_facts import ViewFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from store.service import QueryService
    from store.views import SavedView, ViewActions
    from tui.glyphs import Glyphs
    from tui.shown_view import ShownView

_CANNOT_SAVE: Final = "Views cannot be saved here."


class SaveViewScreen(ModalScreen[str | None]):
    """The answer is the name under which the view has been saved, or None where the dialog was left."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", priority=True, show=False)]

    @dataclass
    class Listed(Message):
        """These views are there already."""

        views: Sequence[SavedView]

    @dataclass
    class Tried(Message):
        """It was tried to save the view; `error` None: it is saved."""

        name: str
        error: str | None

    def __init__(self, service: QueryService, actions: ViewActions | None, shown: ShownView, *, glyphs: Glyphs) -> None:
        """Save `shown` by `actions`; `service` knows which names are taken."""
        super().__init__()
        self._service = service
        self._actions = actions
        self._shown = shown
        self._glyphs = glyphs
        self._taken: dict[str, SavedView] = {}
        self._saving = False

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " save this view "
            with Horizontal(classes="dialog-text"):
                yield Static("> ", markup=False, classes="prompt")
                yield SafeInput(placeholder="a name for it", compact=True, max_length=LONGEST_NAME)
            yield ViewFacts(self._shown)
            yield Static("", markup=False, id="understood")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Give the focus to the text, and find out which names are taken."""
        self.query_one(KeyLine).keys = ((self._glyphs.enter, "save"), ("Esc", "close"))
        self.query_one(ViewFacts).glyphs = self._glyphs
        self.query_one(Input).focus()
        self.run_worker(self._list, thread=True, exit_on_error=False, group="views")

    def _list(self) -> None:
        self.post_message(self.Listed(self._service.saved_views()))

    def on_save_view_screen_listed(self, message: Listed) -> None:
        """Remember them."""
        self._taken = {view.name: view for view in message.views}
        self._explain()

    @on(Input.Changed)
    def _explain(self) -> None:
        """Say what would be replaced."""
        found = self._taken.get(self.query_one(Input).value.strip())
        if found is None:
            self._say("")
        elif found.shipped:
            self._say("It takes the place of the one that comes with auditail, until it is dropped.")
        else:
            self._say(f"It replaces the view of that name: {found.query or 'all events'}")

    def _say(self, text: str, *, trouble: bool = False) -> None:
        line = self.query_one("#understood", Static)
        line.set_class(trouble, "-wrong")
        line.update(safe_text(text))

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        name = message.value.strip()
        if self._actions is None:
            self._say(_CANNOT_SAVE, trouble=True)
        elif not self._saving:
            self._saving = True
            work = partial(self._save, self._actions, self._shown.saved(name))
            self.run_worker(work, thread=True, exit_on_error=False, group="save")

    def _save(self, actions: ViewActions, view: SavedView) -> None:
        try:
            actions.save_view(view)
        except StoreError as error:
            self.post_message(self.Tried(view.name, str(error)))
        else:
            self.post_message(self.Tried(view.name, None))

    def on_save_view_screen_tried(self, message: Tried) -> None:
        """Leave, or say why it is not saved."""
        self._saving = False
        if message.error is None:
            self.dismiss(message.name)
        else:
            self._say(f"Not saved: {message.error}", trouble=True)

    def action_leave(self) -> None:
        """Leave without saving."""
        self.dismiss(None)
