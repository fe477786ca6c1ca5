"""What a service shall run, and what a manager of services has to be able to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

Command = tuple[str, ...]
"""A program and its arguments, to be run without a shell."""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """What shall run, with every path absolute."""

    command: Command
    store: Path
    home: Path
    """Where it runs."""
    environment: dict[str, str] = field(default_factory=dict[str, str])
    """What it needs besides what every service gets."""


class ServiceManager(Protocol):
    """systemd or launchd, as far as one user's service is concerned."""

    @property
    def tool(self) -> str:
        """The program that commands are given to."""
        ...

    @property
    def path(self) -> Path:
        """The file that describes the service."""
        ...

    @property
    def stop_hint(self) -> str:
        """The command by which a person stops the service, and starts it again."""
        ...

    @property
    def log_hint(self) -> str:
        """The command by which a person reads what the service said."""
        ...

    @property
    def farewell(self) -> str:
        """What to say after the service was installed."""
        ...

    def text(self, plan: ServicePlan) -> str:
        """Return the file's whole text, sealed."""
        ...

    def command_in(self, text: str) -> Command:
        """Return the command that a file's text runs; empty: it has none."""
        ...

    def starting(self, *, replacing: bool) -> Sequence[Command]:
        """Return the commands after the file was written; `replacing`: another one was in force."""
        ...

    def clearing(self) -> Sequence[Command]:
        """Return the commands before `starting` that take out what may still be in force; they may fail."""
        ...

    def stopping(self) -> Sequence[Command]:
        """Return the commands before the file is removed."""
        ...

    def forgetting(self) -> Sequence[Command]:
        """Return the commands after it was removed."""
        ...

    def links(self) -> Sequence[Path]:
        """Return the links that `starting` makes the manager create."""
        ...

    def folders(self) -> Sequence[Path]:
        """Return the folders that are there for services alone, the innermost first."""
        ...

    def state(self) -> str | None:
        """Ask the manager how the service is, in a few words; None: it does not answer."""
        ...
