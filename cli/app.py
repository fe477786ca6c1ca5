"""The tree of commands. What each does is in its own file in `cli.commands`."""

from typing import Annotated

import typer

from cli import options
from cli.alerts_tree import alerts
from cli.analytics_tree import analytics
from cli.commands import backup, dashboard, demo, ingest, logs, quarantine, schema, service, status, trust
from cli.query_arguments import QueryCommand
from cli.root import RootGroup
from cli.rules_tree import rules
from cli.session import RootFlags

app = typer.Typer(
    cls=RootGroup,
    name="auditail",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
infra = typer.Typer(
    rich_markup_mode=None,
    help="Look at what a platform's agents did.",
    short_help="Look at what agents did: infra logs.",
)
quarantined = typer.Typer(
    rich_markup_mode=None,
    help="Look at records that could not be read, read them again, or drop them.",
    short_help="Look after unreadable records.",
)

serviced = typer.Typer(
    rich_markup_mode=None,
    help="Keep capturing when no dashboard is open.",
    short_help="Keep capturing when no dashboard is open.",
)


def _version(wanted: bool) -> None:  # noqa: FBT001 (the parser calls it with the value alone)
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"auditail {version('auditail')}")
        except PackageNotFoundError:
            typer.echo("auditail, run from its source without being installed")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    *,
    watch: Annotated[
        list[str] | None,
        typer.Option("--watch", metavar="PATH", help="Watch this folder or file, and remember it. May be repeated."),
    ] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", metavar="QUERY", help="Show only events that match, as in 'has:error since:-1h'."),
    ] = None,
    store: options.Store = None,
    config: options.Config = None,
    tenant: options.Tenant = None,
    version: Annotated[  # noqa: ARG001 (it acts before any command)
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """The audit trail you can tail: what AI agents did, live and kept.

    Without a command this opens the dashboard on the folders of --watch, or else on those it already knows.
    Try it with `auditail demo`. Data goes to standard output and remarks to standard error; the exit code is 0 when
    all is well, 1 when something was found or left out, 2 when the command line or a setting is wrong, and 3 when
    the store cannot be used.
    """
    context.obj = RootFlags(store, config, tenant or [], watch or [], query)
    if context.invoked_subcommand is None:
        dashboard.open_dashboard(context)
    elif watch:
        raise typer.BadParameter("it belongs to the dashboard; use `ingest --follow PATH`", param_hint="--watch")
    elif query is not None:
        raise typer.BadParameter("it belongs to the dashboard; use `infra logs QUERY`", param_hint="--query")


def _help_when_bare(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


infra.callback(invoke_without_command=True)(_help_when_bare)
quarantined.callback(invoke_without_command=True)(_help_when_bare)
serviced.callback(invoke_without_command=True)(_help_when_bare)
infra.command("logs", cls=QueryCommand, short_help="Show stored events.")(logs.logs)
quarantined.command("list", short_help="List them, newest last.")(quarantine.list_entries)
quarantined.command("show", short_help="Show one whole.")(quarantine.show_entry)
quarantined.command("retry", short_help="Read them again.")(quarantine.retry)
quarantined.command("discard", short_help="Drop them, on record.")(quarantine.discard)
serviced.command("install", short_help="Show what it takes, ask, and start it.")(service.install)
serviced.command("uninstall", short_help="Stop it and take it back.")(service.uninstall)
serviced.command("status", short_help="Say whether it runs, and since when.")(service.status)
serviced.command("run", hidden=True)(service.run)
app.command("logs", cls=QueryCommand, short_help="Show stored events (the same as infra logs).")(logs.logs)
app.command("ingest", short_help="Read event files into the store.")(ingest.ingest)
app.add_typer(quarantined, name="quarantine")
app.command("backup", short_help="Copy the store while everything goes on.")(backup.backup)
app.command("restore", short_help="Put a backup in the place of the store.")(backup.restore)
app.add_typer(serviced, name="service")
app.command("status", short_help="Show the scanner, the store, the settings.")(status.status)
app.command("demo", short_help="Try the dashboard on a simulated platform.")(demo.demo)
app.command("schema", short_help="Print the JSON Schema of an event.")(schema.schema)
app.command("trust", short_help="Confirm what a project's settings ask for.")(trust.trust)
app.add_typer(infra, name="infra")
app.add_typer(analytics, name="analytics")
app.add_typer(alerts, name="alerts")
app.add_typer(rules, name="rules")
