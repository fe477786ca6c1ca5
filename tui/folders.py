"""Watching one more folder: asked for, added in a worker, and told where it went."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tui.messages import ShowNotice

if TYPE_CHECKING:
    from textual.app import App

    from tui.capture import Capture
    from tui.glyphs import Glyphs


class Folders:
    """Adds folders for one app."""

    def __init__(self, app: App[Any], capture: Capture, glyphs: Glyphs) -> None:
        """Have `capture` watch what `app` is asked for."""
        self._app = app
        self._capture = capture
        self._glyphs = glyphs

    def ask(self) -> None:
        """Ask which folder to watch."""
        from tui.screens.add_folder import AddFolderScreen  # noqa: PLC0415 (not needed for the first paint)

        self._app.push_screen(AddFolderScreen(glyphs=self._glyphs), self.watch)

    def add(self, path: str | None) -> None:
        """Watch a folder; None: ask which."""
        if path is None:
            self.ask()
        else:
            self.watch(path)

    def watch(self, path: str | None, said: str = "Watching {}") -> None:
        """Watch a folder; None or nothing: none was given. `said` is what is said of it."""
        if path:
            add = partial(self._add, path, said)
            self._app.run_worker(add, thread=True, exit_on_error=False, group="add_folder")

    def _add(self, path: str, said: str) -> None:
        trouble = self._capture.add_folder(path)
        said = said.format(path) if trouble is None else trouble
        self._app.call_from_thread(self._app.screen.post_message, ShowNotice(said, trouble=trouble is not None))
