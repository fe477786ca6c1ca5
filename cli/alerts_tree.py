"""The tree of `auditail alerts`. What each command does is in `cli.commands.alerts`."""

import typer

from cli.commands import alerts as commands
from cli.query_arguments import QueryCommand

alerts = typer.Typer(
    rich_markup_mode=None,
    help="See what the rules found, decide about it, and take decisions back.\n\n"
    "An alert is one incident: it grows while it goes on. Its states are new, open, seen, resolved, false-positive, "
    "accepted and muted; `auditail alerts list` shows those in which something is still to be done.",
    short_help="See and decide what rules found.",
)


def _help_when_bare(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


alerts.callback(invoke_without_command=True)(_help_when_bare)
alerts.command("list", cls=QueryCommand, short_help="List them, the worst first.")(commands.list_alerts)
alerts.command("show", short_help="Show one whole.")(commands.show_alert)
alerts.command("decide", short_help="Decide about one, or about all like it.")(commands.decide)
alerts.command("undo", short_help="Take a decision back.")(commands.undo)
alerts.command("watch", cls=QueryCommand, short_help="Print them as they open.")(commands.watch)
