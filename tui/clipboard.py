"""Copying: to the terminal's clipboard, or to a file where the terminal has none or may not take it."""

from __future__ import annotations

import os
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

MOST: Final = 74_994
"""Bytes of base64 that terminals commonly take in one go; longer texts are cut or ignored without a word."""

_WITHOUT: Final = frozenset({"", "dumb", "linux", "vt100", "vt220"})
_WITHOUT_PROGRAM: Final = frozenset({"Apple_Terminal"})


def takes_clipboard(environ: Mapping[str, str]) -> bool | None:
    """Return whether the terminal takes text for the clipboard; None: a multiplexer stands between that may not."""
    if environ.get("TERM", "") in _WITHOUT or environ.get("TERM_PROGRAM") in _WITHOUT_PROGRAM:
        return False
    return None if environ.get("TMUX") or environ.get("STY") else True


def copy_text(app: App[Any], text: str, *, noun: str, name: str, environ: Mapping[str, str]) -> str:
    """Copy `text`, and return one line that says where it went. `noun` is what it is: `the event as JSON`.

    It is written to a file `name`, which only its owner can read, in a new folder for temporary files wherever it is
    not certain that the terminal takes it.

    Raises:
        OSError: it had to be written to a file and could not be.
    """
    data = text.encode("utf-8", "backslashreplace")
    taken = takes_clipboard(environ) if len(b64encode(data)) <= MOST else False
    if taken is not False:
        app.copy_to_clipboard(data.decode("utf-8"))
    if taken:
        return f"Copied {noun}"
    path = _write(data, name)
    if taken is None:
        return f"Wrote {noun} to {path} and sent it to the clipboard, if tmux or screen lets it through"
    return f"Wrote {noun} to {path}"


def _write(data: bytes, name: str) -> Path:
    path = Path(tempfile.mkdtemp(prefix="auditail-")) / name
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return path
