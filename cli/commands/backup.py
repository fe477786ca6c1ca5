"""`auditail backup` and `auditail restore`: a copy of the store in use, and the way back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import options

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.progress import Progress
    from store.backup import CopyProgress


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Copy the store into one file while everything goes on.

    The copy is of one moment, is checked before it gets its name, and only you can read it. It holds how far every file
    was read, so after `auditail restore` reading goes on from there.
    """
    from cli.narration import narrate
    from cli.problems import UsageProblem
    from cli.progress import Progress
    from cli.session import load_settings, store_path
    from store.backup import BackupError, back_up, refuse_target
    from tui.format import size

    path = store_path(load_settings(context, store=store, config=config))
    try:
        refuse_target(path, file, replace=force)
    except BackupError as error:
        raise UsageProblem(str(error)) from error
    with Progress() as progress:
        written = back_up(path, file, replace=force, on_progress=_shown_on(progress))
    narrate(f"{path} copied to {file}, {size(written)}")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `auditail backup` has written.")],
    *,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Put a backup in the place of the store.

    The backup is checked first, and the present store is kept beside under a name with the date. Nothing may read into
    the store meanwhile: close dashboards and stop the service. What arrived since the backup is read again from its
    files, as far as they are still there, and nothing is stored twice.
    """
    from cli.narration import narrate
    from cli.progress import Progress
    from cli.session import load_settings, store_path
    from cli.wording import counted
    from store.restore import ScannerRunningError
    from store.restore import restore as put_back

    path = store_path(load_settings(context, store=store, config=config))
    try:
        with Progress() as progress:
            done = put_back(file, path, on_progress=_shown_on(progress))
    except ScannerRunningError as error:
        if error.kind == "service":
            from cli.service.choice import manager_here

            narrate(f"to stop it: {manager_here().stop_hint}")
        raise
    narrate(f"{path} restored from {file}, {counted(done.events, 'event')}")
    if done.kept is not None:
        narrate(f"what it was before is kept as {done.kept}: delete it when you no longer need it")
    narrate("what arrived since is read when a dashboard, the service or `auditail ingest` next reads the folders")


def _shown_on(progress: "Progress") -> "Callable[[CopyProgress], None]":
    from tui.format import size

    def show(step: "CopyProgress") -> None:
        if step.doing == "checking":
            progress.show(f"checking the copy, {size(step.total)}")
        else:
            progress.show(f"{size(step.done)} of {size(step.total)} copied")

    return show
