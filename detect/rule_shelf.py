"""The folder of one's own rules, as somebody who adds to it needs it."""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from config.paths import make_private
from detect.drafts import Draft, NameTakenError
from detect.drafts_made import draft_of
from store.alerts.states import Level
from store.filters.model import Filter

_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_LONGEST: Final = 60
_SUFFIX: Final = ".yml"
_OWNER_ONLY: Final = 0o600


class RuleShelf:
    """Makes rules of filters, and puts them into a folder. Nothing that is there is ever changed."""

    def __init__(self, folder: Path) -> None:
        """Put them into this folder, which is made, for its owner only, when it is needed."""
        self._folder: Final = folder

    def path_for(self, title: str) -> Path:
        """Return the file that a rule of this title comes into."""
        return self._folder / f"{file_stem(title)}{_SUFFIX}"

    def draft(self, what: Filter, rule_id: UUID, *, title: str | None = None, level: Level = Level.MEDIUM) -> Draft:
        """Return the rule that a filter becomes; see `detect.drafts_made.draft_of`.

        Raises:
            NoDraftError: no rule can be made of it.
        """
        return draft_of(what, rule_id, title=title, level=level)

    def save(self, title: str, text: str) -> Path:
        """Put a rule into a file of its own, whole or not at all, and return the file.

        Raises:
            NameTakenError: there is one of that name; it stays as it is.
            OSError: it cannot be written.
        """
        path = self.path_for(title)
        make_private(self._folder)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _OWNER_ONLY)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            # A second name fails where the name is taken, which moving the file would not.
            os.link(draft, path)
        except FileExistsError:
            raise NameTakenError(path) from None
        finally:
            with suppress(OSError):
                draft.unlink()
        return path


def file_stem(title: str) -> str:
    """Return a title as the name of a file: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NO_LETTERS.sub("-", plain).strip("-")[:_LONGEST].rstrip("-") or "rule"
