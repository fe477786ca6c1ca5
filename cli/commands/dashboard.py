"""The bare `auditail`: the dashboard."""

import sys

import typer


def open_dashboard(context: typer.Context) -> None:
    """Open the dashboard on the folders of --watch, the settings or the store."""
    from cli.loading import no_garbage_expected
    from cli.session import load_settings, root_flags, scope_of, store_path

    require_terminal()
    with no_garbage_expected():
        from cli.stage import run_dashboard
    loaded = load_settings(context)
    path, scope = store_path(loaded), scope_of(loaded)
    from cli.places import require_paths
    from cli.system_tools import setting_lines

    require_paths(root_flags(context).watch)
    run_dashboard(path, loaded.settings, scope, setting_lines(loaded))


def require_terminal() -> None:
    """Check that there is a terminal to show a dashboard on.

    Raises:
        UsageProblem: there is none.
    """
    from cli.problems import UsageProblem

    # Standard error too: it is where the screen is drawn.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise UsageProblem("the dashboard needs a terminal: use `auditail infra logs` in a script or a pipe")
