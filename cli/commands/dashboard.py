"""The bare `auditail`: the dashboard."""

import os
import sys

import typer


def open_dashboard(context: typer.Context) -> None:
    """Open the dashboard on the folders of --watch, the settings or the store, with the filter of --query."""
    from cli.filtering import parsed
    from cli.loading import no_garbage_expected
    from cli.session import load_settings, root_flags, scope_of, store_path

    flags = root_flags(context)
    wanted = parsed(flags.query or "")
    require_terminal()
    with no_garbage_expected():
        from cli.stage import run_dashboard
        from store.filters.model import Filter
    loaded = load_settings(context)
    path, scope = store_path(loaded), scope_of(loaded)
    from cli.detecting import detection_of
    from cli.kept_queries import kept_queries
    from cli.places import require_paths
    from cli.system_tools import setting_lines
    from config.paths import state_home

    require_paths(flags.watch)
    what = Filter(wanted, utc=loaded.settings.ui.utc)
    history = kept_queries(state_home(os.environ))
    run_dashboard(
        path, loaded.settings, scope, setting_lines(loaded), what, history=history, detection=detection_of(loaded)
    )


def require_terminal() -> None:
    """Check that there is a terminal to show a dashboard on.

    Raises:
        UsageProblem: there is none.
    """
    from cli.problems import UsageProblem

    # Standard error too: it is where the screen is drawn.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageProblem("the dashboard needs a terminal: use `auditail infra logs` in a script or a pipe")
