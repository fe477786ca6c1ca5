"""`auditail service`: capturing without a terminal, by the system's own manager of services."""

import sys
from typing import Annotated

import typer

from cli import options


def install(
    context: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do it without being asked.")] = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Let the system keep reading when no dashboard is open.

    A systemd user unit, or a launchd agent on macOS. The whole file and every command are shown before anything is
    done, and `auditail service uninstall` takes exactly that back. The store and the settings file that hold for this
    command hold for the service.
    """
    from cli.narration import narrate
    from cli.problems import FINDINGS, UsageProblem
    from cli.service.choice import manager_here, require_tool
    from cli.service.lifecycle import Installation
    from cli.service.planning import plan_of, unseen_settings
    from cli.session import load_settings, root_flags, store_path
    from store.claim import service_claims

    loaded = load_settings(context, store=store, config=config)
    manager = manager_here()
    require_tool(manager)
    plan = plan_of(store_path(loaded), config or root_flags(context).config)
    installation = Installation(manager, manager.text(plan))
    if installation.is_there and service_claims(plan.store):
        narrate("this very service is installed and runs already: `auditail service status` says since when")
        return
    for line in installation.shown():
        narrate(line)
    for name in unseen_settings(loaded):
        narrate(f"{name} is set here, and the service will not see it: put the setting into a settings file")
    if not yes:
        if not sys.stdin.isatty():
            raise UsageProblem("there is no terminal to ask on, and nothing was done: add --yes to install it")
        if not typer.confirm("Install it?", err=True):
            narrate("nothing was done")
            raise typer.Exit(FINDINGS)
    installation.carry_out()
    narrate(f"installed and started; {manager.farewell}")


def uninstall() -> None:
    """Stop the service and remove what installing it brought. The store and its events stay."""
    from cli.narration import narrate
    from cli.problems import FINDINGS
    from cli.service.choice import manager_here
    from cli.service.lifecycle import uninstall as take_back

    if not take_back(manager_here(), narrate):
        raise typer.Exit(FINDINGS)


def status(
    context: typer.Context,
    *,
    utc: options.Utc = False,
    store: options.Store = None,
    config: options.Config = None,
) -> None:
    """Say whether the service is installed, whether it runs and since when, and which store it reads into.

    Exits with 1 where it is installed and does not run.
    """
    from cli import stdout
    from cli.problems import FINDINGS
    from cli.service.choice import manager_here
    from cli.service.state import look
    from cli.session import load_settings, store_path

    loaded = load_settings(context, store=store, config=config)
    state = look(manager_here(), store_path(loaded), utc=utc or loaded.settings.ui.utc)
    for line in state.lines:
        stdout.put(line)
    if state.installed and not state.running:
        raise typer.Exit(FINDINGS)


def run(context: typer.Context, *, store: options.Store = None, config: options.Config = None) -> None:
    """Read into the store until told to stop by SIGTERM or Ctrl-C: what an installed service runs.

    It reads the folders that the store knows and those of `ingest.paths`. The scanner of an open dashboard gives way.
    """
    from cli.detecting import detection_of
    from cli.narration import narrate
    from cli.session import load_settings, store_path
    from ingest.standing import run_service
    from ingest.writer.client import WriterLostError
    from store.errors import StoreError
    from store.pricing.choosing import pricer_of

    loaded = load_settings(context, store=store, config=config)
    try:
        pricer, detection = pricer_of(loaded.settings), detection_of(loaded)
        run_service(store_path(loaded), loaded.settings.ingest, narrate, pricer, detection)
    except WriterLostError as error:
        raise StoreError(str(error)) from error
