"""Installing the service and taking it back: shown before it is done, and undone exactly."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cli.problems import UsageProblem
from cli.service.marker import whose
from cli.service.running_tools import ToolFailedError, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cli.service.plan import Command, ServiceManager


class Installation:
    """One service's file, as it is and as it shall be."""

    def __init__(self, manager: ServiceManager, text: str) -> None:
        """Look at what is there.

        Raises:
            UsageProblem: the file is somebody else's, or was changed since it was installed.
        """
        self._manager = manager
        self._text = text
        self._before = own_text(manager)

    @property
    def is_there(self) -> bool:
        """Whether exactly this is installed already."""
        return self._before == self._text

    def shown(self) -> Iterator[str]:
        """Yield what will be done, a line at a time."""
        if self.is_there:
            yield "this service is installed and does not run: it is started again"
        elif self._before is not None:
            former = " ".join(self._manager.command_in(self._before)) or "another command"
            yield f"this replaces the service that runs {former}"
        yield f"{self._manager.path} will be written:"
        yield ""
        yield from (f"    {line}" if line else "" for line in self._text.rstrip("\n").splitlines())
        yield ""
        yield "and these commands will be run:"
        yield ""
        yield from (f"    {' '.join(command)}" for command in (*self._clearing(), *self._starting()))
        yield ""

    def carry_out(self) -> None:
        """Write the file and start the service; where that fails, everything is as it was.

        Raises:
            UsageProblem: the manager refused.
            OSError: the file cannot be written.
        """
        path = self._manager.path
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, self._text)
        _try_all(self._clearing())
        try:
            for command in self._starting():
                run(command)
        except ToolFailedError as error:
            self._undo()
            raise UsageProblem(f"{error}; everything is as it was before") from error

    def _starting(self) -> Sequence[Command]:
        return self._manager.starting(replacing=self._before is not None)

    def _clearing(self) -> Sequence[Command]:
        return () if self._before is None else self._manager.clearing()

    def _undo(self) -> None:
        if self._before is None:
            _try_all(self._manager.stopping())
            _remove(self._manager)
            _try_all(self._manager.forgetting())
        else:
            _write(self._manager.path, self._before)
            _try_all((*self._clearing(), *self._starting()))


def own_text(manager: ServiceManager) -> str | None:
    """Return the text of the installed service; None: there is none.

    Raises:
        UsageProblem: the file is somebody else's, or was changed since it was installed.
    """
    try:
        text = manager.path.read_text("utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None
    except IsADirectoryError as error:
        raise UsageProblem(f"{manager.path} is a folder: move it away, then do this again") from error
    owner = "foreign" if manager.path.is_symlink() else whose(text)
    if owner == "changed":
        raise UsageProblem(
            f"{manager.path} was changed since it was installed and is left alone: delete it yourself, or undo that"
        )
    if owner == "foreign":
        raise UsageProblem(f"{manager.path} was not written by auditail and is left alone: move it away yourself")
    return text


def uninstall(manager: ServiceManager, say: Callable[[str], None]) -> bool:
    """Stop the service and remove what installing it brought; return whether the manager agreed to everything.

    Raises:
        UsageProblem: the file is somebody else's, or was changed since it was installed. Nothing was done.
        OSError: it cannot be removed.
    """
    if own_text(manager) is None:
        say(f"no service is installed: there is no {manager.path}")
        return True
    complaints = _try_all(manager.stopping())
    _remove(manager)
    complaints += _try_all(manager.forgetting())
    for complaint in complaints:
        say(f"auditail: {complaint}")
    say(f"{manager.path} removed; the store and its events stay")
    return not complaints


def _try_all(commands: Sequence[Command]) -> list[str]:
    """Run all of the commands, whatever becomes of each; return what went wrong."""
    complaints: list[str] = []
    for command in commands:
        try:
            run(command)
        except ToolFailedError as error:
            complaints.append(str(error))
    return complaints


def _remove(manager: ServiceManager) -> None:
    """Remove the file, the links to it that are left, and folders for services in which there is nothing any more."""
    folders = list(manager.folders())
    for link in manager.links():
        if link.is_symlink() and link.resolve() == manager.path.resolve():
            link.unlink()
        folders.insert(0, link.parent)
    manager.path.unlink(missing_ok=True)
    for folder in folders:
        with contextlib.suppress(OSError):  # somebody else's units are in it, or it is gone already
            folder.rmdir()


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, "utf-8")
    draft.replace(path)
