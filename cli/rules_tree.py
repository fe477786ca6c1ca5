"""The tree of `auditail rules`. What each command does is in `cli.commands.rules`."""

import typer

from cli.commands import rules as commands
from cli.commands import rules_test

rules = typer.Typer(
    rich_markup_mode=None,
    help="See what alerts are raised for, check and test rules of your own, and switch rules off and on.\n\n"
    "Rules are files in Sigma's format. Your own are in the folder `rules` beside your settings; one that has the id "
    "of a shipped rule takes its place.",
    short_help="See, check, test and switch rules.",
)


def _help_when_bare(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


rules.callback(invoke_without_command=True)(_help_when_bare)
rules.command("list", short_help="List them.")(commands.list_rules)
rules.command("show", short_help="Show one whole.")(commands.show_rule)
rules.command("check", short_help="Say whether files of rules can be used.")(commands.check)
rules.command("test", short_help="Say what they would have found.")(rules_test.run_test)
rules.command("enable", short_help="Switch rules on.")(commands.enable)
rules.command("disable", short_help="Switch rules off.")(commands.disable)
