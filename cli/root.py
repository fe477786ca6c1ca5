"""The outermost group of commands: it makes a closed pipe a quiet, successful end."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

from cli.stdout import closed_pipe_is_fine


class RootGroup(TyperGroup):
    """Everything a command writes passes through here, help texts included."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Parse the command line; `--help` prints here."""
        with closed_pipe_is_fine():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with closed_pipe_is_fine():
            return super().invoke(ctx)
