"""Asks which saved view to show; one's own can be dropped here."""

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
from textual.worker import Worker, WorkerState

from store.errors import StoreError
from store.safe_text import safe_text
from tui.shown_view import Offer, matching, offers_of
from tui.widgets.key_line import KeyLine
from tui.widgets.line_view import LineView
from tui.widgets.narrowing_input import NarrowingInput
from tui.widgets.view_list import ViewList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from store.service import QueryService
    from store.views import SavedView, ViewActions
    from tui.glyphs import Glyphs

_MOST_ROWS: Final = 16
_CHROME: Final = 11
"""Rows of the screen besides the list."""
_UNREADABLE: Final = "The views could not be read: close this and press v again."
_SHIPPED: Final = "This view comes with auditail and cannot be dropped. Save one of the same name to replace it."
_CANNOT_DROP: Final = "Views cannot be dropped here."


class ViewsScreen(ModalScreen[Offer | None]):
    """The answer is a view that can be shown, or None where the dialog was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", priority=True, show=False),
        Binding("down", "cursor(1)", priority=True, show=False),
        Binding("pageup", "page(-1)", priority=True, show=False),
        Binding("pagedown", "page(1)", priority=True, show=False),
        Binding("delete", "drop", priority=True, show=False),
        Binding("enter", "take", priority=True, show=False),
        Binding("escape", "leave", priority=True, show=False),
    ]

    @dataclass
    class Listed(Message):
        """The views are there."""

        views: Sequence[SavedView]

    @dataclass
    class Dropped(Message):
        """It was tried to drop a view; `error` None: it is gone."""

        name: str
        error: str | None

    def __init__(self, service: QueryService, actions: ViewActions | None, *, utc: bool, glyphs: Glyphs) -> None:
        """Offer what `service` knows; without `actions` nothing can be dropped."""
        super().__init__()
        self._service = service
        self._actions = actions
        self._utc = utc
        self._glyphs = glyphs
        self._offers: Sequence[Offer] = ()
        self._note = f"{glyphs.pending} reading the views"
        self._dropping: Offer | None = None

    def compose(self) -> ComposeResult:
        """Yield the dialog."""
        with Vertical(classes="dialog -ascii" if self._glyphs.ascii else "dialog") as dialog:
            dialog.border_title = " saved views "
            with Horizontal(classes="dialog-text"):
                yield Static("/ ", markup=False, classes="prompt")
                yield NarrowingInput()
            yield ViewList()
            yield Static("", markup=False, id="understood")
            yield KeyLine(self._glyphs)

    def on_mount(self) -> None:
        """Read the views."""
        self.query_one(ViewList).glyphs = self._glyphs
        self.query_one(Input).focus()
        self._show()
        self._read()

    def _read(self) -> None:
        self.run_worker(self._list, thread=True, exit_on_error=False, group="views")

    def _list(self) -> None:
        self.post_message(self.Listed(self._service.saved_views()))

    def on_views_screen_listed(self, message: Listed) -> None:
        """Show them."""
        self._offers = offers_of(message.views, utc=self._utc)
        self._note = "No view has this in its name or its query."
        self._show()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that the views could not be had."""
        if event.state is WorkerState.ERROR:
            self._note = _UNREADABLE
            self._show()

    def on_resize(self) -> None:
        """Keep the dialog on the screen."""
        self._show()

    @on(Input.Changed)
    def _narrow(self) -> None:
        self.query_one(ViewList).to_top()
        self._show()

    def _show(self) -> None:
        listed = self.query_one(ViewList)
        text = self.query_one(Input).value
        listed.text, listed.note = text, self._note
        listed.offers = matching(self._offers, text)
        listed.styles.height = min(max(len(listed.offers), 1), _MOST_ROWS, max(self.size.height - _CHROME, 1))
        self._explain()

    # What stands below the list.

    def _explain(self) -> None:
        """Say how the view under the cursor is arranged, or why it cannot be shown; nothing is about to be dropped."""
        self._dropping = None
        offer = self.query_one(ViewList).offer
        if offer is None:
            self._say("")
        elif offer.shown is None:
            self._say(f"Cannot be shown: {offer.error}", trouble=True)
        else:
            shown = offer.shown
            self._say(f"columns: {shown.column_words} {self._glyphs.none} sorted {shown.order_words}")
        shows = ((self._glyphs.enter, "show"),) if offer is not None and offer.shown is not None else ()
        drops = (("D", "drop"),) if offer is not None and not offer.view.shipped else ()
        self._show_keys(*shows, *drops, ("Esc", "close"))

    def _say(self, text: str, *, trouble: bool = False) -> None:
        line = self.query_one("#understood", Static)
        line.set_class(trouble, "-wrong")
        line.update(safe_text(text))

    def _show_keys(self, *keys: tuple[str, str]) -> None:
        self.query_one(KeyLine).keys = keys

    # Keys.

    def action_cursor(self, step: int) -> None:
        """Move to the view above or below."""
        self.query_one(NarrowingInput).after_arrow = True
        self.query_one(ViewList).action_cursor(step)
        self._explain()

    def action_page(self, step: int) -> None:
        """Move by a page."""
        self.query_one(NarrowingInput).after_arrow = True
        self.query_one(ViewList).action_page(step)
        self._explain()

    def on_click(self) -> None:
        """Say what is under the cursor now."""
        self._explain()

    @on(LineView.Chosen)
    def action_take(self) -> None:
        """Answer with the view under the cursor, or drop it where that was asked for before."""
        if self._dropping is not None:
            self._drop(self._dropping.view.name)
            return
        offer = self.query_one(ViewList).offer
        if offer is not None and offer.shown is not None:
            self.dismiss(offer)

    @on(NarrowingInput.DropPressed)
    def action_drop(self) -> None:
        """Ask whether to drop the view under the cursor."""
        offer = self.query_one(ViewList).offer
        if offer is None:
            return
        self._explain()
        if offer.view.shipped:
            self._say(_SHIPPED, trouble=True)
        elif self._actions is None:
            self._say(_CANNOT_DROP, trouble=True)
        else:
            self._dropping = offer
            self._say(f'Drop "{offer.view.name}" for good?', trouble=True)
            self._show_keys((self._glyphs.enter, "drop it"), ("Esc", "keep it"))

    def _drop(self, name: str) -> None:
        self._explain()
        if self._actions is not None:
            work = partial(self._delete, self._actions, name)
            self.run_worker(work, thread=True, exit_on_error=False, group="drop")

    def _delete(self, actions: ViewActions, name: str) -> None:
        try:
            actions.delete_view(name)
        except StoreError as error:
            self.post_message(self.Dropped(name, str(error)))
        else:
            self.post_message(self.Dropped(name, None))

    def on_views_screen_dropped(self, message: Dropped) -> None:
        """Show what is left, or why the view is still there."""
        if message.error is not None:
            self._say(f'"{message.name}" is still there: {message.error}', trouble=True)
            return
        self._read()

    def action_leave(self) -> None:
        """Keep the view that was about to be dropped; else leave without an answer."""
        if self._dropping is not None:
            self._explain()
        else:
            self.dismiss(None)
