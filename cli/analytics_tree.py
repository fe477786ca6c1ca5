"""The tree of `auditail analytics`. What each command does is in `cli.commands.analytics`."""

import typer

from cli.commands import analytics as commands
from cli.commands import analytics_upkeep as upkeep
from cli.query_arguments import QueryCommand


def _group(help_: str, short: str) -> typer.Typer:
    group = typer.Typer(rich_markup_mode=None, help=help_, short_help=short)
    group.callback(invoke_without_command=True)(_help_when_bare)
    return group


def _help_when_bare(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


analytics = _group(
    "See what agents, users, tools and models did: how much, how well, and for how much money.\n\n"
    "Every command tells of the last 30 days unless --since and --before say otherwise, and compares them with the "
    "equally long time before. A query narrows it, as in `auditail analytics tools agent:assistant -server:fs`.",
    "See numbers: usage, failures, costs, budgets.",
)
_agents = _group("Look at agents.", "List agents, show one, or see usage by name.")
_ai = _group("Look at the use of language models.", "See tokens over time.")
_mcp = _group("Look at the use of tools.", "See tool calls over time.")
_content = _group("Look at what became of content.", "See what was read and changed.")

analytics.command("overview", cls=QueryCommand, short_help="Show everything on one page.")(commands.overview)
analytics.add_typer(_agents, name="agents")
analytics.command("tools", cls=QueryCommand, short_help="Show tools: calls, failures, durations.")(commands.tools)
analytics.command("users", cls=QueryCommand, short_help="Show users: what was done for each.")(commands.users)
analytics.command("costs", cls=QueryCommand, short_help="Show what was spent.")(commands.costs)
analytics.command("denials", cls=QueryCommand, short_help="Show who was denied what.")(commands.denials)
analytics.command("budgets", short_help="Show how budgets stand.")(commands.budgets)
analytics.command("reprice", short_help="Compute costs anew after prices have changed.")(upkeep.reprice)
analytics.command("rebuild", short_help="Make the sums anew out of the events.")(upkeep.rebuild)
analytics.add_typer(_ai, name="ai")
analytics.add_typer(_mcp, name="mcp")
analytics.add_typer(_content, name="content")
_agents.command("list", cls=QueryCommand, short_help="List all.")(commands.agents_list)
_agents.command("show", cls=QueryCommand, short_help="Show one whole.")(commands.agents_show)
_agents.command("usage", cls=QueryCommand, short_help="Show usage by user, agent, model, tool …")(commands.agents_usage)
_ai.command("tokens", cls=QueryCommand, short_help="Show tokens by hour, day, week or month.")(commands.tokens)
_mcp.command("calls", cls=QueryCommand, short_help="Show calls by hour, day, week or month.")(commands.calls)
_content.command("stats", cls=QueryCommand, short_help="Show what was read, created, changed.")(commands.content_stats)
