"""Trust in the settings of a project: what they may not do before a person has confirmed them once.

Whoever clones a repository and starts the program inside it reads that repository's settings. They must not be able
to send the log away or to have it deleted earlier. A confirmation is remembered by path and content, so an edited
file asks again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from config.errors import UnreadableSettingsError
from config.paths import make_private

if TYPE_CHECKING:
    from config.origin import Layer

RETENTION: Final = "logging.retention_days"
EXPORT: Final = "logging.export."


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """What a project's file asks for that needs a person's word."""

    path: Path
    """Absolute path of the file."""
    digest: str
    """SHA-256 of its content, in hexadecimal."""
    wishes: tuple[str, ...]
    """What it would do, each a few words in prose; never empty."""
    keys: frozenset[str]
    """The dotted keys that are held back."""
    confirmed: bool


class TrustedFiles:
    """The files that were confirmed, kept in one small JSON file that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        """Keep the list in `folder`, which is created when something is confirmed."""
        self._file = folder / "trusted.json"

    def knows(self, path: Path, digest: str) -> bool:
        """Return whether this file with this content has been confirmed."""
        return self._read().get(str(path)) == digest

    def add(self, path: Path, digest: str) -> None:
        """Remember a confirmation.

        Raises:
            OSError: it cannot be written.
        """
        self._write(self._read() | {str(path): digest})

    def remove(self, path: Path) -> bool:
        """Take a confirmation back; return whether there was one.

        Raises:
            OSError: it cannot be written.
        """
        known = self._read()
        found = known.pop(str(path), None) is not None
        if found:
            self._write(known)
        return found

    def _read(self) -> dict[str, str]:
        try:
            known: Any = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            # A damaged list confirms nothing, and saying so is better than asking again without a reason.
            raise UnreadableSettingsError(f"cannot read {self._file}: delete it to start afresh") from error
        if not isinstance(known, dict):
            raise UnreadableSettingsError(f"{self._file} is damaged: delete it to start afresh")
        return {str(k): str(v) for k, v in cast("dict[Any, Any]", known).items()}

    def _write(self, known: dict[str, str]) -> None:
        make_private(self._file.parent)
        # mkstemp creates the file for its owner only; the rename leaves the old list or the new, never half of one.
        descriptor, name = tempfile.mkstemp(dir=self._file.parent, prefix=".trusted-")
        with os.fdopen(descriptor, "w") as file:
            json.dump(known, file, indent=2, sort_keys=True)
        Path(name).replace(self._file)


def digest_of(raw: bytes) -> str:
    """Return the hash by which a file's content is remembered."""
    return hashlib.sha256(raw).hexdigest()


def held_back(project: Layer, own: Layer) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return what a project's layer wishes that needs confirming, in prose, and the keys that are held back for it.

    `own` is what the user's own places say, merged; a key that the user sets wins anyway and needs no confirmation.
    Both answers are empty where there is nothing to confirm.
    """
    wishes: list[str] = []
    keys: set[str] = set()
    retention = project.get(RETENTION)
    if retention is not None and retention.value is not None and RETENTION not in own:
        # The user's own word wins, whatever it is; without one, events are kept for ever, and any number is shorter.
        wishes.append(f"delete events after {retention.value} days")
        keys.add(RETENTION)
    export = {key: value for key, value in project.items() if key.startswith(EXPORT) and key not in own}
    destination = export.get(f"{EXPORT}destination")
    enabled = export.get(f"{EXPORT}enabled")
    if destination is not None and destination.value is not None:
        wishes.append(f"export events to {destination.value}")
        keys.update(export)
    elif enabled is not None and enabled.value:
        wishes.append("export events")
        keys.update(export)
    return tuple(wishes), frozenset(keys)
